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
  ['Never edit generated files in src/gen/; change schema/api.graphql', ['src/gen/**']],
  ['Never change files in migrations/, they have run', ['migrations/**']],
  ['No changes to package.json', ['package.json']],
  ['In infra/ never change anything', ['infra/**']],
  ['src/gen/ must not be edited', ['src/gen/**']],
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
  ["Don't use `curl`, use `wget`", ['curl', 'curl *']],
  ['Never run `release`', ['release', 'release *']],
  ["Don't use `var`, use `let`", undefined],
  ['Never use `any`', undefined],
  ['Never run npm publish', ['npm publish', 'npm publish *']],
  ['Never run npm install after the tests', ['npm install', 'npm install *']],
  ['Never run kubectl against production', ['kubectl', 'kubectl *']],
  ['Never run make release twice', ['make release', 'make release *']],
  ['Never run npm publish again, please', ['npm publish', 'npm publish *']],
  ['Do not run docker compose down -v in this repository', ['docker compose down -v', 'docker compose down -v *']],
  ['Never run rm -rf', ['rm -rf', 'rm -rf *']],
  ["Don't use curl", ['curl', 'curl *']],
  ['Never use curl for downloads', ['curl', 'curl *']],
  ['Never run npm scripts', undefined],
  ['Never run python code from the web', undefined],
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
  ['Never finish without running `npm test`', 'npm test'],
  ["Don't forget to run `npm run lint`", 'npm run lint'],
  ['Do not stop before you run `npm run lint`', 'npm run lint'],
  ['Never say done without running `make check`', 'make check'],
  ['Never finish without running the tests', 'npm test'],
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
  ['Estimates are twice too high', 0.5],
  ['Estimates are 50 % too high', 0.67],
])('%j corrects estimates by %d', (text, factor) => {
  expect(does(text)).toEqual({ kind: 'estimate', factor });
});

test.each([
  'Keep functions short',
  'Read UNKNOWN.md first',
  'Never skip the tests',
  'Write tests for new code',
  'Prefer composition over inheritance, e.g. for widgets',
  "Don't forget to write tests in test/api.test.ts",
  'Do not forget to change CHANGELOG.md',
  'Never change the API without updating docs/api.md',
  'Do not remove tests from src/a.test.ts, fix them',
  'Never change the version in package.json',
  'Never edit src/gen/ when a release is near',
  'Stop the server before you delete tmp/cache.db',
  'Always use `const`',
  'Make sure `id` is unique',
])('%j is a line in the instructions', (text) => {
  expect(does(text)).toEqual({ kind: 'instruction' });
});

test.each([
  'Run the linter at the end of each task',
  'Write a changelog line for every task',
  'Read the description of the task first',
  'For this task keep functions short',
  'Keep notes for your tasks',
  'Ask less in the next task',
])('%j is about every task', (text) => {
  expect(structureOf(text, said).scope).toEqual({ project: 'shop' });
});

test.each([
  ['The estimate was too low', 0.2, undefined],
  ['The estimate was too low', 3, 3],
  ['Estimates are too high', 3, undefined],
  ['Estimates are too high', 0.25, 0.25],
  ['The estimates are wrong', 3, undefined],
])('without a number the words say which way, and what it came to how far: %j, %d', (text, overrun, factor) => {
  const { does: found } = structureOf(text, { ...said, overrun });
  expect(found).toEqual(factor === undefined ? { kind: 'instruction' } : { kind: 'estimate', factor });
});

test.each([
  'Ask me before changing the API',
  'Please ask me first before you change the API',
  'Ask if you are unsure',
  'Ask when something is unclear',
  'Ask me if in doubt',
])('%j is no question of every task', (text) => {
  expect(does(text)).toEqual({ kind: 'instruction' });
});
