import { expect, test } from 'vitest';
import { rehearsalScript } from './rehearsal.ts';
import type { Turn } from './schema.ts';

/** What the commands of a rehearsal append to. */
function touched(deliverable: string): string[] {
  const script = rehearsalScript([{ id: 'a', name: 'A', deliverables: [deliverable] }]);
  const turns = (script.tasks[0]?.turns ?? []) as Turn[];
  const commands = turns.flatMap(({ tools }) => tools.map(({ input }) => String(input.command)));
  return commands.flatMap((command) => />> '(.*)'$/.exec(command)?.[1] ?? []);
}

test.each([
  ['docs/NEW_DOC.md', ['docs/NEW_DOC.md']],
  ['Updated docs/MODULE_REGISTRY.md', ['docs/MODULE_REGISTRY.md']],
  ['docs/my notes ü.md', ['docs/my notes ü.md']],
  ['`src/app/(main)/baptisms/`, and README.md.', ['src/app/(main)/baptisms/rehearsal.md', 'README.md']],
  ['A working login', ['REHEARSAL.md']],
  ['src/**/*.test.ts', ['REHEARSAL.md']],
])('a rehearsal touches what %j names, and something where it names nothing', (deliverable, files) => {
  expect(touched(deliverable)).toEqual(files);
});

test.each(['/etc/passwd', '../up/x.md', 'a/../../b.md', '~/x.md', 'https://example.org/x.md', '-rf/x.md'])(
  'a rehearsal touches nothing outside the project: %j',
  (deliverable) => {
    expect(touched(deliverable).every((path) => /^(?:REHEARSAL\.md|rf\/x\.md)$/.test(path))).toBe(true);
  },
);
