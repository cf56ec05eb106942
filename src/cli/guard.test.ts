import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { newFolder } from '../base/testing.ts';
import { call } from './testing.ts';

test('guard check needs no home and no folder that exists, and exits 0 whatever it reads', async () => {
  const stdin = () => Readable.from(['git push\ncurl https://api.example.test/x\ncat ~/notes\n']);
  const where = ['--workspace', '/nowhere/repo', '--cwd', '/nowhere/repo/src', '--home', '/nowhere/u'];
  const { code, out, err } = await call(['guard', 'check', ...where, '--egress', 'api.example.test, b.test'], {
    stdin,
    cwd: newFolder('cli'),
  });
  expect(code).toBe(0);
  expect(err).toContain('--workspace /nowhere/repo is not there');
  const lines = out.split('\n').slice(0, -1);
  expect(lines.map((line) => (JSON.parse(line) as { decision: string }).decision)).toEqual(['deny', 'allow', 'deny']);
  expect(out).toContain('/nowhere/u/notes');
});

test('guard explain shows the steps from the text to the decision, for people and as data', async () => {
  const where = ['--workspace', '/nowhere/repo', '--home', '/nowhere/u'];
  const cwd = newFolder('cli');
  const { code, out } = await call(['guard', 'explain', 'G=git; cd src && $G push > /etc/x', ...where], { cwd });
  expect(code).toBe(0);
  for (const text of ['list joined by &&', 'command: $G push', 'git_write', 'path.outside'])
    expect(out).toContain(text);
  expect(out).toMatch(/git push +in \/nowhere\/repo\/src/);
  expect(out).toMatch(/Decision {2}deny by git\.write\n[^\n]+\n {2}Instead: Leave/);
  const json = await call(['guard', 'explain', 'npm test', '--json', ...where], { cwd });
  expect(JSON.parse(json.out)).toMatchObject({ command: 'npm test', decision: { decision: 'allow' } });
});

test('rules of a file, or of the home around, are in force; a bad file is refused with its places', async () => {
  const cwd = newFolder('cli');
  await writeFile(join(cwd, 'own.yaml'), 'rules: [{ id: no-make, when: { command: "make*" }, then: ask }]\n');
  const named = await call(['guard', 'explain', 'make all', '--rules', 'own.yaml'], { cwd });
  expect(named.out).toContain('Decision  ask by no-make');
  expect((await call(['guard', 'rules', '--rules', 'own.yaml'], { cwd })).out).toMatch(
    /^# config[^]*id: no-make[^]*id: git\.write/,
  );

  await mkdir(join(cwd, 'config'));
  await writeFile(join(cwd, 'config/dayshift.yaml'), '');
  await writeFile(join(cwd, 'config/guard.yaml'), 'rules: [{ when: {}, then: no }]\n');
  const bad = await call(['guard', 'check'], { cwd });
  expect([bad.code, bad.out]).toEqual([2, '']);
  expect(bad.err).toMatch(/config\/guard\.yaml:1:17 {2}rules\[0\]\.when: name at least one/);
  expect((await call(['guard', 'rules', '--rules', 'none.yaml'], { cwd })).err).toContain('none.yaml is not there');
});

test('guard test judges the built-in cases and one’s own, and names those that are judged otherwise', async () => {
  const cwd = newFolder('cli');
  const own = async (text: string, ...more: string[]) => {
    await writeFile(join(cwd, 'cases.yaml'), text);
    return call(['guard', 'test', '--own', 'cases.yaml', ...more], { cwd });
  };
  expect((await call(['guard', 'test'], { cwd })).out).toMatch(/^built-in: \d{4,} cases, all judged as expected\n$/);
  const cases = `workspace: /shop
egress: [api.example.com]
files: { package.json: '{ "scripts": { "release": "git push" } }' }
cases:
  - { command: npm run release, expect: deny, rule: git.write }
  - { command: cat package.json, cwd: src/.., expect: allow }
  - { tool: WebFetch, input: { url: "https://api.example.com/" }, expect: allow }
`;
  expect(await own(cases)).toMatchObject({ code: 0, out: 'cases.yaml: 3 cases, all judged as expected\n' });
  const wrong = await own('- { command: make all, expect: deny }\n- { command: git push, expect: deny, rule: x }\n');
  expect(wrong.code).toBe(1);
  expect(wrong.out).toMatch(/cases\.yaml:1:3 {2}make all\n {4}expected deny, found allow by \S+\n/);
  expect(wrong.out).toMatch(
    /cases\.yaml:2:3 {2}git push\n {4}expected deny by x \(no rule is called so[^)]+\), found deny by git\.write\n/,
  );
  await writeFile(join(cwd, 'own.yaml'), 'rules: [{ id: no-make, when: { command: "make*" }, then: deny }]\n');
  expect((await own('[{ command: make all, expect: deny }]', '--rules', 'own.yaml')).code).toBe(0);
  const bad = await own('cases:\n  - { command: x, tool: y, expect: dney }\n');
  expect(bad).toMatchObject({ code: 2, out: '' });
  expect(bad.err).toContain('cases.yaml:2:');
  expect((await call(['guard', 'test', 'none.yaml'], { cwd })).err).toContain('none.yaml is not there');
});

test('the program’s --home names the home whose rules count; behind `guard` it is HOME as commands see it', async () => {
  const home = newFolder('cli');
  const cwd = newFolder('cli');
  await mkdir(join(home, 'config'));
  await writeFile(join(home, 'config/dayshift.yaml'), 'projects: []\n');
  await writeFile(join(home, 'config/guard.yaml'), "rules: [{ id: own, when: { command: 'ls*' }, then: deny }]\n");
  await writeFile(join(home, 'config/guard-cases.yaml'), '- { command: ls, expect: allow }\n');
  const stdin = () => Readable.from(['ls\nls ~/x\n']);
  const rules = async (...args: string[]) =>
    (await call(args, { cwd, stdin })).out
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as { rule: string }).rule]));
  expect(await rules('--home', home, 'guard', 'check')).toEqual(['own', 'own']);
  expect(await rules('guard', 'check', '--home', '/nowhere/u')).toEqual(['path.inside', 'path.outside']);
  expect((await call(['--home', home, 'guard', 'test', '--own'], { cwd })).code).toBe(1);
  expect((await call(['guard', 'test', '--own'], { cwd })).code).toBe(2);
  expect((await call(['--home', cwd, 'guard', 'rules'], { cwd })).code).toBe(2);
});

test.each(['npm', 'https://foo.com/bar', '203.0.113.1', 'http://x y'])(
  '--egress %s is no host, and an error',
  async (host) => {
    const { code, err } = await call(['guard', 'check', '--egress', `a.example,${host}`], { cwd: newFolder('cli') });
    expect(code).toBe(2);
    expect(err).toContain(host);
  },
);
