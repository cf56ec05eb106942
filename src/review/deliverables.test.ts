import fc from 'fast-check';
import { expect, test } from 'vitest';
import { processorMs } from '../base/testing.ts';
import { deliverablePorts, lookAtDeliverables, matchesPath, pathsIn } from './index.ts';

test.each([
  ['docs/NEW_DOC.md', ['docs/NEW_DOC.md']],
  ['Updated docs/MODULE_REGISTRY.md', ['docs/MODULE_REGISTRY.md']],
  ['src/app/(main)/baptisms/', ['src/app/(main)/baptisms/']],
  ['New page in src/app/[id]/page.tsx, with tests', ['src/app/[id]/page.tsx']],
  ['README.md and docs/x.md', ['README.md', 'docs/x.md']],
  ['README.md, docs/x.md;docs/y.md.', ['README.md', 'docs/x.md', 'docs/y.md']],
  ['`docs/a.md` and "docs/b.md" and \'docs/c.md\'', ['docs/a.md', 'docs/b.md', 'docs/c.md']],
  ['**docs/a.md** (docs/b.md)', ['docs/a.md', 'docs/b.md']],
  ['see [the page](docs/a.md)', ['docs/a.md']],
  ['Fix src/a.ts:12:5 and src/b.ts#L10', ['src/a.ts', 'src/b.ts']],
  ["package.json's version", ['package.json']],
  ['src/**/*.test.ts', ['src/**/*.test.ts']],
  ['docs/*.md and *.json', ['docs/*.md', '*.json']],
  ['src/{a,b}.ts', ['src/{a,b}.ts']],
  ['./scripts/run.sh', ['scripts/run.sh']],
  ['src/components', ['src/components']],
  ['Dockerfile and .gitignore', ['Dockerfile', '.gitignore']],
  ['docs/Übersicht.md', ['docs/Übersicht.md']],
  ['Changed docs/a.md and docs/a.md again', ['docs/a.md']],
  ['Use TCP/IP and/or UDP, input/output', []],
  ['and/or', []],
  ['TCP/IP', []],
  ['See https://example.com/docs/a.md and www.example.com/x', []],
  ['github.com/foo/bar, mail me@example.com, example.com', []],
  ['Works with Node.js and Next.js, e.g. v1.2 of 3.4', []],
  ['All tests pass. Nothing else.', []],
  ['A short note (1/2) on 50/50', []],
  ['', []],
])('%j names %j', (text, expected) => {
  expect(pathsIn(text)).toEqual(expected);
});

test('what only a look can tell is looked at', () => {
  const there = new Set(['gradlew', 'src/lib', 'docs/My Notes.md', 'Node.js', 'TCP/IP']);
  const exists = (path: string) => there.has(path);
  expect(pathsIn('Move src/lib to src/core', exists)).toEqual(['src/lib']);
  expect(pathsIn('docs/My Notes.md', exists)).toEqual(['docs/My Notes.md']);
  expect(pathsIn('Rewrite "docs/My Notes.md" please', exists)).toEqual(['docs/My Notes.md']);
  expect(pathsIn('Node.js', exists)).toEqual(['Node.js']);
  expect(pathsIn('on TCP/IP', exists)).toEqual(['TCP/IP']);
  // A word that is nothing but the name of a file without an ending.
  expect(pathsIn('gradlew', exists)).toEqual(['gradlew']);
  expect(pathsIn('gradlew works', exists)).toEqual([]);
  expect(pathsIn('gradlew')).toEqual([]);
});

test('any text is read, quickly', () => {
  fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => void pathsIn(text)));
  const started = processorMs();
  for (const unit of ['a/', '(', '`', '"', 'a,', '{a,', '*', '.', "'s", 'a.b/', '[a](']) pathsIn(unit.repeat(200_000));
  expect(processorMs() - started).toBeLessThan(3000);
});

const changed = [
  { status: 'A', path: 'docs/NEW_DOC.md' },
  { status: 'M', path: 'src/app/(main)/baptisms/page.tsx' },
  { status: 'D', path: 'src/old.ts' },
];
const disk = new Set([
  'docs/NEW_DOC.md',
  'docs/GUIDE.md',
  'src/app/(main)/baptisms/',
  'src/app/(main)/weddings/',
  'README.md',
]);
const ports = deliverablePorts(changed, (path) => disk.has(path));

