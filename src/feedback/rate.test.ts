import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseFeedback } from './parse.ts';
import { withRating, type Rating } from './rate.ts';

const DATE = '2026-11-23';

/** The file with a rating in it, or why not; `name` is the task's. */
function rated(
  text: string,
  { name, ...rating }: Rating & { name: string },
  more: { id: string; name: string }[] = [],
) {
  const context = { file: `feedback/${DATE}.md`, date: DATE, tasks: [{ id: rating.task, name }, ...more] };
  const done = withRating(text, context, rating);
  return 'text' in done ? done.text : done.why;
}

test('a rating makes the file that people write', () => {
  const text = rated('', {
    task: 'task-001',
    name: 'Documentation',
    stars: 4,
    action: 'Write the tests first',
  });
  expect(text).toBe(
    '# Feedback - 2026-11-23\n\n## task-001: Documentation\nRating: 4/5\n\nAction: Write the tests first\n',
  );
});

test('a second rating takes the place of the first one, and words are added', () => {
  const one = rated('', { task: 'a', name: 'A', stars: 2 });
  const two = rated(one, { task: 'b', name: 'B', stars: 5 });
  const three = rated(two, { task: 'a', name: 'A', stars: 3, remark: 'Better after the hint' });
  expect(three).toContain('## a: A\nRating: 3/5\n\nBetter after the hint\n\n## b: B\nRating: 5/5\n');
  expect(three).not.toContain('2/5');
});

test('what a person wrote stays, to the byte', () => {
  const written =
    '# Feedback - 2026-11-23\r\n\r\n## Task-001: Documentation Task\r\nRating: 5/5\r\n\r\n⚠️  Forgot to write tests\r\n\r\n## Orchestrator Performance\r\n- Good: Cost tracking\r\n';
  const text = rated(written, { task: 'task-001', name: 'x', stars: 4 });
  expect(text).toBe(written.replace('5/5', '4/5'));
});

test('the same twice is there once', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.integer({ min: 1, max: 5 }), (before, words, stars) => {
      const rating = { task: 'a', name: 'A', stars, action: words };
      const once = rated(before, rating);
      expect(rated(once, rating)).toBe(once);
    }),
  );
});

