import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gitProject, personGit, put } from '../../test/support/git-project.ts';
import { prepareWorkspace, sandboxView } from './index.ts';

test('the git directory is shown read-only, with a config without secrets and commands over the real one', async () => {
  const made = gitProject({ 'a.txt': 'one\n' });
  const secret = 'ghp_0123456789';
  made.git('remote', 'add', 'origin', `https://person:${secret}@example.test/a/b.git?token=${secret}`);
  made.git('remote', 'add', 'fork', 'git@example.test:a/b.git');
  made.git('config', 'branch.main.remote', 'origin');
  const settings: [string, string][] = [
    ['http.https://example.test/.extraheader', `AUTHORIZATION: basic ${secret}`],
    ['http.extraHeader', `Authorization: ${secret}`],
    [`url.https://${secret}@example.test/.insteadOf`, 'https://example.test/'],
    [`remote.https://${secret}@example.test/x.fetch`, 'x'],
    ['credential.helper', `!echo ${secret}`],
    ['include.path', `/home/person/${secret}`],
    ['core.sshCommand', `ssh -i ${secret}`],
    ['alias.x', `!echo ${secret}`],
    ['github.token', secret],
    ['odd."sub\\section.value', secret],
  ];
  for (const [key, value] of settings) made.git('config', key, value);
  made.git('submodule', 'init');
  put(join(made.path, '.git/modules/vendor/lib/HEAD'), 'ref: refs/heads/main\n');
  mkdirSync(join(made.path, '.git/modules/vendor/lib/objects'));
  put(
    join(made.path, '.git/modules/vendor/lib/config'),
    `[remote "origin"]\n\turl = https://${secret}@example.test/\n`,
  );
  put(join(made.path, '.git/credentials'), secret);
  put(join(made.path, '.git/config.bak'), secret);
  put(join(made.path, '.git/git-crypt/keys/default'), secret);
  put(join(made.path, '.git/logs/refs/remotes/origin/HEAD'), `0 0 x clone: from https://x:${secret}@example.test/\n`);
  const ws = await prepareWorkspace(made.project, made.paths());
  const view = await sandboxView(ws);
  const gitDir = join(made.path, '.git');
  expect(view.cwd).toBe(ws.paths.checkout);
  expect(view.readable).toEqual([join(ws.paths.checkout, '.git'), gitDir, join(ws.paths.checkout, '.claude')]);
  expect(view.placed.map(({ to }) => to)).toEqual([join(gitDir, 'config'), join(gitDir, 'modules/vendor/lib/config')]);
  for (const { from } of view.placed) expect(readFileSync(from, 'utf8')).not.toContain(secret);
  expect(view.hidden.toSorted()).toEqual(
    ['config.bak', 'credentials', 'git-crypt/keys/default', 'logs/refs/remotes/origin/HEAD'].map((name) =>
      join(gitDir, name),
    ),
  );
  // Put in its place, git still understands the repository.
  writeFileSync(join(gitDir, 'config'), readFileSync(view.placed[0]!.from));
  expect(personGit(ws.paths.checkout, 'status', '--porcelain')).toBe('');
  expect(made.git('remote', '-v')).toContain('origin\thttps://example.test/a/b.git (fetch)');
  expect(made.git('remote', '-v')).toContain('fork\tgit@example.test:a/b.git (fetch)');
  expect(made.git('config', 'branch.main.remote')).toBe('origin\n');
});

test('borrowed object folders are shown too', async () => {
  const made = gitProject({ 'a.txt': 'one\n' });
  made.git('clone', '-q', '--shared', '.', '../shared');
  const ws = await prepareWorkspace({ ...made.project, path: join(made.dir, 'shared') }, made.paths());
  expect((await sandboxView(ws)).readable).toContain(join(made.path, '.git/objects'));
});

test('an .env of the project is hidden unless `copy:` asked for it', async () => {
  const tracked = gitProject({ '.env': 'A=1\n', 'api/.env': 'B=1\n', '.claude/settings.json': '{}' });
  const ws = await prepareWorkspace({ ...tracked.project, copy: ['api/.env'] }, tracked.paths());
  expect((await sandboxView(ws)).hidden).toEqual([join(ws.paths.checkout, '.env')]);
  const plain = gitProject();
  plain.write('.env', 'A=1\n');
  plain.write('api/.env', 'B=1\n');
  const copy = await prepareWorkspace({ ...plain.project, copy: ['api'] }, plain.paths());
  const view = await sandboxView(copy);
  expect(view.hidden).toEqual([join(copy.paths.checkout, '.env')]);
  expect(view.readable).toEqual([join(copy.paths.checkout, '.claude')]);
  // One that setup or the agent makes is the work's own.
  put(join(ws.paths.checkout, 'web/.env'), 'C=1\n');
  expect((await sandboxView(ws)).hidden).toEqual([join(ws.paths.checkout, '.env')]);
});
