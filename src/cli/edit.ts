import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { DayshiftError, scratchFolder } from '../base/index.ts';
import type { CliIo } from './io.ts';

const below = `
# Write the message of the commit. Lines that begin with # are left out; an empty message commits nothing.
`;

/** Lets the person edit a text in the editor that git uses. Resolves with it without comments; empty where they left nothing. */
export async function edited(text: string, io: CliIo): Promise<string> {
  const folder = await scratchFolder('message');
  try {
    const file = join(folder, 'COMMIT_EDITMSG');
    await writeFile(file, `${text}${below}`, { mode: 0o600 });
    const env = io.env;
    // Asked in that folder: it is nobody's repository.
    const asked = await execa('git', ['var', 'GIT_EDITOR'], { cwd: folder, env, extendEnv: false, reject: false });
    const editor = asked.exitCode === 0 && asked.stdout !== '' ? asked.stdout : 'vi';
    // As git calls it: what is set may be a command with arguments.
    const run = await execa('/bin/sh', ['-c', `${editor} "$@"`, editor, file], {
      ...{ cwd: io.cwd, env, extendEnv: false, reject: false, stdio: 'inherit' },
    });
    if (run.exitCode !== 0)
      throw new DayshiftError('usage', `the editor ended with ${run.exitCode ?? 'a signal'}: nothing was committed`, {
        hint: `it is \`${editor}\`; set GIT_EDITOR to another, or use -m`,
      });
    const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => !line.startsWith('#'));
    return lines.join('\n').trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
