import { expect, test } from 'vitest';
import { structureOf, type Said } from './structure.ts';

const said: Said = {
  project: 'shop',
  module: 'api',
  modules: ['api', 'weddings'],
  testCommand: 'npm test',
  overrun: 1.8,
  file: (name) => ({ 'PAGINATION.md': 'docs/PAGINATION.md', 'docs/api.md': 'docs/api.md' })[name],
};
const does = (text: string) => structureOf(text, said).does;

test.each([
  ['Never touch migrations/', ['migrations/**']],
  ["Don't edit `src/legacy/old.ts`, ever", ['src/legacy/old.ts']],
  ['Do not change package-lock.json or yarn.lock', ['package-lock.json', 'yarn.lock']],
])('%j denies writes', (text, path) => {
  expect(does(text)).toEqual({
    kind: 'guard',
    rule: { when: { effect: ['write', 'delete'], path }, then: 'deny', reason: text },
  });
});

test.each(['Never forget CHANGELOG.md', 'Do not leave docs/WRITING.md behind'])('%j denies nothing', (text) => {
  expect(does(text)).toEqual({ kind: 'instruction' });
});

test.each([
  ['Never run `npm publish`', ['npm publish', 'npm publish *']],
  ["Don't use sed for edits", undefined],
  ['Stop using `curl`', ['curl', 'curl *']],
])('%j denies a command', (text, command) => {
  const found = does(text);
  expect(found.kind === 'guard' ? (found.rule.when as { command?: unknown }).command : undefined).toEqual(command);
});

test.each([
  ['Always run `npm run lint` before you finish', 'npm run lint'],
  ['`make check` must pass', 'make check'],
  ['Make testing mandatory in agent instructions', 'npm test'],
  ['Tests must pass', 'npm test'],
  ['Run the tests', 'npm test'],
])('%j requires a check', (text, command) => {
  expect(does(text)).toEqual({ kind: 'check', command });
});

test.each([
  ['Add PAGINATION.md to default context for pagination tasks', ['docs/PAGINATION.md'], { tags: ['pagination'] }],
  ['Read docs/api.md first in the api module', ['docs/api.md'], { module: 'api' }],
])('%j attaches files', (text, files, scope) => {
  expect(structureOf(text, said)).toEqual({ does: { kind: 'context', files }, scope: { project: 'shop', ...scope } });
});

test.each([
  ['Ask which database to use before starting', 'Which database to use?'],
  ['Ask me about the design first', 'The design?'],
  ['Always ask: shall old links go on working?', 'Shall old links go on working?'],
])('%j is asked beforehand', (text, ask) => {
  expect(does(text)).toEqual({ kind: 'question', ask });
});

test.each([
  ['Estimates for api tasks are 2x too low', 2],
  ['Weddings took twice as long as estimated', 2],
  ['Estimates are 50 % too low', 1.5],
  ['The estimate was too low', 1.8],
  ['Estimates are 2 times too high', 0.5],
])('%j corrects estimates by %d', (text, factor) => {
  expect(does(text)).toEqual({ kind: 'estimate', factor });
});

test.each([
  'Keep functions short',
  'Read UNKNOWN.md first',
  'Never skip the tests',
  'Write tests for new code',
  'Prefer composition over inheritance, e.g. for widgets',
])('%j is a line in the instructions', (text) => {
  expect(does(text)).toEqual({ kind: 'instruction' });
});
