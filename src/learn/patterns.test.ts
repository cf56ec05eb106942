import { expect, test } from 'vitest';
import { emptyState, fold, type Lesson, type NewEvent, type TaskSpec } from '../journal/index.ts';
import { dayPlan, taskSpec } from '../journal/spec.testing.ts';
import { patternsOf } from './index.ts';

interface Done {
  day: string;
  rating: number;
  module?: string;
  read: string[];
  said?: string;
  more?: Partial<TaskSpec>;
}

/** What is proposed when the last of these tasks is praised, the ones before having been read. */
function praised(tasks: Done[], known: Lesson[] = []) {
  const state = emptyState();
  const take = (event: NewEvent) =>
    fold(state, {
      v: 1,
      actor: { kind: 'daemon' },
      ...event,
      seq: state.seq + 1,
      at: `${event.day ?? ''}T18:00:00.000Z`,
    });
  const remarksOf = ({ said = 'Follows the house’s pages' }: Done) => [{ sign: 'good' as const, text: said, line: 7 }];
  for (const one of tasks) {
    const { day, module = 'weddings', rating, read, more = {} } = one;
    const plan = dayPlan([taskSpec('a', { module, ...more })], { date: day });
    take({ day, type: 'day.planned', data: { plan, payer: 'nobody', warnings: [] } });
    const of = { day, task: 'a' };
    take({ ...of, type: 'task.prepared', data: { checkout: '/c', base: 'b', kind: 'worktree', ms: 1 } });
    take({ ...of, attempt: 1, type: 'attempt.intended', data: { sessionId: 's', mode: 'start', why: 'first' } });
    for (const path of read)
      take({ ...of, type: 'agent.tool', data: { toolUseId: path, tool: 'Read', input: `/c/${path}` } });
    const data = { digest: day, file: `feedback/${day}.md`, line: 3, rating, remarks: remarksOf(one), actions: [] };
    if (one !== tasks.at(-1)) take({ ...of, type: 'feedback.given', data });
  }
  const last = tasks.at(-1)!;
  const given = { day: last.day, task: 'a', file: `feedback/${last.day}.md`, rating: last.rating };
  return patternsOf(state, { ...given, remarks: remarksOf(last) }, known, () => 'l1', last.day);
}

const on = (n: number) => `2026-11-${String(n).padStart(2, '0')}`;
const good = (n: number, more: Partial<Done> = {}): Done => ({
  day: on(n),
  rating: 5,
  read: ['docs/PAGES.md', 'src/util.ts'],
  ...more,
});
const other = (n: number): Done => ({ day: on(n), rating: 4, module: 'mail', read: ['src/util.ts'], said: 'Fine' });

test('what three praised tasks of a module had read is read first there from now on, in the words of the praise', () => {
  const { events, lessons } = praised([other(1), other(2), good(3), good(4), good(5)]);
  expect(lessons).toMatchObject([
    {
      ...{ text: 'Follows the house’s pages', does: { kind: 'context', files: ['docs/PAGES.md'] }, status: 'active' },
      ...{ scope: { project: 'home', module: 'weddings' }, from: { file: `feedback/${on(5)}.md`, line: 7, rating: 5 } },
    },
  ]);
  expect(events.map(({ type }) => type)).toEqual(['lesson.proposed', 'lesson.supported', 'lesson.supported']);
});

test('two are too few, and a task that was carried over counts once', () => {
  expect(praised([good(3), good(4)]).lessons).toEqual([]);
  const carried = { origin: { kind: 'carried' as const, day: on(3), task: 'a' } };
  expect(praised([good(3), good(4, { more: carried }), good(5)]).lessons).toEqual([]);
});

test('without four stars, without a module, or where it is known already nothing is proposed', () => {
  const three = [good(3), good(4), good(5)];
  expect(praised([good(3), good(4), good(5, { rating: 3 })]).lessons).toEqual([]);
  expect(praised(three.map((one) => ({ ...one, more: { module: undefined } as never }))).lessons).toEqual([]);
  const known = praised(three).lessons;
  expect(known).toHaveLength(1);
  expect(praised(three, known).lessons).toEqual([]);
});