test('no words of anybody’s begin a section', () => {
  const text = rated('', { task: 'a', name: 'A', remark: '## b: B\nRating: 1/5' });
  expect(text.match(/^## /gm)).toHaveLength(1);
});

const tasks = [
  { id: 'a', name: 'A' },
  { id: 'b', name: 'B' },
  { id: 'add_user_page', name: 'Add a page' },
  { id: 'part', name: 'Migration part 2/5' },
];
const context = { file: 'f', date: DATE, tasks };

test.each([
  ['stars on a line of their own', '## a: A\n★★★★☆\n\nnice\n', '## a: A\n2/5\n\nnice\n'],
  ['stars in the heading', '## a: A (4/5)\n', '## a: A (2/5)\n'],
  ['stars behind the heading', '## a ★★★★☆\n✅ x\n', '## a 2/5\n✅ x\n'],
  [
    'the last of several',
    '## a\nRating: 5\n## b\n## a\n**Rating:** 4/5 good\n',
    '## a\nRating: 5\n## b\n## a\n**Rating:** 2/5 good\n',
  ],
  ['bold all over', '## a\n**Rating: 4/5**\n', '## a\n**Rating: 2/5**\n'],
  ['a table', '| Task | Rating |\n|---|---|\n| a | ★★★★ |\n', '| Task | Rating |\n|---|---|\n| a | 2/5 |\n'],
  ['a list', '- b: 5/5\n- a: 4/5 fine\n', '- b: 5/5\n- a: 2/5 fine\n'],
  ['a fenced one stays', '## a\n```\nRating: 5\n```\n', '## a\nRating: 2/5\n```\nRating: 5\n```\n'],
  ['a quoted one stays', '## a\n> Rating: 5\n', '## a\nRating: 2/5\n> Rating: 5\n'],
  ['a heading with its rule', 'a\n===\nfine\n', 'a\n===\nRating: 2/5\nfine\n'],
  [
    'a heading in a comment',
    '<!--\n## a\nRating: 4\n-->\n## b\n',
    '<!--\n## a\nRating: 4\n-->\n## b\n\n## a: A\nRating: 2/5\n',
  ],
  ['an open fence in another section', '## b\n```\nlog\n', '## a: A\nRating: 2/5\n\n## b\n```\nlog\n'],
  ['an open fence in its own', '## b\n\n## a\n```\nlog\n', '## b\n\n## a\nRating: 2/5\n```\nlog\n'],
  ['ends of lines of both kinds', 'x\r\n## a\nRating: 3\n## b\r\n', 'x\r\n## a\nRating: 2/5\n## b\r\n'],
  ['a byte order mark', '\ufeff## a\r\nRating: 3\r\n', '\ufeff## a\r\nRating: 2/5\r\n'],
  ['no end of the last line', '## a\nRating: 3', '## a\nRating: 2/5'],
  ['what says so already', '## a\n★★☆☆☆\n', '## a\n★★☆☆☆\n'],
])('the stars stand where they count, and nothing else changes: %s', (_, before, after) => {
  const done = withRating(before, context, { task: 'a', stars: 2 });
  expect(done).toEqual({ text: after });
  expect(parseFeedback(after, context).tasks.find(({ task }) => task === 'a')?.rating).toBe(2);
});

test('a file that lets no rating in is left as it is, with the place that is to mend', () => {
  expect(withRating('```\n## a\n', context, { task: 'a', stars: 2 })).toEqual({
    why: 'f:1 opens a fence that is never closed, so that no rating could be read: close it, then rate again',
  });
});

test.each(['add_user_page', 'part'])('%s has one section, however often it is rated', (task) => {
  const name = tasks.find(({ id }) => id === task)!.name;
  let text = rated('', { task, name, action: 'Keep notes' });
  expect(parseFeedback(text, context).tasks.map(({ rating }) => rating)).toEqual([undefined]);
  for (const stars of [4, 2, 3]) text = rated(text, { task, name, stars });
  expect(text).toBe(`# Feedback - ${DATE}\n\n## ${task}: ${name}\nRating: 3/5\nAction: Keep notes\n`);
});

test.each([
  'Rating: 1/5',
  '★',
  '1/5',
  '**b**',
  'b: 1/5',
  '=====',
  '```',
  '- ```',
  'the tag <!-- broke it',
  '| Task | Rating |\n|---|---|\n| b | 1 |',
  'Title\n=====\nRating: 1',
])('words beside the stars begin nothing: %j', (remark) => {
  const before = '## b: B\nRating: 5/5\n\n## a: A\n\n<!-- x -->\n\n## Orchestrator Performance\n- Good: fast\n';
  const done = withRating(before, context, { task: 'a', stars: 4, remark });
  if (!('text' in done)) throw new Error(done.why);
  const { tasks: said, others, performance, cut } = parseFeedback(done.text, context);
  expect(said.map((one) => [one.task, one.rating])).toEqual([
    ['b', 5],
    ['a', 4],
  ]);
  expect([others, performance.remarks.length, cut]).toEqual([[], 1, undefined]);
});

const part = fc.constantFrom(
  ...[
    '# Feedback',
    '## a',
    '## b: B',
    '### Nobody',
    '',
    'Rating: 4',
    '★★★',
    '✅ good',
    'Action: mine',
    '- one',
    'words',
  ],
  ...[
    '```',
    '~~~',
    '<!--',
    '-->',
    '> Rating: 1',
    '    Rating: 2',
    '- a: 3/5',
    '- b',
    '**a**',
    '| Task | Rating |',
    '|---|---|',
  ],
  ...['| a | 2 |', '===', '---', '### Actions', '## Tomorrow’s Adjustments', 'a: 4', '  more', '\ufeff', 'Rating: six'],
);

test('whatever the file looks like: the rating counts or it is refused, and every other line stays', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(part, fc.constantFrom('\n', '\n', '\r\n', '\r')), { maxLength: 14 }),
      fc.option(fc.constantFrom('words', '- item', '```', 'Rating: 1', '-->', '# x'), { nil: undefined }),
      fc.option(fc.constantFrom('do it', '<!-- x', '## b'), { nil: undefined }),
      (lines, remark, action) => {
        const before = lines.flat().join('');
        const done = withRating(before, context, {
          ...{ task: 'a', stars: 2.5 },
          ...(remark === undefined ? {} : { remark }),
          ...(action === undefined ? {} : { action }),
        });
        if ('why' in done) return;
        const [was, is] = [before, done.text].map((text) => parseFeedback(text, context));
        expect(is!.tasks.find(({ task }) => task === 'a')?.rating).toBe(2.5);
        const others = (one: typeof was) =>
          one!.tasks.filter(({ task }) => task !== 'a').map((b) => [b.rating, b.remarks.length]);
        expect(others(is)).toEqual(others(was));
        // What was there is there in its order, but for the rating that was replaced.
        const split = (text: string) => text.split(/(?<=\n|\r(?!\n))/);
        const now = split(done.text);
        const all = before.trim() === '' ? [] : split(before);
        const without = (left: number) => {
          let at = -1;
          return all.every((line, index) => {
            if (index === left) return true;
            at = now.findIndex((one, place) => place > at && one.startsWith(line));
            return at !== -1;
          });
        };
        expect(all.length === 0 || all.some((_, left) => without(left))).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
