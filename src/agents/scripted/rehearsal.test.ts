import { expect, test } from 'vitest';
import { rehearsalScript } from './rehearsal.ts';
import type { Turn } from './schema.ts';

/** What the commands of a rehearsal append to. */
function touched(deliverable: string, files: string[] = []): string[] {
  const under = (path: string) => files.some((file) => file.startsWith(`${path}/`));
  const look = { exists: (path: string) => files.includes(path) || under(path), isFolder: under, files: () => files };
  const script = rehearsalScript([{ id: 'a', name: 'A', deliverables: [deliverable] }], () => look);
  const turns = (script.tasks[0]?.turns ?? []) as Turn[];
  const commands = turns.flatMap(({ tools }) => tools.map(({ input }) => String(input.command)));
  return commands.flatMap((command) => />> '([^']*)'(?:; fi)?$/.exec(command)?.[1] ?? []);
}

test.each([
  ['docs/NEW_DOC.md', ['docs/NEW_DOC.md']],
  ['Updated docs/MODULE_REGISTRY.md', ['docs/MODULE_REGISTRY.md']],
  ['docs/my notes ü.md', ['docs/my notes ü.md']],
  ['`src/app/(main)/baptisms/`, and README.md.', ['src/app/(main)/baptisms/rehearsal.md', 'README.md']],
  ['A working login', ['REHEARSAL.md']],
  ['src/**/*.test.ts', ['src/rehearsal.test.ts']],
  ['assets/{a,b}/*', ['assets/a/rehearsal']],
])('a rehearsal touches what %j names, and something where it names nothing', (deliverable, files) => {
  expect(touched(deliverable)).toEqual(files);
});

test.each([
  ['f.x', ['f.x']],
  ['d.bin', ['d.bin']],
  ['the list in my notes.x', ['my notes.x']],
  ['src/lib', ['src/lib/rehearsal.md']],
  ['src/**/*.ts', ['src/deep/er/x.ts']],
  ['As in f.x: write new/y.ts', ['new/y.ts']],
])('of a project it touches what the review will look for: %j', (deliverable, files) => {
  const there = ['a.md', 'f.x', 'd.bin', 'my notes.x', 'src/lib/a.py', 'src/deep/er/x.ts'];
  expect(touched(deliverable, there)).toEqual(files);
});

test.each(['/etc/passwd', '../up/x.md', 'a/../../b.md', '~/x.md', 'https://example.org/x.md', '-rf/x.md'])(
  'a rehearsal touches nothing outside the project: %j',
  (deliverable) => {
    expect(touched(deliverable).every((path) => /^(?:REHEARSAL\.md|rf\/x\.md)$/.test(path))).toBe(true);
  },
);
