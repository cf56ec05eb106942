import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { readScriptFile } from './script-file.ts';

test('a script is read; a pipe, a device, a folder and what is too large are not, and hold nothing up', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'dayshift-script-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, 'a.sh'), 'echo a\n');
  await execa('mkfifo', [join(dir, 'pipe.sh')]);
  expect(readScriptFile(join(dir, 'a.sh'), 100)).toBe('echo a\n');
  expect(readScriptFile(join(dir, 'a.sh'), 3)).toBeUndefined();
  for (const path of [join(dir, 'pipe.sh'), '/dev/zero', dir, join(dir, 'none')])
    expect(readScriptFile(path, 100)).toBeUndefined();
});
