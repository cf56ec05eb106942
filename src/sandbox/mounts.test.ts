import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planMounts } from './mounts.ts';
import { folder, policy } from './testing.ts';

/** A folder with `files` in it; a name that ends with a slash is a folder. */
function tree(...files: string[]): string {
  const dir = folder('tree');
  for (const file of files) {
    mkdirSync(join(dir, file.endsWith('/') ? file : join(file, '..')), { recursive: true });
    if (!file.endsWith('/')) writeFileSync(join(dir, file), '');
  }
  return dir;
}

test('the deeper path decides, and of the same path the read-only one', () => {
  const dir = tree('project/.git/', 'project/work/.git/', 'project/work/keep/');
  const at = (path: string) => join(dir, path);
  const writable = [at('project/work'), at('project/work/keep')];
  const readable = [at('project/work/.git'), at('project'), at('project/work/keep'), at('missing')];
  expect(planMounts(policy({ writable, readable })).options).toEqual([
    ...['--ro-bind', at('project'), at('project')],
    ...['--bind', at('project/work'), at('project/work')],
    ...['--bind', at('project/work/keep'), at('project/work/keep')],
    ...['--ro-bind', at('project/work/.git'), at('project/work/.git')],
    ...['--ro-bind', at('project/work/keep'), at('project/work/keep')],
  ]);
});

test('placed, hidden and sockets come after folders, in this order', () => {
  const dir = tree('work/', 'work/.env', 'clean', 'door.sock');
  const at = (path: string) => join(dir, path);
  const { options, empties } = planMounts(
    policy({
      writable: [at('work/')],
      placed: [{ from: at('clean'), to: '/etc/x/clean' }],
      hidden: [at('work/.env'), at('work/.env.test'), at('clean')],
      sockets: [{ from: at('door.sock'), to: '/run/door.sock' }],
    }),
  );
  expect(options).toEqual([
    ...['--bind', at('work'), at('work')],
    ...['--ro-bind', at('clean'), '/etc/x/clean'],
    ...['--ro-bind-data', '6', at('work/.env')],
    ...['--ro-bind', at('door.sock'), '/run/door.sock'],
  ]);
  expect(empties).toBe(1);
});

test('a symlink that a person named is bound with what it points to', () => {
  const dir = tree('node-22/');
  symlinkSync(join(dir, 'node-22'), join(dir, 'node'));
  const readable = [join(dir, 'node')];
  expect(planMounts(policy({ readable })).options).toEqual(['--ro-bind', join(dir, 'node-22'), join(dir, 'node')]);
});

test('a symlink in a writable folder protects its target where that is inside, and else opens nothing', () => {
  const dir = tree('work/real/', 'work/.env.shared', 'elsewhere/');
  const at = (path: string) => join(dir, path);
  symlinkSync('real', at('work/.claude'));
  symlinkSync('.env.shared', at('work/.env'));
  symlinkSync('../elsewhere', at('work/out'));
  symlinkSync('../elsewhere', at('work/.env.out'));
  const base = { writable: [at('work')] };
  const bind = ['--bind', at('work'), at('work')];
  const planned = (more: Parameters<typeof policy>[0]) => planMounts(policy({ ...base, ...more })).options;
  expect(planned({ readable: [at('work/.claude')] })).toEqual([...bind, '--ro-bind', at('work/real'), at('work/real')]);
  expect(planned({ hidden: [at('work/.env')] })).toEqual([...bind, '--ro-bind-data', '6', at('work/.env.shared')]);
  expect(planned({ readable: [at('work/out')] })).toEqual(bind);
  expect(planned({ hidden: [at('work/.env.out')] })).toEqual(bind);
  expect(() => planned({ writable: [at('work'), at('work/out')] })).toThrow(/symlink/);
  expect(() => planned({ placed: [{ from: at('work/.env.shared'), to: at('work/out/x') }] })).toThrow(/symlink/);
});

test('paths that are not absolute and normal, the whole root, and missing writable ones are refused', () => {
  const refused = (more: Parameters<typeof policy>[0]) => expect(() => planMounts(policy(more)));
  for (const path of ['a', '/a/../b', '/', '/a\0b', '']) refused({ readable: [path] }).toThrow(/cannot bind/);
  refused({ cwd: '/' }).toThrow(/cannot bind/);
  refused({ writable: ['/no/such'] }).toThrow('/no/such does not exist');
  refused({ placed: [{ from: '/no/such', to: '/x' }] }).toThrow('/no/such does not exist');
});
