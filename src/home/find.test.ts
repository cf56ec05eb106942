import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../base/testing.ts';
import { findHome } from './index.ts';

const folder = () => newFolder('home');

async function home(path: string): Promise<string> {
  await mkdir(join(path, 'config'), { recursive: true });
  await writeFile(join(path, 'config', 'dayshift.yaml'), '');
  return path;
}

test('--home wins over DAYSHIFT_HOME, and that over the nearest folder upwards', async () => {
  const root = folder();
  const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((name) => home(join(root, name))));
  const cwd = join(c!, 'deep', 'er');
  await mkdir(cwd, { recursive: true });
  const env = { DAYSHIFT_HOME: b };
  expect((await findHome({ home: a, env, cwd })).home).toBe(a);
  expect((await findHome({ home: '../../../a', env, cwd })).home).toBe(a);
  expect((await findHome({ env, cwd })).home).toBe(b);
  expect((await findHome({ env: { DAYSHIFT_HOME: '' }, cwd })).home).toBe(c);
});

test('two ways to a home are one home', async () => {
  const root = folder();
  await home(join(root, 'real'));
  await symlink(join(root, 'real'), join(root, 'link'));
  expect((await findHome({ home: join(root, 'link'), env: {}, cwd: '/' })).home).toBe(join(root, 'real'));
  expect((await findHome({ env: {}, cwd: join(root, 'link') })).home).toBe(join(root, 'real'));
});

test('without a home the error says how to make one', async () => {
  const root = folder();
  await expect(findHome({ env: {}, cwd: root })).rejects.toMatchObject({ kind: 'usage', hint: /dayshift init/ });
  await expect(findHome({ home: root, env: {}, cwd: '/' })).rejects.toMatchObject({
    kind: 'usage',
    message: `${root} (from --home) is no home: it has no config/dayshift.yaml`,
    hint: /dayshift init/,
  });
  await expect(findHome({ env: { DAYSHIFT_HOME: '/no/such' }, cwd: root })).rejects.toThrow(/from DAYSHIFT_HOME/);
});

test('a home that cannot be looked at is named, not to be made anew', async () => {
  const root = folder();
  // A link to itself stands for a folder without rights, which root does not know.
  await symlink('config', join(root, 'config'));
  const hint = new RegExp(`^${root}/config/dayshift\\.yaml cannot be looked at: ELOOP`);
  await expect(findHome({ env: {}, cwd: root })).rejects.toMatchObject({ hint });
  await expect(findHome({ home: root, env: {}, cwd: '/' })).rejects.toMatchObject({ hint });
  const inside = await home(join(root, 'inside'));
  expect((await findHome({ env: {}, cwd: inside })).home).toBe(inside);
});
