import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { readText } from '../document/index.ts';

/** So many commits are looked at. */
const COMMITS = 400;

/** The files of a project's latest commits, and the lines of its CLAUDE.md. Changes nothing; never throws: what cannot be read is empty. */
export async function projectPast(
  path: string,
  env: Record<string, string | undefined>,
): Promise<{ commits: string[][]; notes: string[]; exists: (file: string) => boolean }> {
  const log = await execa(
    'git',
    [
      ...[
        '-c',
        'core.fsmonitor=false',
        '-c',
        'core.quotePath=false',
        'log',
        `-n${COMMITS}`,
        '--no-merges',
        '--no-renames',
      ],
      ...['--relative', '--name-only', '--no-ext-diff', '--no-show-signature', '--format=%x01', '-z'],
    ],
    {
      cwd: path,
      env: { PATH: env.PATH, HOME: env.HOME, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' },
      ...{ extendEnv: false, stdin: 'ignore', reject: false, timeout: 20_000, maxBuffer: 50_000_000 },
    },
  ).catch(() => undefined);
  const text = log === undefined || typeof log.stdout !== 'string' ? '' : log.stdout;
  const commits = text.split('\u0001').map((part) => part.split(/[\0\n]/).filter((name) => name !== ''));
  return {
    commits: commits.filter(({ length }) => length > 0),
    notes: await notesOf(path),
    exists: (file) => !file.startsWith('/') && !file.includes('..') && existsSync(join(path, file)),
  };
}

async function notesOf(path: string): Promise<string[]> {
  try {
    const read = await readText(join(path, 'CLAUDE.md'), 'CLAUDE.md');
    return 'text' in read ? read.text.split('\n').slice(0, 2000) : [];
  } catch {
    return []; // there is none
  }
}
