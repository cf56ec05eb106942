import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gitProject, picture, put } from '../../test/support/git-project.ts';
import { prepareWorkspace } from '../workspace/index.ts';
import { cloneProject } from './clone-project.ts';

test('a clone for a rehearsal has the submodules that the project has cloned, and writes nothing there', async () => {
  const lib = gitProject({ 'lib.txt': 'lib\n' });
  const made = gitProject({ 'a.txt': 'one\n' });
  made.git('submodule', '--quiet', 'add', '--name', 'deep/lib', lib.path, 'vendor/lib');
  made.git('commit', '-qm', 'submodule');
  const before = picture(made.path);
  const path = join(made.dir, 'clone');
  await cloneProject(made.path, path);
  const ws = await prepareWorkspace({ ...made.project, path }, made.paths());
  expect(readFileSync(join(ws.paths.checkout, 'vendor/lib/lib.txt'), 'utf8')).toBe('lib\n');
  expect(picture(made.path)).toEqual(before);
});

test('a folder that is no repository is copied', async () => {
  const made = gitProject({});
  const from = join(made.dir, 'plain');
  mkdirSync(from);
  put(join(from, 'a/b.txt'), 'one\n');
  await cloneProject(from, join(made.dir, 'copy'));
  expect(readFileSync(join(made.dir, 'copy/a/b.txt'), 'utf8')).toBe('one\n');
});
