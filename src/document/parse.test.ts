import fc from 'fast-check';
import { expect, test } from 'vitest';
import { processorMs } from '../base/testing.ts';
import { z } from 'zod';
import { formatProblem, parseDocument } from './index.ts';

const schema = z.strictObject({
  name: z.string().optional(),
  count: z.number().int().positive().max(9).optional(),
  kind: z.enum(['low', 'medium', 'high']).optional(),
  list: z.array(z.strictObject({ id: z.string().describe('its name'), module: z.string().optional() })).default([]),
  env: z.record(z.string().regex(/^[A-Z]+$/, 'not a name'), z.string()).default({}),
  odd: z.custom<string>((value) => value === 'odd', { error: 'expected odd', params: { words: ['odd'] } }).optional(),
});

const told = (text: string) =>
  parseDocument(text, 'f.yaml', schema, { textUnder: ['env'] }).problems.map(formatProblem);

test('a valid text is a value without problems, with or without a byte order mark and with CRLF', () => {
  for (const text of ['name: a\ncount: 2\n', '\ufeffname: a\r\ncount: 2\r\n']) {
    const { value, problems } = parseDocument(text, 'f.yaml', schema);
    expect(problems).toEqual([]);
    expect(value).toEqual({ name: 'a', count: 2, list: [], env: {} });
  }
});

test.each([
  ['name: [a, b]', 'f.yaml:1:7  name: expected a string, found a list of 2'],
  [
    '\nname: {a: 1}',
    'f.yaml:2:7  name: expected a string, found a mapping with a: put quotes round a text with ": " in it',
  ],
  ['name: 007', 'f.yaml:1:7  name: expected a string, found the number 007: put quotes round it if it is meant'],
  ['name: true', 'f.yaml:1:7  name: expected a string, found true: put quotes round it if it is meant'],
  ['name:\nlist: []', 'f.yaml:1:1  name: expected a string, found nothing'],
  ['count: "5"', 'f.yaml:1:8  count: expected a number, found the string "5": write it without quotes'],
  ['count: 1.5', 'f.yaml:1:8  count: expected a whole number, found the number 1.5'],
  ['count: 0', 'f.yaml:1:8  count: expected more than 0, found the number 0'],
  ['count: 10', 'f.yaml:1:8  count: expected at most 9, found the number 10'],
  ['count: .inf', 'f.yaml:1:8  count: expected a number, found the number .inf'],
  ['kind: medum', 'f.yaml:1:7  kind: expected low, medium or high, found the string "medum": did you mean "medium"?'],
  ['kind: High', 'f.yaml:1:7  kind: expected low, medium or high, found the string "High": did you mean "high"?'],
  ['odd: od', 'f.yaml:1:6  odd: expected odd, found the string "od": did you mean "odd"?'],
  ['list: x', 'f.yaml:1:7  list: expected a list, found the string "x": each entry is a mapping of id, module'],
  ['list:\n  - id: a\n    modle: b', 'f.yaml:3:5  list[0].modle: unknown key: did you mean "module"?'],
  ['list:\n  - id: a\n    zzz: b', 'f.yaml:3:5  list[0].zzz: unknown key; known here: id, module'],
  ['list:\n  - module: a', 'f.yaml:2:5  list[0].id: missing: its name'],
  ['env: {a: b}', 'f.yaml:1:7  env.a: not a name'],
  ['env: {A: [1]}', 'f.yaml:1:10  env.A: expected a string, found a list of 1'],
  ['"a b": 1', 'f.yaml:1:1  ["a b"]: unknown key; known here: name, count, kind, list, env, odd'],
])('%j is told with its place, what was expected and what was found', (text, line) => {
  expect(told(text)).toEqual([line]);
});

test.each([
  ['empty', '', 'f.yaml:1:1  the file is empty'],
  ['only a comment', '# nothing\n', 'f.yaml:1:1  the file is empty'],
  ['a list at the top', '- a\n- b', 'f.yaml:1:1  expected a mapping, found a list of 2'],
  ['a word at the top', 'hello', 'f.yaml:1:1  expected a mapping, found the string "hello"'],
  [
    'several documents',
    'name: a\n---\nname: b',
    'f.yaml:2:1  a second document begins here ("---"): one file holds one document',
  ],
  ['a key twice', 'name: a\ncount: 1\nname: b', 'f.yaml:3:1  "name" stands here twice: keep one of them'],
  ['a tab', 'list:\n\t- id: a', 'f.yaml:2:1  a tab is used for indentation: YAML takes only spaces there'],
  ['an unknown alias', 'name: *who', 'f.yaml:1:7  the alias *who has no anchor &who before it'],
  ['a key that is a list', '? [a]\n: b', 'f.yaml:1:3  a key must be a word, not a list or a mapping'],
  ['a prototype', '__proto__: {name: x}', 'f.yaml:1:1  "__proto__" cannot be a key'],
  ['an open quote', 'name: "a\n', 'f.yaml:2:1  not valid YAML: Missing closing "quote'],
  [
    'a colon in a value',
    'name: a: b',
    'f.yaml:1:7  not valid YAML: a ":" inside a value; put quotes round the value (Nested mappings are not allowed in compact mappings)',
  ],
])('%s: a clear error', (_, text, line) => {
  expect(told(text)).toContain(line);
});

