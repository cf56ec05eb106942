import { execFileSync } from 'node:child_process';
import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { newFolder } from '../base/testing.ts';
import { parseTaskList } from '../plan/index.ts';
import { loadHome, loadPlan, projectConfig, projectOf } from './index.ts';
import { planContext } from './load-plan.ts';
import { parseConfig } from './load.ts';
import { configSchema } from './schema.ts';

async function home(config: string, git = false): Promise<string> {
  const path = newFolder('load');
  await mkdir(join(path, 'config'));
  await mkdir(join(path, 'tasks'));
  await writeFile(join(path, 'config', 'dayshift.yaml'), config);
  if (git) execFileSync('git', ['init', '-q', path]);
  return path;
}
const load = (path: string) => loadHome({ home: path, env: {}, cwd: '/' });
const noon = new Date('2026-11-23T12:00:00Z');

test('an empty config is the default one', async () => {
  const { config } = await load(await home(''));
  expect(config).toEqual(configSchema.parse({}));
});

test('everything that is wrong with the config is told at once', async () => {
  const path = await home(`concurency: 3
timezone: Europe/Berln
projects:
  - {name: a, path: ., base: --upload-pack=x, copy: [../secret, /etc], protect: [ok.db]}
  - {name: a, path: ., env: {ANTHROPIC_API_KEY: x, A-B: y}}
schedule:
  - {name: mornin, cron: 5, what: [], missed: late}
  - {name: morning, crn: x, cron: 0 8 * *}
`);
  await expect(load(path)).rejects.toMatchObject({
    kind: 'usage',
    message: [
      'config/dayshift.yaml:1:1  concurency: unknown key: did you mean "concurrency"?',
      'config/dayshift.yaml:2:11  timezone: expected a time zone such as Europe/Berlin, found the string "Europe/Berln": did you mean "Europe/Berlin"?',
      'config/dayshift.yaml:4:30  projects[0].base: expected a branch, tag or commit: none begins with "-"',
      'config/dayshift.yaml:4:54  projects[0].copy[0]: expected a path inside the project, relative to it',
      'config/dayshift.yaml:4:65  projects[0].copy[1]: expected a path inside the project, relative to it',
      'config/dayshift.yaml:5:12  projects[1].name: "a" is also the name of projects[0]',
      'config/dayshift.yaml:5:30  projects[1].env.ANTHROPIC_API_KEY: this name is Dayshift’s own: agents get no key and no other address',
      'config/dayshift.yaml:5:52  projects[1].env.A-B: not a name of the environment: letters, digits and _ only',
      'config/dayshift.yaml:7:26  schedule[0].cron: expected a string, found the number 5: put quotes round it if it is meant',
      'config/dayshift.yaml:7:35  schedule[0].what: expected start, report, rate, digest, clean, pause, resume or stop, found an empty list',
      'config/dayshift.yaml:7:47  schedule[0].missed: expected skip, ask or run_late_until HH:MM, found "late"',
      'config/dayshift.yaml:8:21  schedule[1].crn: unknown key: did you mean "cron"?',
      'config/dayshift.yaml:8:35  schedule[1].cron: no cron expression: expected five fields (minute, hour, day, month, week day), found 4',
    ].join('\n'),
    hint: expect.stringContaining('docs/configuration.md') as string,
  });
});

test('what is wrong with an entry that is there twice by an alias is told once', async () => {
  const path = await home('projects:\n  - &a {name: a, path: ., base: -x, setp: x}\n  - *a\n  - *a\n');
  await expect(load(path)).rejects.toMatchObject({
    message: [
      'config/dayshift.yaml:2:15  projects[1].name: "a" is also the name of projects[0]',
      'config/dayshift.yaml:2:33  projects[0].base: expected a branch, tag or commit: none begins with "-"',
      'config/dayshift.yaml:2:37  projects[0].setp: unknown key: did you mean "setup"?',
    ].join('\n'),
  });
});

test('the rules of the guard are looked at in the same round as the config', async () => {
  const path = await home('concurency: 3\n');
  await writeFile(join(path, 'config', 'guard.yaml'), 'delete: maybe\n');
  await expect(load(path)).rejects.toMatchObject({
    message: [
      'config/dayshift.yaml:1:1  concurency: unknown key: did you mean "concurrency"?',
      'config/guard.yaml:1:9  delete: expected allow, ask or deny, found the string "maybe"',
    ].join('\n'),
    hint: expect.stringMatching(/docs\/configuration.*docs\/guard/) as string,
  });
  await writeFile(join(path, 'config', 'dayshift.yaml'), '');
  await expect(load(path)).rejects.toThrow(/^config\/guard.yaml:1:9 /);
});

test('a config that is no file, not UTF-8 or a bomb is told in words', async () => {
  const path = await home('');
  await writeFile(join(path, 'config', 'dayshift.yaml'), Buffer.from([0x61, 0xff]));
  await expect(load(path)).rejects.toThrow('config/dayshift.yaml:1:1  this is not UTF-8');
  await writeFile(join(path, 'config', 'dayshift.yaml'), '['.repeat(100_000));
  await expect(load(path)).rejects.toThrow(/nested more than 64 levels/);
});

