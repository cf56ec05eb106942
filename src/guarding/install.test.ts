import { existsSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../base/testing.ts';
import { backupFile, hooksAreOff, installHook, uninstallHook } from './install.ts';

const command = '/n/node /d/bin.js guard hook || exit 2';

function place(text?: string) {
  const folder = newFolder('guard-install');
  const file = join(folder, 'shop/.claude/settings.local.json');
  mkdirSync(join(folder, 'shop'));
  if (text !== undefined) {
    mkdirSync(join(folder, 'shop/.claude'));
    writeFileSync(file, text, { mode: 0o600 });
  }
  return { folder, where: { file, backups: join(folder, 'state') }, read: () => readFileSync(file, 'utf8') };
}

test('an uninstall gives back exactly what was there, even where that looks as if it were the hook’s', async () => {
  const text = '{\n  "hooks": {\n    "PreToolUse": []\n  }\n}\n';
  const { where, read } = place(text);
  expect(await installHook(where, command)).toBe('installed');
  expect(statSync(where.file).mode & 0o777).toBe(0o600);
  const once = read();
  expect(await installHook(where, command)).toBe('already there');
  expect(read()).toBe(once);
  expect(await installHook(where, `new ${command}`)).toBe('updated');
  expect(await uninstallHook(where)).toBe(true);
  expect(read()).toBe(text);
  expect(existsSync(backupFile(where))).toBe(false);
  expect(await uninstallHook(where)).toBe(false);
});

test('where there was no file there is none again, and what was written since stays', async () => {
  const { folder, where, read } = place();
  await installHook(where, command);
  await uninstallHook(where);
  expect(existsSync(join(folder, 'shop/.claude'))).toBe(false);

  await installHook(where, command);
  writeFileSync(where.file, read().replace('{', '{\n  "permissions": { "allow": ["Bash(ls)"] },'));
  await uninstallHook(where);
  expect(JSON.parse(read())).toEqual({ permissions: { allow: ['Bash(ls)'] } });
});

test('settings that are a link stay one', async () => {
  const { folder, where } = place();
  const real = join(folder, 'dotfiles.json');
  writeFileSync(real, '{ "model": "x" }\n');
  mkdirSync(join(folder, 'shop/.claude'));
  symlinkSync(real, where.file);
  await installHook(where, command);
  expect(lstatSync(where.file).isSymbolicLink()).toBe(true);
  expect(readFileSync(real, 'utf8')).toContain('guard hook');
  await uninstallHook(where);
  expect(readFileSync(real, 'utf8')).toBe('{ "model": "x" }\n');
});

test('settings that cannot be understood are not touched', async () => {
  const { where, read } = place('{ "model": \n');
  await expect(installHook(where, command)).rejects.toMatchObject({ kind: 'usage', hint: /nothing was changed/ });
  expect(read()).toBe('{ "model": \n');
  expect(await hooksAreOff(place('{ "disableAllHooks": true }').where)).toBe('disableAllHooks');
  expect(await hooksAreOff(place().where)).toBeUndefined();
});
