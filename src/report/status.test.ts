import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyState, fold, type DayState, type ItemState } from '../journal/index.ts';
import { exampleDay } from './example-day.testing.ts';
import { attempt, begin, date, plan, recorder, spec } from './testing.ts';
import { cellsOf, renderStatus, statusView } from './status.ts';

function stateOf(events = exampleDay()): { day: DayState; items: ItemState[] } {
  const state = emptyState();
  for (const event of events) fold(state, event);
  return { day: state.days[date]!, items: Object.values(state.items) };
}

test('each task has a line with what it does, costs and took, and the total comes last', () => {
  const day = recorder().add('day.planned', {
    plan: plan([
      spec('a', { name: 'First' }),
      spec('b', { name: 'Second', needs: ['a'] }),
      spec('c', { name: 'Third' }),
    ]),
    payer: 'x',
    warnings: [],
  });
  day.at(0).add('day.started', {});
  begin(day, 'a');
  day.at(5).of('a', 'agent.tool', { toolUseId: 't', tool: 'Bash', input: 'npm test' });
  day.of('a', 'model.reserved', { call: 'x', model: 'm', usd: 0.5 });
  begin(day, 'c');
  day.of('c', 'item.opened', {
    id: 'q1',
    kind: 'question',
    source: 'tool',
    silence: { kind: 'wait' },
    questions: [{ question: 'Which one?', multiSelect: false, options: [] }],
  });
  const { day: state, items } = stateOf(day.events);
  const view = statusView(state, items, Date.parse(`${date}T07:08:00Z`));
  expect(view).toMatchObject({ over: 0, waiting: 1, costUsd: 0.5, limitUsd: 50, ms: 480_000 });
  expect(renderStatus(view, { columns: 80, color: false })).toBe(
    [
      '▶ a    First  working   (3 min 00 s) Bash npm test            $0.50   8 min 00 s',
      '· b    Second queued    needs a                               $0.00',
      '? c    Third  working   q1: Which one?                        $0.00   3 min 00 s',
      '2026-11-23 · 0 of 3 over · 1 waits for you · $0.50 of $50.00 · 8 min 00 s',
    ].join('\n'),
  );
});

test('the running attempt’s time is counted once', () => {
  const day = recorder().add('day.planned', { plan: plan([spec('a')]), payer: 'x', warnings: [] });
  begin(day, 'a');
  day.at(10).of('a', 'attempt.ended', { end: 'deferred', exitCode: 0, workedMs: 600_000 }, { attempt: 1 });
  day.of('a', 'task.parked', { reason: 'question' });
  const parked = stateOf(day.events);
  expect(statusView(parked.day, [], Date.parse(`${date}T09:00:00Z`)).rows[0]?.ms).toBe(600_000);
  day.at(20);
  attempt(day, 'a', 2, 'resume', 'x');
  const again = stateOf(day.events);
  expect(statusView(again.day, [], Date.parse(`${date}T07:25:00Z`)).rows[0]?.ms).toBe(900_000);
});

test('the view fits the terminal, whatever the names', () => {
  const name = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.constantFrom(
      '日本語の名前がとても長い場合',
      '👩‍👩‍👧‍👦 family',
      'e\u0301'.repeat(40),
      '\u001b[31mred\u001b[0m',
      'a\nb',
    ),
  );
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), fc.integer({ min: 20, max: 200 }), (names, columns) => {
      const tasks = names.map((text, index) => spec(`task-${index}`, { name: text }));
      const day = recorder().add('day.planned', { plan: plan(tasks), payer: 'x', warnings: [] });
      begin(day, 'task-0');
      day.of('task-0', 'agent.said', { text: names.join('\n') });
      const { day: state } = stateOf(day.events);
      const lines = renderStatus(statusView(state, [], Date.parse(`${date}T07:08:00Z`)), {
        columns,
        color: false,
      }).split('\n');
      expect(lines).toHaveLength(tasks.length + 1);
      for (const line of lines) {
        expect(cellsOf(line)).toBeLessThanOrEqual(columns);
        expect(line).not.toContain('\u001b');
      }
    }),
    { numRuns: 200 },
  );
});

