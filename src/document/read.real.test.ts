import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { newFolder } from '../base/testing.ts';
import { readText } from './read.ts';

const folder = newFolder('read', afterAll);
const message = (result: Awaited<ReturnType<typeof readText>>) =>
  'problem' in result ? `${result.problem.line}: ${result.problem.message}` : undefined;

test('a folder, a device and a pipe are refused, and nothing hangs', async () => {
  execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', join(folder, 'pipe')]);
  expect(message(await readText(folder, 'x'))).toMatch(/folder/);
  expect(message(await readText('/dev/zero', 'x'))).toMatch(/not a regular file/);
  expect(message(await readText(join(folder, 'pipe'), 'x'))).toMatch(/not a regular file/);
});
