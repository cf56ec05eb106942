import fc from 'fast-check';
import { expect, test } from 'vitest';
import { processorMs } from '../base/testing.ts';
import { context, read, tasks } from './testing.ts';
import { withRating } from './rate.ts';

const words = fc
  .array(
    fc.constantFrom('tests', 'were', 'missing', 'PAGINATION.md', 'für', 'das', '日本', 'a|b', '`npm test`', '#1'),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((list) => list.join(' '));
const ratingText: Record<string, (stars: number) => string> = {
  plain: (stars) => `Rating: ${stars}`,
  of: (stars) => `**Rating:** ${stars} of 5`,
  comma: (stars) => `- rating: ${String(stars).replace('.', ',')}/5`,
  ten: (stars) => `Score: ${stars * 2}/10`,
  glyphs: (stars) => `${'★'.repeat(Math.floor(stars))}${stars % 1 === 0 ? '' : '½'}`,
};
const signText = { good: ['✅', '✔️'], warning: ['⚠', '⚠️ ', '- ⚠️'], bad: ['❌', '* ❌', '1. ❌'] } as const;
const section = fc.record({
  stars: fc.integer({ min: 2, max: 10 }).map((half) => half / 2),
  style: fc.constantFrom(...Object.keys(ratingText)),
  remarks: fc.array(
    fc
      .constantFrom('good' as const, 'warning' as const, 'bad' as const)
      .chain((sign) => fc.record({ sign: fc.constant(sign), mark: fc.constantFrom(...signText[sign]), text: words })),
    { maxLength: 4 },
  ),
  actions: fc.array(words, { maxLength: 3 }),
  label: fc.constantFrom('Action:', 'ACTION: ', '- Action:', '**Action:**', 'Aktion:'),
});

test('any mixture of valid sections says what went into it', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(fc.constantFrom(...tasks), section), { selector: ([task]) => task.id }),
      fc.constantFrom('\n', '\r\n'),
      fc.constantFrom(
        (id: string, name: string) => `## ${id}: ${name}`,
        (id: string) => `### ${id.toUpperCase()}`,
        (_: string, name: string) => `## ${name}`,
        (id: string, name: string) => `# Task ${id} - ${name}`,
      ),
      (sections, eol, heading) => {
        const text = sections.flatMap(([{ id, name }, { stars, style, remarks, actions, label }]) => [
          heading(id, name),
          ratingText[style]!(stars),
          '',
          ...remarks.map((remark) => `${remark.mark} ${remark.text}`),
          ...actions.map((action) => `${label} ${action}`),
          '',
        ]);
        const result = read(['# Feedback - 2026-11-23', '', ...text].join(eol));
        expect(result.problems).toEqual([]);
        expect(
          result.tasks.map((one) => [
            one.task,
            one.rating,
            one.remarks.map((remark) => [remark.sign, remark.text]),
            one.actions.map((action) => action.text),
          ]),
        ).toEqual(
          sections.map(([{ id }, { stars, remarks, actions }]) => [
            id,
            stars,
            remarks.map((remark) => [remark.sign, remark.text]),
            actions,
          ]),
        );
      },
    ),
  );
});

test('what Dayshift writes into a file reads back, and takes nothing away from it', () => {
  const plain = words.filter((text) => !/^[#`]/.test(text));
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          task: fc.constantFrom(...tasks),
          stars: fc.integer({ min: 2, max: 10 }).map((half) => half / 2),
          remark: fc.option(plain, { nil: undefined }),
          action: fc.option(plain, { nil: undefined }),
        }),
        { minLength: 1, maxLength: 8 },
      ),
      (ratings) => {
        let text = '';
        for (const { task, stars, remark, action } of ratings) {
          const rated = withRating(text, context, {
            ...{ task: task.id, stars },
            ...(remark === undefined ? {} : { remark }),
            ...(action === undefined ? {} : { action }),
          });
          text = 'text' in rated ? rated.text : '';
        }
        const result = read(text);
        expect(result.problems).toEqual([]);
        for (const { id } of tasks) {
          const mine = ratings.filter(({ task }) => task.id === id);
          const one = result.tasks.find(({ task }) => task === id);
          expect(one?.rating).toBe(mine.at(-1)?.stars);
          expect(one?.actions.map((action) => action.text) ?? []).toEqual([
            ...new Set(mine.flatMap(({ action }) => action ?? [])),
          ]);
        }
      },
    ),
  );
});

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .array(
      fc.constantFrom(
        ...['## ', '# ', '|', '\n', '\r', 'task-001', 'Rating:', ' ★', '½', '4/5', '```', '<!--', '-->', 'Action:'],
        ...['- ', '**', '✅', '\u0000', '️', '---', ':', '9'.repeat(30), ' '.repeat(30), '\ud800', '_', '> '],
      ),
      { maxLength: 60 },
    )
    .map((parts) => parts.join('')),
);

test('no text makes it throw, and reading twice is reading once', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const once = read(text);
      expect(read(text)).toEqual(once);
      for (const problem of once.problems) expect(problem.line).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});

test('a megabyte of one line takes no longer than it should', () => {
  const started = processorMs();
  for (const unit of ['#', '| ', '★', '**a:', '> ', '- ', '`', 'a: ', '<!--', '\\<!--', '[x](', '(4/5 ', 'login '])
    read(`## login\n${unit.repeat(200_000)}\nRating: 4\n`);
  expect(processorMs() - started).toBeLessThan(5000);
});

test.each([
  ['## login\n✅ fine\n4/5\n', 4, ['fine'], []],
  ['## login\nAction: run tests\n3/5\n', 3, [], ['run tests']],
  ['## login\nOtherwise fine.\n★★★★\nand quick\n', 4, ['Otherwise fine.', 'and quick'], []],
  ['## login\n- ❌ broke\n  2/5\n', 2, ['broke'], []],
  [
    '## login\n✅ of the files it changed\n3/5 were needed\n',
    undefined,
    ['of the files it changed 3/5 were needed'],
    [],
  ],
  ['## login\n✅ fine\n4\n', undefined, ['fine 4'], []],
])(
  'a rating on a line of its own counts below a remark or a wish too, and is no part of it: %j',
  (text, rating, remarks, wishes) => {
    const said = read(text).tasks[0];
    expect([said?.rating, said?.remarks.map((one) => one.text), said?.actions.map((one) => one.text)]).toEqual([
      ...[rating, remarks, wishes],
    ]);
  },
);
