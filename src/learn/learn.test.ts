import { expect, test } from 'vitest';
import type { LessonState, NewEvent } from '../journal/index.ts';
import { taskSpec } from '../journal/spec.testing.ts';
import { correctionOf, movesOf, newsInFile, selectLessons, withLessonsIn } from './index.ts';
import { oddsThatItHelps } from './odds.ts';
import { all, date, stage, today } from './stage.testing.ts';
import { counters } from './standing.ts';

test('an action is tried at once where it keeps nobody from working; what denies or gates waits for a yes', () => {
  const { say, statusOf } = stage();
  say('Keep functions short');
  say('Never touch migrations/');
  say('Tests must pass');
  say('Forgot the changelog', { sign: 'warning' });
  expect(['l1', 'l2', 'l3', 'l4'].map(statusOf)).toEqual(['trial', 'candidate', 'candidate', 'candidate']);
});

test('the same said again is evidence and no second lesson; reading a section anew is neither', () => {
  const { say, state } = stage();
  say('Keep functions short');
  expect(say('Keep functions short')).toEqual([]);
  expect(state.lessons.byId.l1?.said).toHaveLength(1);
  expect(say('Keep the functions short, please', { day: date(1) })).toEqual([]);
  expect(state.lessons.byId.l1?.said).toHaveLength(2);
});

test('of two that contradict each other the newer one counts, and both are kept', () => {
  const { say, state, statusOf } = stage();
  say('Use snapshot tests for components');
  say("Don't use snapshot tests for components", { day: date(1) });
  expect([statusOf('l1'), statusOf('l2')]).toEqual(['retired', 'trial']);
  expect(state.lessons.byId.l2?.supersedes).toBe('l1');
});

test('a mistake that a line did not prevent leads to a rule', () => {
  const { say, state, statusOf } = stage();
  say('Leave the legacy folder alone, migrations especially');
  state.lessons.byId.l1!.text = 'migrations must stay untouched, never changed';
  const [rule] = say('Never change migrations/ untouched must stay', { day: date(1), task: 'b' });
  expect(rule).toMatchObject({ does: { kind: 'guard' }, status: 'candidate', supersedes: 'l1' });
  expect(statusOf('l1')).toBe('trial');
});

test('three good tasks make a lesson active; two that went worse than usual retire it', () => {
  const { say, rated, statusOf } = stage();
  say('Keep functions short');
  say('Write comments in Latin');
  for (const day of [1, 2, 3]) rated(date(day), 'a', 5, ['l1']);
  expect(statusOf('l1')).toBe('active');
  rated(date(4), 'b', 1, ['l2']);
  expect(statusOf('l2')).toBe('trial');
  rated(date(5), 'b', 2, ['l2']);
  expect(statusOf('l2')).toBe('retired');
});

test('where tasks usually go badly, a lesson is not blamed for that', () => {
  const { say, rated, statusOf } = stage();
  say('Keep functions short');
  for (const day of [1, 2, 3]) rated(date(day), 'x', 2, []);
  rated(date(4), 'a', 2, ['l1']);
  rated(date(5), 'b', 2, ['l1']);
  expect(statusOf('l1')).toBe('trial');
});

test('a rating that is corrected takes the place of the older one', () => {
  const { say, rated, state } = stage();
  say('Keep functions short');
  rated(date(1), 'a', 1, ['l1']);
  expect(counters(state.lessons.byId.l1!)).toMatchObject({ exposed: 1, harmful: 1 });
  rated(date(1), 'a', 5, ['l1']);
  expect(counters(state.lessons.byId.l1!)).toMatchObject({ exposed: 1, harmful: 0, helpful: 1 });
});

test('a lesson that is not used for 60 days, is past its date, or whose project is gone is retired', () => {
  const { say, state, take, statusOf } = stage();
  for (const text of ['Keep functions short', 'Name variables in English', 'Prefer small modules everywhere'])
    say(text);
  const look = (day: string, gone?: string) => take(movesOf(all(state), { today: day, vanished: () => gone }), day);
  look(date(60));
  expect(statusOf('l1')).toBe('trial');
  take([{ type: 'lesson.changed', data: { id: 'l2', expires: date(10) } }]);
  look(date(11));
  expect([statusOf('l1'), statusOf('l2')]).toEqual(['trial', 'retired']);
  look(date(61));
  expect(statusOf('l1')).toBe('retired');
  say('Prefer long functions', { day: date(61) });
  look(date(61), 'there is no project home any more');
  expect(statusOf('l4')).toBe('retired');
});

test('a task gets what fits its scope, the ten lines that fit it best, and no candidates', () => {
  const { state, take } = stage();
  const lesson = (id: string, text: string, more: Partial<LessonState> = {}): NewEvent => ({
    type: 'lesson.proposed',
    data: {
      lesson: {
        ...{ id, text, does: { kind: 'instruction' }, scope: {}, status: 'active', created: today },
        from: { file: 'f', line: 1, date: today },
        ...more,
      },
    },
  });
  take([
    ...Array.from({ length: 15 }, (_, n) => lesson(`l${n + 1}`, `Line ${n} of general wisdom`)),
    lesson('l20', 'Paginate lists by cursor'),
    lesson('l21', 'Candidate', { status: 'candidate' }),
    lesson('l22', 'Other project', { scope: { project: 'other' } }),
    lesson('l23', 'Pagination file', { scope: { tags: ['pagination'] }, does: { kind: 'context', files: ['P.md'] } }),
    lesson('l24', 'On paths', { scope: { paths: ['src/api/**'] }, does: { kind: 'check', command: 'npm test' } }),
  ]);
  const spec = taskSpec('a', { name: 'Paginate the lists', deliverables: ['src/api/lists.ts'] });
  const ids = selectLessons(all(state), spec, { day: today, today }).map(({ id }) => id);
  expect(ids).toContain('l20');
  expect(ids).toEqual(expect.arrayContaining(['l23', 'l24']));
  expect(ids.filter((id) => !['l23', 'l24'].includes(id))).toHaveLength(10);
  expect(ids).not.toContain('l22');
});

