import { expect, test } from 'vitest';
import { emptyState, fold, type NewEvent, type State } from '../journal/index.ts';
import { dayPlan, taskSpec } from '../journal/spec.testing.ts';
import { weekFacts, weekPage, weekSentence } from './index.ts';

interface Done {
  usd?: number;
  rating?: number;
  applied?: boolean;
  rounds?: number;
  failed?: boolean;
  asks?: boolean;
}

const tokens = { input: 0, output: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0 };

/** A state after these days, and what people said of them. */
function after(days: Record<string, Done[]>, more: NewEvent[] = []): State {
  const state = emptyState();
  let items = 0;
  const take = (event: NewEvent, day: string) =>
    fold(state, { v: 1, actor: { kind: 'daemon' }, day, ...event, seq: state.seq + 1, at: `${day}T18:00:00.000Z` });
  for (const [day, tasks] of Object.entries(days)) {
    const plan = dayPlan(
      tasks.map((_, n) => taskSpec(`t${n}`)),
      { date: day },
    );
    take({ type: 'day.planned', data: { plan, payer: 'nobody', warnings: [] } }, day);
    for (const [n, { usd = 1, rating, applied = false, rounds = 1, failed = false, asks = false }] of tasks.entries()) {
      const of = { task: `t${n}` };
      const all: NewEvent[] = [
        { ...of, attempt: 1, type: 'attempt.intended', data: { sessionId: 's', mode: 'start', why: 'first' } },
        { ...of, type: 'model.reserved', data: { call: `${day} ${n}`, model: 'm', usd } },
        { ...of, type: 'model.settled', data: { call: `${day} ${n}`, model: 'm', tokens, usd, basis: 'exact', ms: 1 } },
        { ...of, type: 'task.checking', data: { round: rounds } },
        failed
          ? { ...of, type: 'task.failed', data: { reason: 'red' } }
          : { ...of, type: 'task.done', data: { reasons: [] } },
      ];
      if (asks) {
        const data = { id: `q${(items += 1)}`, kind: 'question' as const, source: 'tool' as const, questions: [] };
        all.push({ ...of, type: 'item.opened', data: { ...data, silence: { kind: 'wait' } } });
      }
      if (applied) all.push({ ...of, type: 'workspace.applied', data: { id: 'a', files: 1 } });
      if (rating !== undefined)
        all.push({
          ...of,
          type: 'feedback.given',
          data: { digest: 'd', file: 'f', line: 1, rating, remarks: [], actions: [] },
        });
      for (const event of all) take(event, day);
    }
  }
  for (const event of more) take(event, event.day ?? '');
  return state;
}

const week = (state: State) => weekFacts(state, '2026-11-23', '2026-11-29');

test('each number is what it says, and is compared with the week before', () => {
  const state = after({
    '2026-11-18': Array.from({ length: 6 }, () => ({ usd: 4, applied: true, rounds: 2 })),
    '2026-11-24': [
      { usd: 2, applied: true },
      { usd: 2, rating: 5 },
      { usd: 2, rating: 3, applied: true, asks: true },
      { usd: 2, rounds: 2, rating: 4.5 },
      { usd: 2, failed: true, asks: true, rounds: 3 },
      { usd: 2 },
    ],
  });
  const { now, before } = week(state).trends;
  // Twelve dollars; taken: applied or rated well, the failed and the untouched one not.
  expect(now.costPerAccepted).toEqual({ value: 3, of: 4 });
  expect(before.costPerAccepted).toEqual({ value: 4, of: 6 });
  // The first two, and the last one, of which nobody said anything.
  expect(now.firstTimeRight).toEqual({ value: 0.5, of: 6 });
  expect(before.firstTimeRight).toEqual({ value: 0, of: 6 });
  expect(now.questionsPerTask).toEqual({ value: 2 / 6, of: 6 });
  // They cost half of what those of the week before lead to expect, and so stay under their P80.
  expect(now.forecastError.value).toBeGreaterThan(1);
  expect(now.underP80).toEqual({ value: 1, of: 6 });
  const page = weekPage(week(state));
  expect(page).toContain('| right the first time | 50 % (6) | 0 % (6) | ▲ better |');
  expect(page).toContain('| cost per accepted task | $3.00 (4) | $4.00 (6) | too few to compare |');
  expect(weekSentence(week(state))).toContain('50 % were right the first time, 0 % the week before.');
});

test('a task is measured by the forecast of its morning, where the journal has one', () => {
  const usd = { p50: 1, p80: 1.5 };
  const forecast = { usd, records: 3, tasks: { t0: { usd, minutes: usd, alike: 0 } } };
  const state = after({ '2026-11-24': [{ usd: 2 }] }, [{ type: 'day.forecast', day: '2026-11-24', data: forecast }]);
  expect(week(state).trends.now).toMatchObject({ forecastError: { value: 2, of: 1 }, underP80: { value: 0, of: 1 } });
});

test('where little is known nothing is made of it', () => {
  const page = weekPage(week(after({ '2026-11-24': [{ failed: true }] })));
  expect(page).toContain('| cost per accepted task | – | – | – |');
  expect(page).toContain('| right the first time | 0 % (1) | – | – |');
  const facts = week(after({ '2026-11-18': [{}], '2026-11-24': [{}] }));
  expect(weekPage(facts)).toContain('too few to compare');
  expect(weekSentence(facts)).not.toContain('right');
  expect(weekPage(week(emptyState()))).not.toContain('Trends');
});

test('lessons that were gained and lost in the week are named, with the reason', () => {
  const lesson = (id: string, text: string): NewEvent => ({
    type: 'lesson.proposed',
    day: '2026-11-10',
    data: {
      lesson: {
        ...{ id, text, does: { kind: 'instruction' }, scope: {}, status: 'trial', created: '2026-11-10' },
        from: { file: 'f', line: 1, date: '2026-11-10' },
      },
    },
  });
  const moved = (id: string, to: 'active' | 'retired', day: string, why = 'so'): NewEvent => ({
    type: 'lesson.moved',
    day,
    data: { id, to, why },
  });
  const page = weekPage(
    week(
      after({}, [
        ...['Keep it short', 'Speak plainly', 'Rewrite it all', 'Old'].map((text, n) => lesson(`l${n + 1}`, text)),
        moved('l2', 'active', '2026-11-12'),
        moved('l4', 'retired', '2026-11-12'),
        moved('l1', 'active', '2026-11-25'),
        moved('l3', 'retired', '2026-11-26', '2 tasks that had it went worse'),
      ]),
    ),
  );
  expect(page).toContain('## 1 lesson gained\n\n- `l1` Keep it short');
  expect(page).toContain('## 1 lesson lost\n\n- `l3` Rewrite it all: 2 tasks that had it went worse');
});
