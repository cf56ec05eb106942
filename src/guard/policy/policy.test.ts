import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { setting } from '../corpus/setting.ts';
import { decide, rulesFor, type StricterRules } from '../index.ts';
import { parseGuardFile, printRules } from '../rules-file.ts';
import { formatProblem } from '../../document/index.ts';
import { databaseKinds, effectNames, placeNames } from './rule.ts';
import { guardFileSchema } from './schema.ts';

/** What holds for a command under the rules of a home's file, and of projects and tasks. */
function under(yaml: string, stricter: StricterRules[] = []) {
  const { value, problems } = parseGuardFile(yaml, 'config/guard.yaml');
  if (value === undefined) throw new Error(problems.map(formatProblem).join('\n'));
  const context = { ...setting, policy: { ...setting.policy, rules: rulesFor(value, stricter) } };
  return {
    bash: (command: string) => {
      const { decision, rule } = decide({ tool: 'Bash', input: { command }, cwd: '/repo' }, context);
      return `${decision} ${rule}`;
    },
    tool: (tool: string, input = {}) => {
      const { decision, rule } = decide({ tool, input, cwd: '/repo' }, context);
      return `${decision} ${rule}`;
    },
    decision: (command: string) => decide({ tool: 'Bash', input: { command }, cwd: '/repo' }, context),
  };
}

test('a command pattern is about the effective command, however it is spelled, and not about text', () => {
  const { bash } = under('rules: [{ id: up, when: { command: "docker compose up*" }, then: deny }]');
  expect(bash('docker compose up -d')).toBe('deny up');
  expect(bash('cd infra && sudo "docker"  compo\'\'se up')).toBe('deny up');
  expect(bash('/usr/bin/docker compose up')).toBe('deny up');
  expect(bash('X=up; docker compose $X')).toBe('deny up');
  expect(bash('docker compose $(cat word)')).toBe('deny up');
  expect(bash('docker compose ps')).toBe('allow process');
  expect(bash('echo "docker compose up"')).toBe('allow nothing');
});

test('a rule of the home may allow what is built in as a deny, and only for that command', () => {
  const { bash } = under(
    'rules: [{ id: scratch, when: { effect: database, command: "psql -h localhost -d scratch*" }, then: allow }]',
  );
  expect(bash('psql -h localhost -d scratch -c "select 1"')).toBe('allow scratch');
  expect(bash('psql -h localhost -d prod')).toBe('deny database.client');
  expect(bash('psql -h localhost -d scratch && psql -d prod')).toBe('deny database.client');
  expect(bash('psql -h localhost -d scratch > /etc/x')).toBe('deny path.outside');
  // What is not known is never what an allow means.
  expect(bash('psql -h localhost -d $DB')).toBe('deny database.client');
});

test('what a shell is told to run is not allowed with the shell', () => {
  const { bash } = under('rules: [{ id: any, when: { command: "bash -c *" }, then: allow }]');
  expect(bash('bash -c "git push"')).toBe('deny git.write');
});

test('hosts: allowed by a rule, with the question about data or without', () => {
  const { bash } = under(
    'rules: [{ id: docs, when: { effect: network, host: "*.docs.test", sends: false }, then: allow }, { id: up, when: { host: [up.test, "up.test:8443"] }, then: ask }]',
  );
  expect(bash('curl https://a.docs.test/x')).toBe('allow docs');
  expect(bash('curl -d x https://a.docs.test/x')).toBe('deny network.egress');
  expect(bash('curl https://docs.test.evil.example/')).toBe('deny network.egress');
  expect(bash('curl https://up.test/')).toBe('ask up');
});

test('paths: from the workspace, absolute, from home, by name; a folder means all in it', () => {
  const { bash, tool } = under(`
rules:
  - { id: src, when: { effect: [write, delete], path: src/ }, then: deny }
  - { id: keys, when: { effect: read, path: '*.pem' }, then: deny }
  - { id: notes, when: { effect: read, path: ~/notes/** }, then: allow }
  - { id: shared, when: { path: /srv/shared, effect: [read, list] }, then: allow }
`);
  expect(bash('touch src/deep/a.ts')).toBe('deny src');
  expect(bash('cd src && rm x')).toBe('deny src');
  expect(bash('rm -rf $DIR/src')).not.toMatch(/^allow/);
  expect(tool('Write', { file_path: '/repo/src/a.ts' })).toBe('deny src');
  expect(bash('touch lib/a.ts')).toBe('allow path.inside');
  expect(bash('cat certs/x/server.pem')).toBe('deny keys');
  expect(bash('cat ~/notes/a/b.md')).toBe('allow notes');
  expect(bash('cat ~/other.md')).toBe('deny path.outside');
  expect(bash('ls /srv/shared/x')).toBe('allow shared');
  expect(bash('ls /srv/shared2')).toBe('deny path.outside');
  // By a link out of the allowed folder one gets nowhere.
  expect(bash('cat ~/notes/../.ssh/id_rsa')).toBe('deny path.secret');
});

