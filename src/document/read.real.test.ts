import { execFileSync } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readText } from './read.ts';

const folder = await mkdtemp(join(tmpdir(), 'dayshift-read-'));
const message = (result: Awaited<ReturnType<typeof readText>>) =>
  'problem' in result ? `${result.problem.line}: ${result.problem.message}` : undefined;

test('a folder, a device and a pipe are refused, and nothing hangs', async () => {
  execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', join(folder, 'pipe')]);
  expect(message(await readText(folder, 'x'))).toMatch(/folder/);
  expect(message(await readText('/dev/zero', 'x'))).toMatch(/not a regular file/);
  expect(message(await readText(join(folder, 'pipe'), 'x'))).toMatch(/not a regular file/);
});
