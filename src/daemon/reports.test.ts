import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { manualClock } from '../base/index.ts';
import { configSchema } from '../home/schema.ts';
import { homePaths } from '../home/index.ts';
import { openJournal } from '../journal/index.ts';
import { DAY, planned, taskSpec } from '../journal/testing.ts';
import { dayReports } from './reports.ts';
import type { ServiceContext } from './service.ts';

test('a day that is paused and then stopped is over: it gets its report, and is paused no more', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dayshift-reports-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const paths = homePaths(folder);
  const clock = manualClock();
  const journal = await openJournal(paths, { clock });
  onTestFinished(() => journal.close());
  const home = { paths, config: configSchema.parse({}), guard: {}, projects: [], unavailable: {}, warnings: [] };
  const redact = (text: string) => text;
  const run = { home, journal, clock, redact, newId: () => 'x', namedSecrets: () => [], log: () => undefined };
  const runner = { settled: () => Promise.resolve('failed') };
  const service = await dayReports.start({ run, runner, mode: 'daemon' } as unknown as ServiceContext);
  await journal.append(
    planned([taskSpec('a')]),
    { type: 'day.started', day: DAY, data: {} },
    { type: 'day.paused', day: DAY, data: { reason: 'a person paused it' } },
    { type: 'task.stopped', day: DAY, task: 'a', data: { reason: 'the day was stopped' } },
  );
  await expect.poll(() => journal.state.days[DAY]?.status === 'reported').toBe(true);
  expect(journal.state.days[DAY]?.pauseReason).toBeUndefined();
  expect(existsSync(join(paths.results, `${DAY}-report.md`))).toBe(true);
  await service.stop();
});