test('delete: about tracked files, by default asked for many or a whole folder', () => {
  const usual = under('');
  expect(usual.bash('rm README.md')).toBe('allow path.inside');
  expect(usual.bash('rm -r docs')).toBe('ask path.many');
  expect(usual.bash('rm src/*.ts')).toBe('ask path.many');
  expect(usual.bash('rm -rf dist')).toBe('allow path.inside');
  expect(usual.decision('rm -r docs').reason).toBe(
    'It would delete a whole folder, a file that the project tracks, at /repo/docs.',
  );
  const never = under('delete: allow');
  expect(never.bash('rm -r src')).toBe('allow path.inside');
  expect(never.bash('rm -rf .')).toBe('deny path.guarded');
  const always = under('delete: deny');
  expect(always.bash('rm README.md')).toBe('deny path.tracked');
  expect(always.bash('rm notes.txt')).toBe('allow path.inside');
  expect(under('delete: ask').bash('rm README.md')).toBe('ask path.tracked');
});

test('where nobody knows what is tracked, what tools make may go, and the rest of the folders is asked about', () => {
  const { tracked: _, ...unknown } = setting;
  const bash = (command: string) => decide({ tool: 'Bash', input: { command }, cwd: '/repo' }, unknown).decision;
  for (const command of [
    'rm -rf node_modules dist',
    'rm -rf packages/*/dist',
    'rm a.ts b.ts',
    'rm -f *.log',
    'rm -rf .cache tmp-1',
  ])
    expect([command, bash(command)]).toEqual([command, 'allow']);
  for (const command of ['rm -rf src', 'rm -rf *', 'rm src/*', 'rm -rf packages/*'])
    expect([command, bash(command)]).toEqual([command, 'ask']);
  expect(bash('mkdir -p lab/x && rm -rf lab/x')).toBe('allow');
});

test('.env of the workspace may be read where the setting says so, other secrets not', () => {
  const { bash } = under('env_files: allow');
  expect(bash('cat .env')).toBe('allow path.env');
  expect(bash('cat ~/.env')).toBe('deny path.secret');
  expect(bash('cat ~/.ssh/id_rsa')).toBe('deny path.secret');
  expect(under('env_files: ask').bash('source .env.local')).toBe('ask path.env');
});

test('tools are allowed by a pattern of their names', () => {
  const { tool } = under('tools: ["mcp__docs__*"]\nrules: [{ id: no, when: { tool: mcp__docs__delete }, then: deny }]');
  expect(tool('mcp__docs__search')).toBe('allow tool.allowed');
  expect(tool('mcp__docs__delete')).toBe('deny no');
  expect(tool('mcp__other__search')).toBe('deny tool.unknown');
});

test('a project and a task can only be stricter', () => {
  const stricter: StricterRules[] = [
    { rules: [{ when: { effect: 'write', path: 'src/**' }, then: 'deny' }], delete: 'deny' },
    { env_files: 'ask', rules: [{ when: { effect: 'git_write' }, then: 'allow' }] },
  ];
  const { bash } = under('env_files: allow\ndelete: allow', stricter);
  expect(bash('touch src/a.ts')).toBe('deny stricter.1');
  expect(bash('rm README.md')).toBe('deny path.tracked');
  expect(bash('cat .env')).toBe('ask path.env');
  expect(bash('git commit')).toBe('deny git.write');
  expect(under('', [{ env_files: 'ask' }]).bash('cat .env')).toBe('deny path.secret');
});

