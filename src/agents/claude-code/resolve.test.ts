import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DayshiftError } from '../../base/index.ts';
import { resolveCli } from './resolve.ts';

let root = '';

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'dayshift-resolve-')));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function file(path: string, content: string, mode = 0o755): Promise<string> {
  const full = join(root, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, content);
  await chmod(full, mode);
  return full;
}

const NATIVE = '\x7fELF and so on';

test('a name is looked up on the PATH and followed to the real binary', async () => {
  const real = await file('lib/claude-code/bin/claude.exe', NATIVE);
  await mkdir(join(root, 'bin/claude'), { recursive: true });
  await mkdir(join(root, 'bin2'));
  await symlink(real, join(root, 'bin2/claude'));
  const PATH = `relative:${join(root, 'none')}:${join(root, 'bin')}:${join(root, 'bin2')}`;
  expect(await resolveCli('claude', { PATH })).toEqual({ file: real, readable: [real] });
});

test('a package without its install script leads to the platform package beside it', async () => {
  const stub = await file('m/@anthropic-ai/claude-code/bin/claude.exe', '#!/bin/sh\nexit 1\n');
  const platform = `claude-code-${process.platform}-${process.arch}`;
  const real = await file(`m/@anthropic-ai/${platform}/claude`, NATIVE);
  expect(await resolveCli(stub, {})).toEqual({ file: real, readable: [real] });
});

test('a wrapper of the person’s own is taken as it is, with its folder', async () => {
  const own = await file('tools/my-claude', '#!/bin/sh\nexec claude "$@"\n');
  expect(await resolveCli('~/tools/my-claude', { HOME: root })).toEqual({ file: own, readable: [dirname(own)] });
});

test('a missing CLI is said with what to do', async () => {
  await file('bin/claude', NATIVE, 0o644);
  const failed: unknown = await resolveCli('claude', { PATH: join(root, 'bin'), HOME: root }).catch(
    (error: unknown) => error,
  );
  // Root may run nothing that has no execute bit either.
  expect(failed).toBeInstanceOf(DayshiftError);
  expect((failed as DayshiftError).hint).toContain('npm i -g @anthropic-ai/claude-code');
});
