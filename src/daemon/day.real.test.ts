import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { put } from '../../test/support/git-project.ts';
import { by } from '../../test/support/open-work-home.ts';
import { workHome } from '../../test/support/work-home.ts';
import { DAY, dayPlan } from '../journal/spec.testing.ts';
import { openHome, runContext, startDay, writeReportFiles } from './index.ts';

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