test('a home in no repository can be loaded; only a task that needs a project is refused', async () => {
  const path = await home('');
  const found = await load(path);
  expect(found.projects).toEqual([]);
  expect(() => projectOf(found, 'home')).toThrow(/lies in no git repository/);
  await writeFile(join(path, 'tasks', '2026-11-23.yaml'), 'tasks: [{id: a, name: A}]');
  expect((await loadPlan('2026-11-23', found, noon)).problems[0]?.message).toMatch(/lies in no git repository/);
});

test('project paths are relative to the home, absolute or under ~, and made real; one that is gone is a warning', async () => {
  const path = await home(`projects:
  - {name: here, path: ., base: main, copy: [.env.test], checks: [npm test], env: {PORT: 3000}}
  - {name: mine, path: "~"}
  - {name: gone, path: ../no-such-folder}
  - {name: file, path: config/dayshift.yaml}
`);
  const found = await load(path);
  expect(found.projects).toEqual([
    { name: 'here', path, base: 'main', copy: ['.env.test'] },
    { name: 'mine', path: await realpath(homedir()), copy: [] },
  ]);
  expect(found.warnings).toHaveLength(2);
  expect(found.warnings.join()).toMatch(/project gone: .*no-such-folder does not exist/);
  expect(projectConfig(found, 'here')).toMatchObject({ checks: ['npm test'], env: { PORT: '3000' } });
  expect(() => projectOf(found, 'gone')).toThrow(/does not exist/);
  expect(() => projectOf(found, 'nobody')).toThrow('there is no project nobody');
});

test('the docs name every setting with its default', async () => {
  const text = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| `([a-zA-Z][\w.[\]]*)` \| ([^|]*) \|/gm)].map(([, name = '', fallback = '']) => ({
    name,
    fallback,
  }));
  const settings = leaves(configSchema, '');
  const names = rows.map(({ name }) => name).filter((name) => !/^[A-Z_]+$/.test(name));
  // The language of rules has a page of its own.
  const wanted = new Set([...settings.keys()].map((name) => name.replace(/^(projects\[\]\.guard)\..*/, '$1')));
  expect(names.sort()).toEqual([...wanted].sort());
  for (const { name, fallback } of rows) {
    const value = settings.get(name);
    if (value === undefined) continue;
    expect(fallback.trim(), name).toBe(`\`${typeof value === 'string' ? value : JSON.stringify(value)}\``);
  }
});

test('the examples of the docs are valid', async () => {
  const text = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/```yaml\n(.*?)```/gs)].map((match) => match[1] ?? '');
  expect(blocks).toHaveLength(3);
  for (const block of blocks) {
    const problems = block.startsWith('tasks:')
      ? parseTaskList(block, 'docs', 'recurring', planContext(await load(await home('')), undefined)).problems
      : parseConfig(block, 'docs').problems;
    expect(problems.filter(({ message }) => !message.startsWith('no project'))).toEqual([]);
  }
});

interface Def {
  type: string;
  innerType?: z.ZodType;
  element?: z.ZodType;
  shape?: Record<string, z.ZodType>;
  defaultValue?: unknown;
}

/** Every setting by its dotted name, with its default where it has one; the projects' fields too. */
function leaves(schema: z.ZodType, name: string): Map<string, unknown> {
  let def = schema._zod.def as unknown as Def;
  let fallback: unknown;
  while (def.innerType !== undefined) {
    if (def.type === 'default') fallback = def.defaultValue;
    def = def.innerType._zod.def;
  }
  const element = def.element?._zod.def as unknown as Def | undefined;
  const all = new Map<string, unknown>();
  if (def.shape === undefined) all.set(name, fallback);
  const shape = def.shape ?? element?.shape ?? {};
  const prefix = def.shape === undefined ? `${name}[].` : name === '' ? '' : `${name}.`;
  for (const [key, field] of Object.entries(shape)) {
    for (const [leaf, value] of leaves(field, prefix + key)) all.set(leaf, value);
  }
  return all;
}

test('everything that is wrong with the schedule is told at once, and a built-in name that is nearly right', () => {
  const text = `schedule:
  - { name: moring }
  - { name: a, cron: '61 * * * *', what: report }
  - { name: b, cron: '0 8 * * *' }
  - { name: c, cron: '0 8 * * *', what: dance }
  - { name: d, cron: '0 8 * * *', what: report, missed: perhaps, timezone: Mars/Base }
`;
  const told = parseConfig(text, 'f').problems.map(({ path, message }) => `${path}: ${message}`);
  expect(told.map((line) => line.slice(0, line.indexOf(':')))).toEqual([
    'schedule[0].name',
    'schedule[1].cron',
    'schedule[2].what',
    'schedule[3].what',
    'schedule[4].missed',
    'schedule[4].timezone',
  ]);
  expect(told[0]).toContain('"morning"');
});
