import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { newFolder } from '../base/testing.ts';
import { openSocketFolder } from './socket-folder.ts';

test('the folder of sockets that a kill left is gone with the next start, whatever else the record says stays', async () => {
  const own = newFolder('sockets');
  const open = async () => {
    const folder = await openSocketFolder({ own });
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    return folder;
  };
  const first = await open();
  expect(statSync(first).mode & 0o777).toBe(0o700);
  writeFileSync(join(first, 'a.sock'), '');
  const second = await open();
  expect(existsSync(first)).toBe(false);
  expect(existsSync(second)).toBe(true);
  expect(readFileSync(join(own, 'sockets'), 'utf8')).toBe(`${second}\n`);

  const precious = join(own, 'precious');
  mkdirSync(precious);
  writeFileSync(join(own, 'sockets'), precious);
  await open();
  expect(existsSync(precious)).toBe(true);
});
