import { expect, test } from 'vitest';
import { createBlock } from './block.ts';
import type { CliIo } from './io.ts';

/** A terminal as far as a block needs one: lines, going up, erasing. */
function terminal() {
  let lines = [''];
  let row = 0;
  const io: Pick<CliIo, 'out'> = {
    out(text) {
      for (const part of text.split(/(\u001b\[\d*[A-Z]|\n|\r)/).filter((one) => one !== '')) {
        if (part === '\n') lines[(row += 1)] ??= '';
        else if (part.endsWith('A') && part.startsWith('\u001b')) row -= Number(part.slice(2, -1));
        else if (part === '\u001b[J') lines = [...lines.slice(0, row), ''];
        else if (part !== '\r' && part !== '\u001b[K') lines[row] = part;
      }
    },
  };
  return { io: io as CliIo, shown: () => lines.join('\n') };
}

test('a block is drawn over its last self, longer or shorter', () => {
  const { io, shown } = terminal();
  io.out('before\n');
  const block = createBlock(io);
  block.draw(['one', 'two']);
  block.draw(['1', '2', '3']);
  expect(shown()).toBe('before\n1\n2\n3\n');
  block.draw(['only']);
  expect(shown()).toBe('before\nonly\n');
});

test('what is said in between stays above it', () => {
  const { io, shown } = terminal();
  const block = createBlock(io);
  block.draw(['table', 'total']);
  block.above('! a warning');
  block.draw(['table', 'total']);
  expect(shown()).toBe('! a warning\ntable\ntotal\n');
});

test('a block that was left stays as it is, and the next one begins below', () => {
  const { io, shown } = terminal();
  const block = createBlock(io);
  block.draw(['then']);
  block.leave();
  block.draw(['now']);
  expect(shown()).toBe('then\nnow\n');
});
