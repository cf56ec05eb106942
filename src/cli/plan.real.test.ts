import { execFileSync } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../base/testing.ts';
import { call as callCli } from './testing.ts';

const call = (cwd: string, argv: string[]) => callCli(argv, { cwd });

async function newHome(): Promise<string> {
  const home = newFolder('cli');
  execFileSync('git', ['init', '-q', home]);
  expect((await call('/', ['init', home])).code).toBe(0);
  return home;
}

test('a home is made, then its example is shown', async () => {
  const home = await newHome();
  const { code, out, err } = await call(home, ['plan', 'tasks/example.yaml']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('2 tasks, up to 3 at the same time');
  expect(out).toContain('Pays: nobody');
  expect(out.replaceAll(/\s+/g, ' ')).toContain('project home has no commit yet: each task works on a copy of it');
  expect(out).toContain('test -f docs/NEW_DOC.md');
});

test('init a second time keeps everything', async () => {
  const home = await newHome();
  const { code, out } = await call(home, ['init', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ home, made: [] });
});

test('an invalid file is exit code 2, with every error', async () => {
  const home = await newHome();
  await writeFile(join(home, 'tasks', '2026-11-23.yaml'), 'date: 2026-11-24\ntasks:\n  - id: a\n    nme: A\n');
  const { code, out, err } = await call('/', ['--home', home, 'plan', '2026-11-23']);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err.split('\n').slice(0, 3)).toEqual([
    'tasks/2026-11-23.yaml:1:7  date: the file is named 2026-11-23: expected that day, found 2026-11-24',
    'tasks/2026-11-23.yaml:3:5  tasks[0].name: missing: what it is about, in one line',
    'tasks/2026-11-23.yaml:4:5  tasks[0].nme: unknown key: did you mean "name"?',
  ]);
  const json = await call(home, ['plan', '2026-11-23', '--json']);
  expect(json.code).toBe(2);
  expect(JSON.parse(json.out)).toMatchObject({ file: 'tasks/2026-11-23.yaml', problems: [{ line: 1 }, {}, {}] });
});

test('as JSON it is data, with who pays and no key', async () => {
  const home = await newHome();
  await writeFile(join(home, '.env'), 'ANTHROPIC_API_KEY=sk-ant-REDACTED-123456789\n');
  await chmod(join(home, '.env'), 0o600);
  const { code, out } = await call(home, ['plan', 'tasks/example.yaml', '--json']);
  expect(code).toBe(0);
  expect(out).not.toContain('REDACTED');
  const view = JSON.parse(out) as { payer: string; warnings: string[]; tasks: { id: string }[] };
  expect(view.payer).toMatch(/API key \(ANTHROPIC_API_KEY, ends in …6789\)/);
  expect(view.warnings).toContain('ANTHROPIC_API_KEY is taken from the .env of the home');
  expect(view.tasks.map(({ id }) => id)).toEqual(['task-001', 'task-002']);
});

test('without a home it says how to make one', async () => {
  const { code, err } = await call('/', ['plan']);
  expect(code).toBe(2);
  expect(err).toContain('dayshift init');
});

test('prices that would keep the day from starting are told by its plan too', async () => {
  const home = await newHome();
  await writeFile(join(home, 'config', 'pricing.yaml'), 'models: [');
  const { code, out, err } = await call(home, ['plan', 'tasks/example.yaml']);
  expect(code).toBe(2);
  expect(err).toMatch(/^config\/pricing\.yaml:1:/);
  expect(out).toContain('! config/pricing.yaml:1:');
});
