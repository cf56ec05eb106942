import { expect, test } from 'vitest';
import { DayshiftError, messageWithHint } from './index.ts';

const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

test.each([
  [
    full,
    'a file cannot be written: ENOSPC: no space left on device, write. the disk is full: free some space, then start again',
  ],
  [
    new DayshiftError('environment', 'git ended with 128: fatal: x\n', { hint: 'Mend x.' }),
    'git ended with 128: fatal: x. Mend x.',
  ],
  [new DayshiftError('usage', 'no.'), 'no.'],
  [new Error('other'), 'other'],
  ['thrown', 'thrown'],
])('%s is told with what to do, where that is known', (error, words) => {
  expect(messageWithHint(error)).toBe(words);
});
