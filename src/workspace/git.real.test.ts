import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { newFolder } from '../base/testing.ts';
import { git } from './git.ts';

afterEach(() => vi.unstubAllEnvs());

/** A git that does this. */
function standIn(script: string): string {
  const folder = newFolder('git');
  const file = join(folder, 'git');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env.PATH ?? ''}`);
  return folder;
}

test('a git that was ended for its time is an error, also where it says that all is well', async () => {
  const cwd = standIn(`trap 'exit 0' TERM; echo half; while :; do sleep 0.02; done`);
  await expect(git(['log'], { cwd, timeoutMs: 300 })).rejects.toThrow('git log took too long');
});

test('its exit code, its words and what it printed are told; a secret in a URL is not', async () => {
  const cwd = standIn(`printf 'one\\0two'; echo 'no such thing: https://user:word@host.example/x' >&2; exit 7`);
  const { code, stdout } = await git(['show'], { cwd, ok: [7] });
  expect({ code, out: stdout.toString() }).toEqual({ code: 7, out: 'one\0two' });
  await expect(git(['show'], { cwd })).rejects.toThrow(
    'git show ended with 7: no such thing: https://***@host.example/x',
  );
});

test('where git is not there, or the folder is not, it is said what to look at', async () => {
  await expect(git(['status'], { cwd: '/no/such/folder' })).rejects.toThrow(
    'git could not be started in /no/such/folder',
  );
});
