import { expect, test } from 'vitest';
import { verdictOf } from './try.ts';

test.each([
  ['SHUT 12', { verdict: 'refused', detail: '12 tries' }],
  ['noise\nOPEN a; b\n', { verdict: 'open', detail: 'a; b' }],
  // Whatever else it says, what was open was open.
  ['SHUT 3\nOPEN a', { verdict: 'open', detail: 'a' }],
  ['LEFT OUT python3 is not there', { verdict: 'left out', detail: 'python3 is not there' }],
])('%j', (output, verdict) => {
  expect(verdictOf(output, 'exit code 0')).toEqual(verdict);
});

test.each(['', 'SHUT 0', 'SHUT', 'xSHUT 3', 'BROKEN NameError'])('%j proves nothing', (output) => {
  expect(verdictOf(output, 'exit code 1')).toMatchObject({ verdict: 'unclear' });
});
