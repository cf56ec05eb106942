import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { put } from '../../test/support/git-project.ts';
import { by } from '../../test/support/open-work-home.ts';
import { workHome } from '../../test/support/work-home.ts';
import { DAY, dayPlan } from '../journal/spec.testing.ts';
import { workspaceOf } from '../run/index.ts';
import { checkpoint } from '../workspace/index.ts';
import { openHome, quietOperator, runContext, startDay, writeReportFiles } from './index.ts';

const NEXT = '2026-11-24';

test('a run also writes the report of an earlier day on which something happened meanwhile', async () => {
  const home = workHome({ 'a.txt': 'a\n' });
  await home.done([{ id: 'a', edit: (checkout) => put(join(checkout, 'a.txt'), 'b\n') }]);
  const env = { PATH: process.env.PATH, ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' };
  const where = { home: home.homeDir, env, cwd: home.homeDir, mode: 'run' as const };
  const open = await openHome({ ...where, onWarning: () => undefined });
  onTestFinished(() => open.close());
  const { journal } = open;
  const plan = { ...dayPlan([]), date: NEXT };
  await journal.append({ type: 'day.planned', day: NEXT, data: { plan, payer: 'nobody', warnings: [] } });
  await writeReportFiles(open.home.paths, open.redact, DAY);
  const day = await startDay(await runContext(open, { canAsk: false, log: () => undefined }), NEXT, by);
  await journal.append({ type: 'task.failed', day: DAY, task: 'a', data: { reason: 'it was looked at again' } });
  await day.end();
  const reports = await day.report();
  expect(reports).toEqual([NEXT, DAY].map((date) => join(open.home.paths.results, `${date}-report.md`)));
  for (const file of [reports[1] ?? '', (reports[1] ?? '').replace(/md$/, 'html')])
    expect(readFileSync(file, 'utf8')).toContain('it was looked at again');
});

test('a report that is there says at once what became of a task after it, and one that cannot be written is told', async () => {
  const home = workHome({ 'a.txt': 'a\n' });
  await home.done([{ id: 'a', edit: (checkout) => put(join(checkout, 'a.txt'), 'b\n') }]);
  await home.call(async (_, open) => {
    const operator = quietOperator(open);
    const file = join(open.home.paths.results, `${DAY}-report.md`);
    const both = () => [file, file.replace(/md$/, 'html')].map((path) => readFileSync(path, 'utf8'));
    const workspace = workspaceOf(open.home, open.journal.state.days[DAY]!.tasks.a!, { day: DAY, task: 'a' });
    put(join(workspace.paths.checkout, 'a.txt'), 'a\n');
    const data = await checkpoint(workspace, 'c0', 'start');
    put(join(workspace.paths.checkout, 'a.txt'), 'b\n');
    await open.journal.append({ type: 'workspace.checkpointed', day: DAY, task: 'a', data });
    await operator.rate({ task: 'a', stars: 4 }, by);
    expect(existsSync(file)).toBe(false);

    await writeReportFiles(open.home.paths, open.redact, DAY);
    const { message } = await operator.commit({ task: 'a' }, by);
    const commit = /\b([0-9a-f]{10})\b/.exec(message)?.[1] ?? 'none';
    for (const text of both()) expect(text).toContain(commit.slice(0, 7));
    for (const text of both()) expect(text).not.toContain('not proven');
    const back = await operator.rollback({ task: 'a' }, by);
    expect(back.message).toContain(`The commit ${commit} on main stays: git revert ${commit} takes it back.`);
    for (const text of both()) expect(text).toContain('rolled back to c0 (start): not proven');

    rmSync(file);
    mkdirSync(file);
    const third = await operator.rate({ task: 'a', stars: 2 }, by);
    expect(third).toMatchObject({ ok: true });
    expect(third.message).toContain(`The report of ${DAY} still says what was before`);
    expect(third.message).toContain(file);
  });
});
