import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DayshiftError, messageOf } from '../../base/index.ts';
import type { AttemptInput, Launch, Prepared } from '../types.ts';
import { commandArguments } from './arguments.ts';
import { environment } from './environment.ts';
import type { ResolvedCli } from './resolve.ts';
import { MANAGED_SETTINGS_PATH, managedSettings, settings } from './settings.ts';
import { transcriptsOf } from './transcript.ts';

/** Writes the files of an attempt and says what to start. */
export async function prepare(cli: ResolvedCli, input: AttemptInput): Promise<Prepared> {
  const settingsFile = join(input.ownDir, 'settings.json');
  const systemPromptFile = input.systemPrompt === '' ? undefined : join(input.ownDir, 'system-prompt.md');
  const managedFile = join(input.ownDir, 'managed-settings.json');
  try {
    await mkdir(input.ownDir, { recursive: true });
    await mkdir(input.cliDir, { recursive: true });
    await writeFile(settingsFile, settings(input.doorPort, input.doorToken !== undefined));
    await writeFile(managedFile, managedSettings());
    if (systemPromptFile !== undefined) await writeFile(systemPromptFile, input.systemPrompt);
  } catch (error) {
    throw new DayshiftError('environment', `the agent's settings could not be written: ${messageOf(error)}`, {
      cause: error,
      hint: 'look at the free space and the permissions of agent_workspaces/',
    });
  }
  // A start whose session is there already comes from a daemon that died: the CLI would refuse the id.
  const known = input.launch.mode !== 'start' || (await transcriptsOf(input.cliDir, input.sessionId)).length > 0;
  return {
    policy: {
      readable: [...cli.readable, settingsFile, ...(systemPromptFile === undefined ? [] : [systemPromptFile])],
      placed: process.platform === 'linux' ? [{ from: managedFile, to: MANAGED_SETTINGS_PATH }] : [],
      env: environment(input),
    },
    command: [
      cli.file,
      ...commandArguments(input, { settingsFile, systemPromptFile, known, prompt: input.launch.mode !== 'resume' }),
    ],
  };
}

/** As text the CLI would wait for a prompt for three seconds and no more. */
export function words(launch: Launch): string {
  if (launch.mode === 'resume') return '';
  return `${JSON.stringify({ type: 'user', message: { role: 'user', content: launch.prompt } })}\n`;
}