test.each([
  ['docs/NEW_DOC.md', 'changed'],
  ['README.md', 'unchanged'],
  ['docs/missing.md', 'missing'],
  ['src/app/(main)/baptisms/', 'changed'],
  ['src/app/(main)/weddings/', 'unchanged'],
  ['docs/NEW_DOC.md and README.md', 'unchanged'],
  ['docs/NEW_DOC.md and docs/missing.md', 'missing'],
  ['docs/*.md', 'changed'],
  ['docs/*.txt', 'missing'],
  ['docs/NEW_DOC.md following docs/GUIDE.md', 'changed'],
  ['docs/NEW_DOC.md (see `docs/GUIDE.md`)', 'changed'],
  ['docs/NEW_DOC.md, linked from README.md', 'unchanged'],
  ['As described in docs/GUIDE.md', 'not_checkable'],
  ['Removed src/old.ts', 'changed'],
  ['src/old.ts', 'missing'],
  ['A clear commit history', 'not_checkable'],
] as const)('the deliverable %j is %s', (text, verdict) => {
  expect(lookAtDeliverables([text], ports)).toMatchObject([{ text, verdict }]);
});

test.each([
  ['docs', 'docs/a.md', true],
  ['docs/', 'docs/a/b.md', true],
  ['docs', 'docs2/a.md', false],
  ['docs/a.md', 'docs/a.md', true],
  ['src/**/*.test.ts', 'src/a/b/c.test.ts', true],
  ['src/**/*.test.ts', 'src/c.test.ts', true],
  ['src/**', 'src/a/b', true],
  ['src/*.ts', 'src/a/b.ts', false],
  ['src/*', 'src/a/b.ts', true],
  ['src/?.ts', 'src/a.ts', true],
  ['src/{a,b}/*.ts', 'src/b/x.ts', true],
  ['src/{a,b}/*.ts', 'src/c/x.ts', false],
  ['.', 'anything', true],
])('%j against %j: %j', (pattern, path, expected) => {
  expect(matchesPath(pattern, path)).toBe(expected);
});

test('a file in a submodule is told apart from one that nobody changed', () => {
  const ports = deliverablePorts([{ status: 'M', path: 'README.md' }], () => true, ['vendor/lib']);
  const looked = lookAtDeliverables(['vendor/lib/a.md', 'vendor/library.md', 'README.md', 'vendor/lib'], ports);
  expect(looked.map(({ verdict, submodule }) => [verdict, submodule])).toEqual([
    ['unchanged', 'vendor/lib'],
    ['unchanged', undefined],
    ['changed', undefined],
    ['unchanged', 'vendor/lib'],
  ]);
});

test('a hostile glob costs little', () => {
  const started = processorMs();
  expect(matchesPath('**/'.repeat(200) + 'x', 'a/'.repeat(200) + 'y')).toBe(false);
  expect(matchesPath('*a'.repeat(500), 'a'.repeat(900) + 'b')).toBe(false);
  matchesPath('{a,b}'.repeat(40), 'a');
  expect(processorMs() - started).toBeLessThan(3000);
});

test('a path with spaces is found in free text where it exists or was changed, and is never missing where it is unclear', () => {
  const verdictOf = (text: string, there: string[], changedPaths: string[]) =>
    lookAtDeliverables(
      [text],
      deliverablePorts(
        changedPaths.map((path) => ({ status: 'M', path })),
        (path) => there.includes(path),
      ),
    )[0];
  const guide = 'services/bill ing/GUIDE.md';
  for (const text of [`Updated ${guide}`, `Updated ${guide}, with the new rates.`, `Updated "${guide}" again`]) {
    expect(verdictOf(text, [guide], [guide])).toEqual({ text, paths: [guide], verdict: 'changed' });
    expect(verdictOf(text, [guide], ['x'])?.verdict).toBe('unchanged');
  }
  expect(verdictOf(`Deleted ${guide}`, [], [guide])?.verdict).toBe('changed');
  expect(verdictOf(`Updated ${guide}`, [], ['x'])?.verdict).toBe('not_checkable');
  expect(verdictOf('Wrote docs/My Guide.md', [], ['x'])?.verdict).toBe('not_checkable');
  // In quotes it is sure.
  expect(verdictOf(`Updated "${guide}"`, [], ['x'])?.verdict).toBe('missing');
  // What is sure still counts.
  expect(verdictOf(`Updated ${guide} and docs/NEVER.md`, [], ['x'])?.verdict).toBe('missing');
  expect(verdictOf('Create docs/NEVER.md', [], ['x'])?.verdict).toBe('missing');
  expect(verdictOf('Describe TCP/IP in docs/NEVER.md', [], ['x'])?.verdict).toBe('missing');
});
