import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NewEvent } from '../../journal/index.ts';
import { eventsOf } from './events.ts';
import { lineSplitter } from './lines.ts';
import { readMessage } from './messages.ts';

function events(value: unknown): NewEvent[] {
  const message = readMessage(typeof value === 'string' ? value : JSON.stringify(value));
  return message === undefined ? [] : eventsOf(message);
}

const assistant = (content: unknown, more: object = {}) => ({ type: 'assistant', message: { content }, ...more });

test('no bytes make the reader throw', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (chunks) => {
      const splitter = lineSplitter();
      const lines = [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
      for (const line of lines) events(line);
    }),
  );
});

test('no JSON makes the reader throw, whatever it has in the fields that are read', () => {
  const kind = fc.constantFrom('system', 'assistant', 'user', 'result', 'rate_limit_event', 'news');
  const blocks = fc.array(
    fc.record({
      type: fc.constantFrom('text', 'tool_use', 'tool_result', 'image'),
      text: fc.jsonValue(),
      id: fc.jsonValue(),
      name: fc.constantFrom('Bash', 'AskUserQuestion', '__proto__', 'constructor', 7),
      input: fc.jsonValue(),
      tool_use_id: fc.constantFrom('t', 1),
      content: fc.jsonValue(),
    }),
  );
  const line = fc.record(
    {
      type: kind,
      subtype: fc.constantFrom('init', 'api_retry', 'permission_denied', 'success', 1),
      message: fc.oneof(fc.jsonValue(), fc.record({ content: fc.oneof(fc.jsonValue(), blocks) })),
      rate_limit_info: fc.record({ status: fc.constantFrom('rejected', 1), resetsAt: fc.jsonValue() }),
      error: fc.jsonValue(),
      attempt: fc.jsonValue(),
    },
    { requiredKeys: ['type'] },
  );
  fc.assert(
    fc.property(line, (value) => void events(value)),
    { numRuns: 500 },
  );
});

test('words, tool calls and results become events, cut to what a journal needs', () => {
  const long = 'w'.repeat(2000);
  const said = events(
    assistant([
      { type: 'thinking', thinking: 'hm' },
      { type: 'text', text: long },
    ]),
  );
  expect(said).toHaveLength(1);
  expect(JSON.stringify(said).length).toBeLessThan(600);
  const tool = { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: { command: long } };
  const [call] = events(assistant([tool]));
  expect(call).toMatchObject({ type: 'agent.tool', data: { toolUseId: 'toolu_1', tool: 'Bash' } });
  expect(JSON.stringify(call).length).toBeLessThan(450);
  const content = [{ type: 'text', text: long }, { type: 'image' }];
  const [result] = events({
    type: 'user',
    message: { content: [{ type: 'tool_result', tool_use_id: 'toolu_1', is_error: true, content }] },
  });
  expect(result).toMatchObject({ type: 'agent.tool_result', data: { toolUseId: 'toolu_1', ok: false } });
  expect(JSON.stringify(result).length).toBeLessThan(450);
});

test('the CLI’s own words about a failed model call are not taken for the agent’s', () => {
  const text = [{ type: 'text', text: 'API Error: 401' }];
  expect(events(assistant(text, { error: 'authentication_failed' }))).toEqual([]);
});

test('what is told of a window is kept; a limit is told only where it is reached', () => {
  const event = (status: string) => ({
    type: 'rate_limit_event',
    rate_limit_info: { status, resetsAt: 1_795_000_000 },
  });
  const told = (status: string) => ({
    type: 'account.window',
    data: { window: 'account', status, resetAt: '2026-11-18T11:06:40.000Z' },
  });
  expect(events(event('allowed'))).toEqual([told('allowed')]);
  expect(events(event('rejected'))).toEqual([
    {
      type: 'agent.warned',
      data: { message: "the account's usage limit is reached until 2026-11-18T11:06:40.000Z" },
    },
    told('rejected'),
  ]);
});

test('unknown types and garbage are passed over', () => {
  for (const line of [
    '',
    'plain words',
    '{"type":',
    '[]',
    '{"type":"command_lifecycle"}',
    '{"type":"system","subtype":"new"}',
  ])
    expect(events(line)).toEqual([]);
});

test('a tool call is told by what it is about', () => {
  const subject = (name: string, input: unknown) => events(assistant([{ type: 'tool_use', id: 't', name, input }]))[0];
  expect(subject('Write', { file_path: '/a', content: 'long' })).toMatchObject({ data: { input: '/a' } });
  expect(subject('AskUserQuestion', { questions: [{ question: 'Which?' }] })).toMatchObject({
    data: { input: 'Which?' },
  });
  expect(subject('mcp__x__y', { a: 1 })).toMatchObject({ data: { input: '{"a":1}' } });
  expect(subject('Bash', 'not an object')).toMatchObject({ data: { input: '{}' } });
});