const nine = (name: string) => `[${Array.from({ length: 9 }, () => `*${name}`).join(',')}]`;
const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b ${nine('a')}\nc: &c ${nine('b')}\nd: &d ${nine('c')}\ne: &e ${nine('d')}\nf: ${nine('e')}`;
const big = 300_000;

test.each([
  ['a bomb of aliases', bomb, /aliases .* grow/],
  ['too many aliases', `name: &n x\nlist: [${'*n, '.repeat(2000)}]`, /more than 1000 aliases/],
  ['a heap of brackets', '['.repeat(big), /more than 64 levels/],
  ['a heap of question marks', '? '.repeat(big / 2), /more than 64 levels/],
  ['a heap of dashes', '- '.repeat(big / 2), /more than 64 levels/],
  ['a heap of anchors', '&a '.repeat(big / 3), /not valid YAML/],
  ['a heap of unknown keys', Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n'), /and at least \d+ more/],
  ['a heap of wrong entries', `list:\n${'- {}\n'.repeat(40_000)}`, /missing: its name/],
  ['more than a megabyte', `name: ${'x'.repeat(10_000_000)}`, /too large: 10000006 bytes/],
])('%s is refused in seconds', (_, text, message) => {
  const began = processorMs();
  const { problems, value } = parseDocument(text, 'f.yaml', schema);
  expect(value).toBeUndefined();
  expect(problems.map(formatProblem).join('\n')).toMatch(message);
  expect(problems.length).toBeLessThanOrEqual(201);
  // Before the limits one of these took three minutes.
  expect(processorMs() - began).toBeLessThan(20_000);
});

test('a file that is an alias of itself ends', () => {
  expect(told('list: &l [*l]')[0]).toContain('list[0]');
});

test('anchors within reason work', () => {
  const { value } = parseDocument('name: &n x\nlist: [{id: *n}]', 'f.yaml', schema);
  expect(value?.list).toEqual([{ id: 'x' }]);
});

test('values under env stay as they are written, through aliases too', () => {
  const text = 'count: &n 1\nenv: {A: 1.10, B: 0x1F, C: true, D: yes, E: "1", F: 007, G: *n}';
  expect(parseDocument(text, 'f.yaml', schema, { textUnder: ['env'] }).value).toMatchObject({
    count: 1,
    env: { A: '1.10', B: '0x1F', C: 'true', D: 'yes', E: '1', F: '007', G: '1' },
  });
});

test('all problems are told, in the order of the file', () => {
  expect(told('kind: x\nnam: 1\nlist:\n  - {}\ncount: y').map((line) => line.split('  ')[0])).toEqual([
    'f.yaml:1:7',
    'f.yaml:2:1',
    'f.yaml:4:5',
    'f.yaml:5:8',
  ]);
});

test('what a hostile file says cannot steer a terminal', () => {
  const lines = told('"\\e[2J\\u202e": 1\nname: ["\\e]0;x\\a"]\nkind: "\\e[31m"');

  expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u202e]/);
});

test('an empty text may stand for a value', () => {
  expect(parseDocument('', 'f.yaml', schema, { empty: {} }).value).toEqual({ list: [], env: {} });
});

test(
  'no text makes it throw, and without a value there is an error with a place in the file',
  { timeout: 60_000 },
  () => {
    const yamlish = fc
      .array(
        fc.constantFrom(
          'a',
          ':',
          ' ',
          '\n',
          '- ',
          '  ',
          '&a',
          '*a',
          '[',
          ']',
          '{',
          '}',
          '"',
          "'",
          '|',
          '>',
          '?',
          '!',
          '#',
          '%',
          '\t',
          '---',
          'name',
          'list',
          'env',
          '<<',
          ',',
          '\\',
          '\0',
          '\r',
          '1',
        ),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), yamlish), (text) => {
        const { value, problems } = parseDocument(text, 'f.yaml', schema, { textUnder: ['env'] });
        const lines = text.split(/\r?\n/).length;
        for (const problem of problems) {
          expect(problem.line).toBeGreaterThanOrEqual(1);
          expect(problem.line).toBeLessThanOrEqual(lines);
          expect(problem.column).toBeGreaterThanOrEqual(1);
          expect(formatProblem(problem)).not.toContain('\n');
        }
        expect(value === undefined).toBe(problems.some(({ severity }) => severity === 'error'));
      }),
      { numRuns: 1500 },
    );
  },
);

test('any JSON value, written as YAML, gives a value or errors', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      const { value, problems } = parseDocument(JSON.stringify(json), 'f.yaml', schema);
      expect(value === undefined).toBe(problems.length > 0);
    }),
    { numRuns: 300 },
  );
});
