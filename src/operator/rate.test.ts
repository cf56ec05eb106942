import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createRedactor, manualClock } from '../base/index.ts';
import { loadHome } from '../home/index.ts';
import { openJournal } from '../journal/index.ts';
import { DAY, dayPlan, taskSpec } from '../journal/spec.testing.ts';
import { rate } from './rate.ts';
import type { OperatorContext } from './types.ts';

const by = { kind: 'person' as const, id: 'anna' };

/** A home whose day has the tasks a and b, with a feedback file. */
async function homeWith(file: string | Buffer): Promise<{ ctx: OperatorContext; path: string }> {
  const root = mkdtempSync(join(tmpdir(), 'dayshift-rate-'));
  for (const name of ['config', 'tasks', 'feedback', 'project', '.dayshift']) mkdirSync(join(root, name));
  writeFileSync(join(root, 'config/dayshift.yaml'), 'timezone: UTC\nprojects: [{ name: home, path: project }]\n');
  const home = await loadHome({ home: root, env: {}, cwd: root });
  const clock = manualClock(Date.parse('2026-11-23T18:00:00Z'));
  const journal = await openJournal(home.paths, { clock });
  onTestFinished(async () => {
    await journal.close();
    rmSync(root, { recursive: true });
  });
  const plan = dayPlan(['a', 'b'].map((id) => taskSpec(id)));
  await journal.append({ type: 'day.planned', day: DAY, data: { plan, payer: 'nobody', warnings: [] } });
  const path = join(home.paths.feedback, `${DAY}.md`);
  writeFileSync(path, file);
  const ctx: OperatorContext = {
    ...{ home, journal, clock, newId: () => 'id', redact: createRedactor([]), namedSecrets: () => [] },
    runner: undefined,
  };
  return { ctx, path };
}

test.each([
  ['no UTF-8', Buffer.from('## a\nSch\xf6n\n', 'latin1'), /Nothing was written: feedback\/.*:2:1 .*UTF-8/],
  ['UTF-16', Buffer.from('\ufeff## a\n', 'utf16le'), /Nothing was written: .*UTF-16/],
  ['a fence that is never closed', Buffer.from('```\n## a\n'), /Nothing was written: .*:1 opens a fence/],
])('a file that is %s is left to the byte, and it is said', async (_, bytes, said) => {
  const { ctx, path } = await homeWith(bytes);
  const done = await rate(ctx, { task: 'a', stars: 2 }, by);
  expect(done).toEqual({ ok: false, message: expect.stringMatching(said) as string });
  expect(readFileSync(path)).toEqual(bytes);
  expect(ctx.journal.state.feedback[DAY]?.tasks.a).toBeUndefined();
});

test('a rating is done where the journal has it; the rest of the file is the same bytes', async () => {
  const written = '\ufeff# Feedback\r\n\r\n## a\n★★★★☆\n\nschön\r## b\r\nRating: 3';
  const { ctx, path } = await homeWith(written);
  expect(await rate(ctx, { task: 'a', stars: 2 }, by)).toMatchObject({ ok: true });
  expect(readFileSync(path, 'utf8')).toBe(written.replace('★★★★☆', '2/5'));
  expect(ctx.journal.state.feedback[DAY]?.tasks).toMatchObject({ a: { rating: 2 }, b: { rating: 3 } });
});

test('what somebody else made of the file in between is said, not taken for done', async () => {
  const { ctx, path } = await homeWith('## a\nRating: 4\n');
  // The very next thing that happens is another's save.
  const redact = ctx.redact;
  let calls = 0;
  const meddled = {
    ...ctx,
    redact: (text: string) => {
      calls += 1;
      if (calls === 1) return redact(text);
      return redact(text).replace('2/5', '5/5');
    },
  };
  const done = await rate(meddled, { task: 'a', stars: 2, remark: 'x' }, by);
  expect(done).toMatchObject({ ok: false, message: expect.stringContaining('5/5 counts now') as string });
  expect(readFileSync(path, 'utf8')).toContain('2/5');
});
