import { emptyState, fold, type LessonState, type NewEvent, type State } from '../journal/index.ts';
import { judgementsOf, movesOf, proposalsOf } from './index.ts';
import type { Said } from './structure.ts';

/** The first day of these tests. */
export const today = '2026-11-23';
const said: Said = { project: 'home', modules: [], testCommand: 'npm test', file: (name) => name };

/** Lessons in the making: what people say, what tasks have and get, what becomes of it. Needs no test runner. */
export function stage() {
  const state: State = emptyState();
  const take = (events: readonly NewEvent[], day = today) => {
    for (const event of events)
      fold(state, {
        v: 1,
        actor: { kind: 'daemon' },
        ...event,
        seq: state.seq + 1,
        at: `${day}T18:00:00.000Z`,
      });
  };
  const newId = () => `l${state.lessons.last + 1 + made++}`;
  let made = 0;
  const say = (
    text: string,
    more: { day?: string; task?: string; sign?: 'warning' | 'bad'; earlier?: string[]; checks?: string[] } = {},
  ) => {
    made = 0;
    const { day = today, task = 'a', sign, earlier = [], checks = [] } = more;
    const remarks = sign === undefined ? [] : [{ sign, text, line: 3 }];
    const actions = sign === undefined ? [{ text, line: 4 }] : [];
    const given = { day, task, file: `feedback/${day}.md`, rating: 3, remarks, actions, earlier };
    const { events, lessons } = proposalsOf(given, all(state), { ...said, checks }, newId, day);
    take(events, day);
    return lessons;
  };
  /** A task had the lessons (or was kept from them), and was rated. */
  const rated = (day: string, task: string, rating: number, ids: readonly string[], held = false) => {
    const applied = all(state).flatMap(({ id, text, does, status }) =>
      ids.includes(id) ? [{ id, text, does, status, held }] : [],
    );
    take([{ type: 'lesson.applied', day, task, data: { lessons: applied } }], day);
    const feedback = { digest: `${rating}`, file: '', line: 1, rating, remarks: [], actions: [] };
    take([{ type: 'feedback.given', day, task, data: feedback }], day);
    take(judgementsOf(state, { day, task, rating, remarks: [], applied }), day);
    take(movesOf(all(state), { today: day }), day);
  };
  const byPerson = (id: string, to: LessonState['status'], day = today) =>
    take([{ type: 'lesson.moved', actor: { kind: 'person' }, data: { id, to, why: 'a person says so' } }], day);
  return { state, take, say, rated, byPerson, statusOf: (id: string) => state.lessons.byId[id]?.status };
}

/** All lessons. */
export const all = (state: State): LessonState[] => Object.values(state.lessons.byId);
/** The date so many days later. */
export const date = (day: number) => new Date(Date.parse(today) + day * 86_400_000).toISOString().slice(0, 10);
