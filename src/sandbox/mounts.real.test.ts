import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommand } from './run-command.ts';
import { folder, policy, realBubblewrap, until } from './testing.ts';
import type { SandboxPolicy } from './types.ts';

const sandbox = await realBubblewrap();
const run = async (given: SandboxPolicy, command: string) =>
  (await runCommand(sandbox!, given, command, { timeoutMs: 20_000 })).tail;

function put(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}

test.skipIf(sandbox === undefined)('what the host renames over a file that is covered is not seen inside', async () => {
  const dir = folder('host');
  const [work, git] = [join(dir, 'work'), join(dir, 'project/.git')];
  mkdirSync(work);
  for (const name of ['config', 'modules/a/config', 'credentials']) put(join(git, name), 'TOKEN\n');
  put(join(git, 'refs/heads/main'), 'commit\n');
  put(join(dir, 'clean'), 'clean\n');
  const placed = ['config', 'modules/a/config'].map((name) => ({ from: join(dir, 'clean'), to: join(git, name) }));
  const given = policy({ cwd: work, writable: [work], readable: [git], placed, hidden: [join(git, 'credentials')] });
  const names = ['config', 'modules/a/config', 'credentials', 'FETCH_HEAD'].map((name) => `'${join(git, name)}'`);
  const look = `cat ${names.join(' ')} 2>/dev/null`;
  // The shell inside and this test wait for each other by files in the folder that both may write.
  const script = `${look}; touch first; until [ -e second ]; do sleep 0.05; done; ${look}; cat '${git}/refs/heads/main'; touch '${git}/x' 2>&1`;
  const inside = run(given, script);
  await until(() => existsSync(join(work, 'first')));
  for (const name of ['config', 'modules/a/config', 'credentials', 'FETCH_HEAD']) {
    writeFileSync(join(git, `${name}.lock`), 'TOKEN\n');
    renameSync(join(git, `${name}.lock`), join(git, name));
  }
  writeFileSync(join(work, 'second'), '');
  const said = await inside;
  expect(said).not.toContain('TOKEN');
  expect(said.match(/clean/g)).toHaveLength(4);
  expect(said).toContain('commit');
  expect(said).toMatch(/Read-only file system/);
});

test.skipIf(sandbox === undefined)(
  'a folder that holds something protected or hidden cannot be moved away',
  async () => {
    const work = folder('work');
    put(join(work, 'packages/a/.env'), 'SECRET=1\n');
    put(join(work, 'packages/a/index.js'), 'x\n');
    put(join(work, 'data/app.db'), 'orig');
    const given = policy({
      cwd: work,
      writable: [work],
      readable: [join(work, 'data/app.db')],
      hidden: [join(work, 'packages/a/.env')],
    });
    const script = [
      'mv packages/a packages/b',
      'mv packages p2',
      'mv data d2',
      'mkdir -p data packages/b',
      'echo evil > data/app.db',
      // What else is there is the agent's to change.
      'echo y >> packages/a/index.js',
      'echo new > data/other.txt',
      'cat packages/a/.env packages/b/.env p2/a/.env',
    ].join('; ');
    const said = await run(given, script);
    expect(said).not.toContain('SECRET');
    expect(said).toMatch(/busy/);
    expect(readFileSync(join(work, 'data/app.db'), 'utf8')).toBe('orig');
    expect(readFileSync(join(work, 'packages/a/index.js'), 'utf8')).toBe('x\ny\n');
    expect(readFileSync(join(work, 'data/other.txt'), 'utf8')).toBe('new\n');
    expect(await run(given, 'cat packages/*/.env')).not.toContain('SECRET');
  },
);

test.skipIf(sandbox === undefined)('private keys of the machine in /etc are not there', async () => {
  expect(
    await run(
      policy(),
      'ls -A /etc/ssl/private /etc/pki/tls/private 2>/dev/null | grep -v ":$" | grep .; stat -c %a /etc/ssl/private',
    ),
  ).toMatch(/^(?:555\s*|.*cannot stat.*)$/s);
});
