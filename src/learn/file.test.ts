import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { filedAs, entrySchema } from './entry.ts';
import { newsInFile, withLessonsIn } from './index.ts';
import { all, stage, today } from './stage.testing.ts';

const options = { newId: () => 'l90', today };

/** A rule that a person accepted, and a line in trial, both written into the file. */
function filed() {
  const home = stage();
  home.say('Never touch migrations/');
  home.say('Keep functions short');
  home.byPerson('l1', 'active');
  const written = withLessonsIn(undefined, all(home.state), {});
  home.take([{ type: 'lesson.filed', data: { entries: written.entries } }]);
  const news = (text: string | undefined) =>
    newsInFile(text, home.state.lessons.byId, home.state.lessons.filed, options);
  return { ...home, text: written.text, news };
}

test.each([
  ['that is gone', undefined],
  ['that is empty', ''],
  ['without entries', 'lessons:\n'],
  ['with a header only', '# my lessons\n'],
  ['with nothing but a new one', 'lessons:\n  - text: Speak plainly\n    kind: instruction\n'],
])('a file %s takes nothing back, and all of it is written again', (_, text) => {
  const { news, state } = filed();
  const { events, lost, problems } = news(text);
  expect(events.filter(({ type }) => type === 'lesson.moved')).toEqual([]);
  expect(lost).toBe(true);
  expect(problems[0]).toMatchObject({ severity: 'warning' });
  expect(problems[0]?.message).toContain('l1, l2');
  const again = withLessonsIn(text, all(state), {}).text;
  expect(again).toContain('id: l1');
  expect(again).toContain('id: l2');
});

test('a file that was cut off in the middle of a line takes nothing back', () => {
  const { news, text } = filed();
  const cut = text.slice(0, text.indexOf('  - id: l2')).trimEnd();
  expect(news(cut)).toMatchObject({ events: [], lost: false, problems: [{ severity: 'error' }] });
  expect(news(`${cut}\n`).events).toMatchObject([{ type: 'lesson.moved', data: { id: 'l2', to: 'retired' } }]);
});

test('what a person said elsewhere meanwhile is not undone by another change of the entry', () => {
  const { news, text, byPerson } = filed();
  byPerson('l2', 'active');
  expect(news(text.replace('Keep functions short', 'Keep functions very short')).events).toEqual([
    { type: 'lesson.changed', data: { id: 'l2', text: 'Keep functions very short' } },
  ]);
});

test('of an older journal, that has digests only, what is as it was filed is no news', () => {
  const { state, text, take } = filed();
  const digests = Object.entries(state.lessons.filed).map(([id, entry]) => [
    id,
    createHash('sha256')
      .update(filedAs(entrySchema.parse(JSON.parse(entry))))
      .digest('hex')
      .slice(0, 16),
  ]);
  take([{ type: 'lesson.moved', data: { id: 'l2', to: 'active', why: '' } }]);
  const before = Object.fromEntries(digests) as Record<string, string>;
  expect(newsInFile(text, state.lessons.byId, before, options).events).toEqual([]);
});

test('a date that is taken out of the file is taken from the lesson', () => {
  const { news, take, state, text } = filed();
  take([{ type: 'lesson.changed', data: { id: 'l1', expires: '2027-01-01' } }]);
  const dated = withLessonsIn(text, all(state), state.lessons.filed);
  take([{ type: 'lesson.filed', data: { entries: dated.entries } }]);
  const without = dated.text.replace(/ *expires: .*\n/, '');
  const { events } = news(without);
  expect(events).toEqual([{ type: 'lesson.changed', data: { id: 'l1', expires: '' } }]);
  take(events);
  expect(state.lessons.byId.l1).not.toHaveProperty('expires');
  expect(withLessonsIn(without, all(state), state.lessons.filed).text).toBe(without);
});

test('comments beside a value stay when the value changes', () => {
  const { state, text, take } = filed();
  const commented = text
    .replace('status: trial', 'status: trial # watch until Friday')
    .replace('text: Keep functions short', 'text: "Keep functions short"   # said by Anna');
  take([
    { type: 'lesson.moved', data: { id: 'l2', to: 'active', why: '' } },
    { type: 'lesson.changed', data: { id: 'l2', text: 'Keep functions very short' } },
  ]);
  const written = withLessonsIn(commented, all(state), state.lessons.filed).text;
  expect(written).toContain('status: active # watch until Friday');
  expect(written).toContain('text: "Keep functions very short" # said by Anna');
});

test('an entry without an id gets one that no other entry has', () => {
  let last = 2;
  const text = 'lessons:\n  - { id: l3, text: First, kind: instruction }\n  - { text: Second, kind: instruction }\n';
  const { events } = newsInFile(text, {}, {}, { newId: () => `l${(last += 1)}`, today });
  expect(events.map(({ data }) => (data as { lesson: { id: string } }).lesson.id)).toEqual(['l3', 'l4']);
});