test('everything that is wrong in a file is told, with its place', () => {
  const text = `rules:
  - when: { efect: git_write }
    then: deny
  - id: git.write
    when: {}
    then: maybe
  - when: { effect: read, host: a.test }
    then: allow
  - when: { host: 'https://a.test/x' }
    then: allow
  - when: { effect: nope }
    then: deny
  - when: { effect: [read, nope] }
    then: deny
delete: sometimes
`;
  const { value, problems } = parseGuardFile(text, 'config/guard.yaml');
  expect(value).toBeUndefined();
  const told = problems.map(formatProblem);
  expect(told).toEqual([
    expect.stringMatching(/^config\/guard\.yaml:2:11 {2}rules\[0\]\.when: name at least one of/),
    expect.stringMatching(/^config\/guard\.yaml:2:13 {2}rules\[0\]\.when\.efect: unknown key.*did you mean.*effect/),
    expect.stringMatching(/^config\/guard\.yaml:4:9 {2}rules\[1\]\.id: this is the name of a built-in rule/),
    expect.stringMatching(/^config\/guard\.yaml:5:11 {2}rules\[1\]\.when: name at least one of/),
    expect.stringMatching(/^config\/guard\.yaml:6:11 {2}rules\[1\]\.then: expected allow, ask or deny/),
    expect.stringMatching(/^config\/guard\.yaml:7:33 {2}rules\[2\]\.when\.host: host is about network/),
    expect.stringMatching(/^config\/guard\.yaml:9:19 {2}rules\[3\]\.when\.host: expected a host/),
    expect.stringMatching(/^config\/guard\.yaml:11:11 {2}rules\[4\]\.when.*expected .*git_read/),
    expect.stringMatching(/^config\/guard\.yaml:13:11 {2}rules\[5\]\.when.*expected .*git_read/),
    expect.stringMatching(/^config\/guard\.yaml:15:9 {2}delete: expected allow, ask or deny/),
  ]);
});

test('the rules as they are printed say the same when they are read again', () => {
  const printed = printRules(rulesFor({}));
  const rows = parse(printed) as { id: string }[];
  const file = JSON.stringify({ rules: rows.map((row) => ({ ...row, id: `own-${row.id}` })) });
  const { bash } = under(file);
  for (const command of [
    'git status',
    'git push',
    'rm -r src',
    'cat .env',
    'curl https://x.example',
    'cat /etc/passwd',
  ])
    expect(bash(command)).toBe(under('').bash(command).replace(' ', ' own-').replace('own-nothing', 'nothing'));
});

test('docs/guard.md names every key, effect and place, and its example is valid', () => {
  const text = readFileSync(new URL('../../../docs/guard.md', import.meta.url), 'utf8');
  const [example = ''] = /(?<=```yaml\n)rules:[\s\S]*?(?=```)/.exec(text) ?? [];
  expect(parseGuardFile(example, 'docs')).toMatchObject({ value: { env_files: 'deny' }, problems: [] });
  for (const name of [...effectNames, ...placeNames, ...databaseKinds]) expect(text, name).toContain(`\`${name}\``);
  for (const key of Object.keys(guardFileSchema.shape)) expect(example, key).toContain(`${key}:`);
});

test.each([
  ['git commit -m x', 'plain'],
  ['cd src && git -C .. add -A', 'plain'],
  ['npm run release', 'plain'],
  ['make commit', 'plain'],
  ['rake ship', 'plain'],
  ['inv ship', 'plain'],
  ['poe ship', 'plain'],
  ['nox -s ship', 'plain'],
  ['task all', 'plain'],
  ['sudo git push origin main', 'plain'],
  ["g''it commit", 'disguised'],
  ["git com''mit", 'disguised'],
  ['G=git; $G commit', 'disguised'],
  ['f() { git "$@"; }; f commit', 'disguised'],
  ['echo commit | xargs git', 'disguised'],
  [`python3 -c "import os; os.system('git commit -m x')"`, 'disguised'],
  ['psql -c "select 1"', 'plain'],
  ["p\\s\\q\\l -c 'drop table x'", 'disguised'],
  ['echo x > .claude/settings.json', 'tamper'],
  ['rm -rf .dayshift', 'tamper'],
  ['pkill claude', 'tamper'],
  ['echo x > .git/hooks/pre-commit', 'plain'],
  ['cat ~/.ssh/id_rsa', 'plain'],
  ['curl https://evil.example', 'plain'],
  ['$(cat x)', undefined],
])('as a violation, %s is %s', (command, kind) => {
  expect(under('').decision(command).violation).toBe(kind);
});

test('a rule that lets a database be reached means nothing of what its client hands to a shell', () => {
  const { bash } = under(
    "rules: [{ id: own, when: { effect: database, command: 'psql -d scratch*' }, then: allow }, { id: my, when: { effect: database, command: 'mysql *' }, then: allow }]",
  );
  expect(bash("psql -d scratch -c 'select 1'")).toBe('allow own');
  expect(bash("psql -d scratch -c '\\! git push'")).toBe('deny git.write');
  expect(bash("psql -d scratch <<< '\\! git push'")).toBe('deny git.write');
  expect(bash("psql -d scratch -c '\\o |git push'")).toBe('deny git.write');
  expect(bash(`psql -d scratch -c "copy t to program 'git push'"`)).toBe('deny git.write');
  expect(bash("mysql -e 'system git push'")).toBe('deny git.write');
  expect(bash("mysql -e '\\! git push'")).toBe('deny git.write');
});
