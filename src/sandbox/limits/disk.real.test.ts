import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../../base/testing.ts';
import { watchDisk } from './disk.ts';

/** Really on the disk: what only waits for it is counted by no file system. */
function write(file: string, mb: number): void {
  const fd = openSync(file, 'w');
  for (let n = 0; n < mb; n++) writeSync(fd, Buffer.alloc(2 ** 20, n + 1));
  fsyncSync(fd);
  closeSync(fd);
}

test('nobody is ended for what others write, and is for what it writes itself', async () => {
  const root = newFolder('disk');
  const own = join(root, 'own');
  mkdirSync(own);
  write(join(own, 'old'), 30);
  const disk = watchDisk([own], 20);
  expect(await disk.look()).toBeUndefined();
  write(join(root, 'foreign'), 200);
  expect(await disk.look()).toBeUndefined();
  write(join(own, 'new'), 100);
  expect(await disk.look()).toMatch(/its files take 13\d MB, and `sandbox.disk_mb` allows 20/);
});

test('what it writes before it is counted for the first time is its own', async () => {
  const own = newFolder('disk');
  const disk = watchDisk([own], 20);
  expect(await disk.look()).toBeUndefined();
  write(join(own, 'new'), 200);
  expect(await disk.look()).toMatch(/its files take 20\d MB/);
});
