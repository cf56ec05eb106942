import { expect, test } from 'vitest';
import type { ProcessExit } from '../../sandbox/index.ts';
import { readMessage, type ResultMessage } from './messages.ts';
import { betterResult, outcome } from './outcome.ts';

const exit = (exitCode: number | null, signal: string | null = null): ProcessExit => ({
  exitCode,
  signal,
  timedOut: false,
  hits: [],
});

function result(fields: object): ResultMessage {
  const message = readMessage(JSON.stringify({ type: 'result', subtype: 'success', num_turns: 3, ...fields }));
  if (message?.type !== 'result') throw new Error('no result');
  return message;
}

test('an empty result before or after the real one does not count', () => {
  const real = result({ result: 'Done.' });
  const empty = result({ num_turns: 0 });
  expect([empty, real, empty].reduce<ResultMessage | undefined>(betterResult, undefined)).toBe(real);
  const later = result({ result: 'Really done.' });
  expect([real, later].reduce<ResultMessage | undefined>(betterResult, undefined)).toBe(later);
});

test.each([
  ['a plain end', result({ result: ' Done. ' }), exit(0), '', { end: 'finished', text: 'Done.', turns: 3 }],
  ['a kill after the result', result({ result: 'Done.' }), exit(null, 'SIGKILL'), '', { end: 'finished' }],
  [
    'a deferral by its stop reason',
    result({ stop_reason: 'tool_deferred', deferred_tool_use: { id: 'toolu_9', name: 'X' } }),
    exit(0),
    '',
    { end: 'deferred', toolUseId: 'toolu_9' },
  ],
  [
    'a deferral by its terminal reason',
    result({ terminal_reason: 'tool_deferred', deferred_tool_use: { id: 'toolu_9' } }),
    exit(0),
    '',
    { end: 'deferred', toolUseId: 'toolu_9' },
  ],
  [
    'used-up turns',
    result({ subtype: 'error_max_turns', is_error: true, errors: ['Reached maximum number of turns (2)'] }),
    exit(1),
    '',
    { end: 'max_turns', text: 'Reached maximum number of turns (2)' },
  ],
  [
    'an API error under the subtype success',
    result({ is_error: true, result: 'API Error: 400 no', api_error_status: 400 }),
    exit(1),
    '',
    { end: 'failed', text: 'API Error: 400 no' },
  ],
  [
    'an error in silence',
    result({ subtype: 'error_during_execution' }),
    exit(1),
    'why',
    { end: 'failed', text: /why/ },
  ],
  [
    'a session that is not known',
    result({ num_turns: 0, is_error: true, errors: ['No conversation found with session ID: x'] }),
    exit(1),
    '',
    { end: 'failed', resumeImpossible: true },
  ],
  [
    'no deferred marker',
    undefined,
    exit(1),
    'Error: No deferred tool marker found in the resumed session.',
    { end: 'failed', resumeImpossible: true, text: /No deferred tool marker/ },
  ],
  ['a kill', undefined, exit(null, 'SIGKILL'), '', { end: 'lost', resumeImpossible: false, text: /SIGKILL/ }],
  ['a kill told as an exit code', undefined, exit(137), '', { end: 'lost' }],
  ['an end without a result', undefined, exit(0), '', { end: 'lost' }],
  ['a refusal to start', undefined, exit(1), 'error: unknown option', { end: 'failed', text: /unknown option/ }],
])('%s', (_name, line, how, stderr, expected) => {
  const { text, ...rest } = expected as { text?: string | RegExp };
  const came = outcome(line, how, stderr);
  expect(came).toMatchObject(rest);
  if (text !== undefined) expect(came.text).toEqual(text instanceof RegExp ? expect.stringMatching(text) : text);
});

test('words about a missing marker inside the agent’s own text are not taken for the CLI’s', () => {
  const said = result({ result: 'The log says: No deferred tool marker found' });
  expect(outcome(said, exit(0), '')).toMatchObject({ end: 'finished', resumeImpossible: false });
  // Nor what a program of the agent's wrote to stderr: turns were taken.
  const stderr = 'No conversation found with session ID: x';
  expect(outcome(said, exit(0), stderr)).toMatchObject({ end: 'finished', resumeImpossible: false });
});
