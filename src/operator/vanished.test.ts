import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createRedactor, manualClock } from '../base/index.ts';
import { loadHome } from '../home/index.ts';
import { openJournal } from '../journal/index.ts';
import { takeLessons, type OperatorContext } from './index.ts';

test('a lesson about files goes when all of them are gone, and not while its project cannot be reached', async () => {
  const root = mkdtempSync(join(tmpdir(), 'dayshift-lessons-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const folder of ['config', 'feedback', 'project/docs']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'config/dayshift.yaml'), 'timezone: UTC\nprojects: [{ name: app, path: project }]\n');
  writeFileSync(join(root, 'project/docs/A.md'), '');
  const file = join(root, 'config/lessons.yaml');
  writeFileSync(
    file,
    'lessons:\n  - text: Read the pages\n    kind: context\n    files: [docs/A.md, docs/B.md]\n    scope: { project: app }\n',
  );
  const settle = async () => {
    const home = await loadHome({ home: root, env: {}, cwd: root });
    const clock = manualClock();
    const journal = await openJournal(home.paths, { clock });
    const ctx: OperatorContext = {
      ...{ home, journal, clock, newId: () => 'id', redact: createRedactor([]), namedSecrets: () => [] },
      runner: undefined,
    };
    expect(await takeLessons(ctx)).toEqual([]);
    const { status, history } = journal.state.lessons.byId.l1 ?? {};
    await journal.close();
    return [status, history?.at(-1)?.why];
  };
  expect(await settle()).toEqual(['active', 'it was said']);
  rmSync(join(root, 'project'), { recursive: true });
  expect((await settle())[0]).toBe('active');
  mkdirSync(join(root, 'project'));
  expect(await settle()).toEqual(['retired', 'docs/A.md, docs/B.md are gone from app']);
  expect(readFileSync(file, 'utf8')).toContain('status: retired');
});