test('colour marks the line and changes nothing else', () => {
  const { day, items } = stateOf();
  const view = statusView(day, items, Date.parse(`${date}T16:00:00Z`));
  const plain = renderStatus(view, { columns: 100, color: false });
  const colored = renderStatus(view, { columns: 100, color: true });
  expect(colored).not.toBe(plain);
  expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(plain);
});

test('cells: emoji and East Asian characters take two, combining marks none', () => {
  expect(['a', '日', '👩‍👩‍👧', 'e\u0301', '✓', '…'].map(cellsOf)).toEqual([1, 2, 2, 1, 1, 1]);
});

test('in a low terminal, tasks that are over are left out first, and counted', () => {
  const tasks = Array.from({ length: 30 }, (_item, index) => spec(`t${index}`, { name: `Task ${index}` }));
  const day = recorder().add('day.planned', { plan: plan(tasks), payer: 'x', warnings: [] });
  begin(day, 't29');
  day.of('t0', 'task.stopped', { reason: 'a person stopped it' });
  const { day: state } = stateOf(day.events);
  const view = statusView(state, [], Date.parse(`${date}T09:00:00Z`));
  const low = renderStatus(view, { columns: 80, color: false, rows: 6 }).split('\n');
  expect(low).toHaveLength(6);
  expect(low[0]).toMatch(/^· t1 /);
  expect(low[3]).toMatch(/^▶ t29 /);
  expect(low[4]).toBe('  … 26 more: 1 stopped, 25 queued');
  expect(renderStatus(view, { columns: 80, color: false, rows: 31 }).split('\n')).toHaveLength(31);
});

test('the clock of a day stops when its last task is over', () => {
  const day = recorder().add('day.planned', { plan: plan([spec('a')]), payer: 'x', warnings: [] });
  day.at(0).add('day.started', {});
  day.at(10).of('a', 'task.stopped', { reason: 'x' });
  const { day: state, items } = stateOf(day.events);
  expect(statusView(state, items, Date.parse(`${date}T20:00:00Z`)).ms).toBe(600_000);
});

test('what waits is counted: of the day, of its tasks, and of no day', () => {
  const day = recorder().add('day.planned', { plan: plan([spec('a')]), payer: 'x', warnings: [] });
  begin(day, 'a');
  const ask = (id: string, task: string, of: string) => ({
    ...{ id, day: of, task, attempt: 1, status: 'open' as const, kind: 'question' as const, source: 'daemon' as const },
    ...{ openedAt: '', silence: { kind: 'wait' as const } },
    questions: [{ question: `${id}?`, multiSelect: false, options: [] }],
  });
  const items = [ask('q1', '', date), ask('q2', 'a', date), ask('q3', 'a', date), ask('q4', '', '')];
  const view = statusView(
    stateOf(day.events).day,
    [...items, ask('q5', '', '2026-01-01')],
    Date.parse(`${date}T07:08:00Z`),
  );
  expect(view.waiting).toBe(4);
  expect(view.asked).toEqual(['q1 asks about the day: q1?', 'q4: q4?']);
  const lines = renderStatus(
    { ...view, pauseReason: 'x'.repeat(90), status: 'paused' },
    { columns: 60, color: false, whole: true },
  );
  expect(lines).toContain('4 wait for you · $0.00 of $50.00');
});

test('whatever is asked, tasks have half of the screen, and cards of lessons take none of it', () => {
  const { day, items } = stateOf();
  const item = items[0]!;
  const more = (kind: ItemState['kind'], where: string) =>
    Array.from({ length: 25 }, (_, n) => ({
      ...item,
      id: `${kind}${n}`,
      kind,
      day: where,
      task: '',
      status: 'open' as const,
    }));
  const draw = (extra: ItemState[]) =>
    renderStatus(statusView(day, extra, Date.now()), { columns: 80, color: false, rows: 9 }).split('\n');
  expect(draw(more('lesson', '')).filter((line) => line.startsWith('? '))).toEqual([]);
  const lines = draw(more('question', day.date));
  expect(lines.length).toBeLessThanOrEqual(9);
  expect(lines.filter((line) => line.startsWith('? '))).toHaveLength(4);
});