test('odds: nothing known is even, evidence moves them', () => {
  expect(oddsThatItHelps({ good: 0, bad: 0 }, { good: 0, bad: 0 })).toBeCloseTo(0.5, 2);
  expect(oddsThatItHelps({ good: 8, bad: 0 }, { good: 2, bad: 6 })).toBeGreaterThan(0.95);
  expect(oddsThatItHelps({ good: 0, bad: 8 }, { good: 6, bad: 2 })).toBeLessThan(0.05);
});

test('a corrected estimate weighs less as tasks of its kind end', () => {
  const { say, state } = stage();
  say('Estimates are 4x too low');
  const record = { task: 'x', project: 'home', complexity: 'low', outcome: 'done', usd: 1, workedMs: 1 } as const;
  const factor = (ended: number) => {
    const history = Array.from({ length: ended }, () => ({ ...record, day: date(1) }));
    return correctionOf({ lessons: state.lessons, history }, taskSpec('a')).factor;
  };
  expect(factor(0)).toBeCloseTo(4);
  expect(factor(3)).toBeCloseTo(2);
});

const options = { newId: () => 'l90', today };

test('config/lessons.yaml is written, read without news, and what a person edits in it counts', () => {
  const { say, state, take, statusOf } = stage();
  say('Keep functions short');
  say('Tests must pass');
  const written = withLessonsIn(undefined, all(state), {});
  take([{ type: 'lesson.filed', data: { entries: written.entries } }]);
  expect(newsInFile(written.text, state.lessons.byId, state.lessons.filed, options)).toEqual({
    problems: [],
    events: [],
    lost: false,
  });

  const edited = written.text
    .replace('  - id: l1\n', '  # the one that matters\n  - id: l1\n')
    .replace('text: Keep functions short', 'text: "Keep functions very short" # my words')
    .replace('status: candidate', 'status: active')
    .concat('  - text: Speak plainly\n    kind: instruction\n');
  const { events, problems } = newsInFile(edited, state.lessons.byId, state.lessons.filed, options);
  expect(problems).toEqual([]);
  take(events);
  expect(state.lessons.byId.l1?.text).toBe('Keep functions very short');
  expect([statusOf('l2'), statusOf('l90')]).toEqual(['active', 'active']);

  take([{ type: 'lesson.moved', data: { id: 'l1', to: 'active', why: '' } }]);
  const again = withLessonsIn(edited, all(state), state.lessons.filed);
  expect(again.text).toContain('  # the one that matters\n');
  expect(again.text).toContain('text: "Keep functions very short" # my words');
  expect(again.text).toContain('id: l90');
  take([{ type: 'lesson.filed', data: { entries: again.entries } }]);
  expect(newsInFile(again.text, state.lessons.byId, state.lessons.filed, options).events).toEqual([]);
  expect(withLessonsIn(again.text, all(state), state.lessons.filed).text).toBe(again.text);

  const without = again.text.replace(/ {2}- id: l2\n(?: {4}.*\n)*/, '');
  take(newsInFile(without, state.lessons.byId, state.lessons.filed, options).events);
  expect(statusOf('l2')).toBe('retired');
  expect(withLessonsIn(without, all(state), state.lessons.filed).text).not.toContain('l2');
});

test('what the journal changed meanwhile is written, where the person changed nothing', () => {
  const { say, state, take } = stage();
  say('Keep functions short');
  const written = withLessonsIn(undefined, all(state), {});
  take([{ type: 'lesson.filed', data: { entries: written.entries } }]);
  take([{ type: 'lesson.moved', data: { id: 'l1', to: 'active', why: '' } }]);
  expect(newsInFile(written.text, state.lessons.byId, state.lessons.filed, options).events).toEqual([]);
  expect(withLessonsIn(written.text, all(state), state.lessons.filed).text).toContain('status: active');
});

test.each([
  ['lessons:\n  - text: x\n    kind: check\n', 'needs command'],
  ['lessons:\n  - text: x\n    kind: guard\n    rule: { when: { path: a }, then: allow }\n', 'ask or deny'],
  ['lessons:\n  - text: x\n    kind: chek\n', 'did you mean'],
  ['lessons: [\n', 'not valid YAML'],
  ['lessons:\n  - { id: l1, text: x, kind: instruction }\n  - { id: l1, text: y, kind: instruction }\n', 'twice'],
])('a file that is not valid changes nothing, and says where: %j', (text, message) => {
  const { problems, events } = newsInFile(text, {}, {}, options);
  expect(events).toEqual([]);
  expect(
    problems
      .map((problem) => problem.message)
      .join('\n')
      .toLowerCase(),
  ).toContain(message.toLowerCase());
  expect(problems[0]?.line).toBeGreaterThan(0);
});
