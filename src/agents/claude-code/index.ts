import { systemClock, type Clock } from '../../base/index.ts';
import type { AgentAdapter } from '../types.ts';
import { identityOf } from './identity.ts';
import { follow } from './follow.ts';
import { prepare, words } from './prepare.ts';
import { resolveCli } from './resolve.ts';
import { keeps } from './transcript.ts';

export interface ClaudeCodeOptions {
  /** `agent.command` of the config: a name on the PATH, or a path. */
  command: string;
  /** The daemon's environment, for PATH and HOME. */
  env: Record<string, string | undefined>;
  /** Default: the system's. */
  clock?: Clock;
}

/** The adapter for Claude Code. Rejects with DayshiftError where the CLI is not installed. */
export async function claudeCode(options: ClaudeCodeOptions): Promise<AgentAdapter> {
  const cli = await resolveCli(options.command, options.env);
  const clock = options.clock ?? systemClock;
  return {
    name: 'claude-code',
    identity: () => identityOf(cli),
    prepare: (input) => prepare(cli, input),
    words,
    follow: (process, output) => follow(process, output, clock),
    keeps: ({ cliDir, sessionId }, messages) => keeps(cliDir, sessionId, messages),
  };
}
