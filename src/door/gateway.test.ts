import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import {
  openRig,
  question,
  secret,
  sendStream,
  sse,
  streamed,
  streamedTokens,
  until,
  type Rig,
  type RigOptions,
} from '../../test/support/door-rig.ts';
import { manualClock } from '../base/index.ts';
import { BudgetStop } from './types.ts';

const opened: Rig[] = [];

async function rig(options: RigOptions = {}): Promise<Rig> {
  const one = await openRig(options);
  opened.push(one);
  return one;
}

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const messages = '/v1/messages?beta=true';

test('a streamed answer comes through byte for byte and is settled exactly, by cache tier', async () => {
  const { post, told, seen } = await rig({ upstream: (_, response) => sendStream(response, streamed()) });
  const answer = await post(messages, question);
  expect(answer.status).toBe(200);
  expect(answer.body).toBe(streamed());
  expect(seen[0]?.url).toBe('/v1/messages?beta=true');
  expect(JSON.parse(seen[0]?.body ?? '')).toEqual(question);
  expect(told.calls).toMatchObject([
    { call: 'c1', model: 'claude-sonnet-4-5', requestBytes: JSON.stringify(question).length, maxTokens: 1000 },
  ]);
  expect(['"max_tokens":1000', 'max_tokens: 1000'].map((text) => told.calls[0]?.carries(text))).toEqual([true, false]);
  expect(told.settled).toMatchObject([
    { call: 'c1', message: 'msg_1', model: 'claude-sonnet-4-5-20250929', tokens: streamedTokens, basis: 'exact' },
  ]);
  // 10 × 3 + 25 × 15 + 100 × 3.75 + 200 × 6 + 2000 × 0.3 dollars per million
  expect(told.settled[0]?.usd).toBeCloseTo(0.00258, 10);
  expect(told.refused).toEqual([]);
});

test('the agent’s credentials stay behind and the real ones go out', async () => {
  const { post, seen } = await rig({ upstream: (_, response) => sendStream(response, streamed()) });
  await post(messages, question, {
    'x-api-key': 'placeholder',
    authorization: 'Bearer placeholder',
    cookie: 'a=b',
    'x-forwarded-for': '1.2.3.4',
    connection: 'keep-alive, x-hop',
    'x-hop': 'gone',
    'anthropic-beta': 'one,two',
    'anthropic-version': '2023-06-01',
  });
  const headers = seen[0]?.headers ?? {};
  expect(headers['x-api-key']).toBe(secret);
  expect(headers['anthropic-beta']).toBe('one,two');
  expect(headers['anthropic-version']).toBe('2023-06-01');
  expect(headers['accept-encoding']).toBe('identity');
  for (const name of ['authorization', 'cookie', 'x-forwarded-for', 'x-hop']) expect(headers[name]).toBeUndefined();
});

test('a subscription’s token goes out as a bearer beside the CLI’s own beta header', async () => {
  const { post, seen } = await rig({
    credential: { kind: 'oauth', secret },
    upstream: (_, response) => sendStream(response, streamed()),
  });
  await post(messages, question, { authorization: 'Bearer placeholder', 'anthropic-beta': 'oauth-2025-04-20,x' });
  expect(seen[0]?.headers.authorization).toBe(`Bearer ${secret}`);
  expect(seen[0]?.headers['x-api-key']).toBeUndefined();
  expect(seen[0]?.headers['anthropic-beta']).toBe('oauth-2025-04-20,x');
});

test('an answer in one JSON object is settled exactly, zipped or not', async () => {
  const body = JSON.stringify({
    type: 'message',
    id: 'msg_9',
    model: 'claude-haiku-4-5',
    usage: { input_tokens: 7, output_tokens: 3 },
  });
  let zip = false;
  const { post, told } = await rig({
    upstream(_, response) {
      response.setHeader('content-type', 'application/json');
      if (zip) response.setHeader('content-encoding', 'gzip');
      response.end(zip ? gzipSync(body) : body);
    },
  });
  expect((await post(messages, { ...question, stream: false })).body).toBe(body);
  zip = true;
  expect((await post(messages, { ...question, stream: false })).body).toBe(body);
  const expected = {
    message: 'msg_9',
    basis: 'exact',
    tokens: { input: 7, output: 3, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0 },
  };
  expect(told.settled).toMatchObject([expected, expected]);
});

test('a zipped request is read and passed on as it is', async () => {
  const { post, told, seen } = await rig({ upstream: (_, response) => sendStream(response, streamed()) });
  await post(messages, gzipSync(JSON.stringify(question)), { 'content-encoding': 'gzip' });
  expect(told.calls[0]).toMatchObject({ model: 'claude-sonnet-4-5', requestBytes: JSON.stringify(question).length });
  expect(seen[0]?.headers['content-encoding']).toBe('gzip');
  expect(told.calls[0]?.carries('"max_tokens":1000')).toBe(true);
});

test('a cut at any byte of the answer settles once, and never below what the usage said', async () => {
  const whole = Buffer.from(streamed(['Hello', ' wörld ✅', 'and more words than a few']));
  const firstUsage = whole.indexOf('\n\n') + 2;
  const finalUsage = whole.indexOf('\n\n', whole.indexOf('event: message_delta')) + 2;
  let cut = 0;
  const { post, told } = await rig({
    upstream(_, response) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(whole.subarray(0, cut), () => response.destroy());
    },
  });
  const cuts = fc.oneof(
    fc.integer({ min: 1, max: whole.length }),
    fc.constantFrom(firstUsage - 1, firstUsage, finalUsage - 1, finalUsage),
  );
  await fc.assert(
    fc.asyncProperty(cuts, async (at) => {
      cut = at;
      told.settled.length = 0;
      told.refused.length = 0;
      const answer = await post(messages, question);
      expect(answer.cut).toBe(true);
      expect(whole.subarray(0, answer.bytes.length).equals(answer.bytes)).toBe(true);
      // An `s` at the very end could begin the secret and is held back; of the events that are whole, all passed.
      expect(answer.bytes.length).toBeGreaterThanOrEqual(whole.subarray(0, at).lastIndexOf('\n\n'));
      await until(() => told.settled.length > 0, 'the settlement');
      expect(told.settled).toHaveLength(1);
      const settled = told.settled[0];
      if (at >= finalUsage) expect(settled).toMatchObject({ basis: 'exact', tokens: streamedTokens });
      else if (at >= firstUsage) {
        expect(settled).toMatchObject({
          basis: 'estimate',
          message: 'msg_1',
          tokens: { ...streamedTokens, output: expect.any(Number) as number },
        });
        expect(settled?.tokens.output).toBeGreaterThanOrEqual(1);
      } else expect(settled).toMatchObject({ basis: 'estimate', tokens: { output: 0 } });
      if (at < whole.length) expect(told.refused).toMatchObject([{ meaning: 'cut', status: null }]);
    }),
    { numRuns: 120 },
  );
});

test('a client that leaves ends the call at the upstream, and what was used is settled', async () => {
  let closed = false;
  const { begin, told, seen } = await rig({
    upstream(_, response, incoming) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(streamed().slice(0, streamed().indexOf('event: message_delta')));
      incoming.socket.on('close', () => (closed = true));
    },
  });
  const client = begin(messages, question);
  await until(() => told.traffic > 1, 'the first words');
  client.leave();
  await client.answer.catch(() => undefined);
  await until(() => closed && told.settled.length > 0, 'the end of the call');
  expect(seen).toHaveLength(1);
  expect(told.settled).toMatchObject([{ basis: 'estimate', tokens: { input: 10, cacheRead: 2000 } }]);
  expect(told.refused).toEqual([]);
});

test('a client that leaves while its call waits for leave costs nothing', async () => {
  let leave: (() => void) | undefined;
  let aborted = false;
  const { begin, told, seen } = await rig({
    handlers: {
      beforeCall: (_, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => (aborted = true));
          leave = resolve;
        }),
    },
  });
  const client = begin(messages, question);
  await until(() => leave !== undefined, 'the question for leave');
  client.leave();
  await expect(client.answer).rejects.toThrow();
  await until(() => aborted, 'the news');
  leave?.();
  await until(() => told.settled.length > 0, 'the settlement');
  expect(told.settled).toMatchObject([{ basis: 'none', usd: 0 }]);
  expect(seen).toEqual([]);
});

test('a stop of the budget is an error that the CLI does not try again, and nothing goes out', async () => {
  const { post, told, seen } = await rig({
    handlers: { beforeCall: () => Promise.reject(new BudgetStop('the task’s budget of $2.00 is used up')) },
  });
  const answer = await post(messages, question);
  expect(answer.status).toBe(400);
  expect(answer.headers['x-should-retry']).toBe('false');
  expect(JSON.parse(answer.body)).toMatchObject({
    type: 'error',
    error: { type: 'billing_error', message: expect.stringContaining('$2.00 is used up') as string },
  });
  expect(seen).toEqual([]);
  expect(told.settled).toEqual([]);
});

test('a call that cannot be recorded is not made', async () => {
  const { post, told, seen } = await rig({ handlers: { beforeCall: () => Promise.reject(new Error('disk full')) } });
  expect((await post(messages, question)).status).toBe(503);
  expect(seen).toEqual([]);
  expect(told.warnings).toEqual(['a model call was kept in: disk full']);
});

test.each([
  ['no JSON', '{"model":'],
  ['no model', '{"messages":[]}'],
  ['an empty body', ''],
])('a request with %s does not go out', async (_, body) => {
  const { post, told, seen } = await rig();
  const answer = await post(messages, body);
  expect(answer.status).toBe(400);
  expect(answer.body).toContain('Dayshift did not send this on');
  expect(seen).toEqual([]);
  expect(told.calls).toEqual([]);
});

test('an error inside the stream is told with its meaning, and the tokens so far count', async () => {
  const error = sse('error', { error: { type: 'overloaded_error', message: 'Overloaded' } });
  const begun = streamed().slice(0, streamed().indexOf('event: message_delta'));
  let text = error;
  const { post, told } = await rig({ upstream: (_, response) => sendStream(response, text) });
  expect((await post(messages, question)).body).toBe(error);
  expect(told.settled).toMatchObject([{ basis: 'none', usd: 0 }]);
  text = begun + error;
  await post(messages, question);
  expect(told.settled[1]).toMatchObject({ basis: 'estimate', tokens: { input: 10 } });
  expect(told.refused).toMatchObject([{ meaning: 'overloaded' }, { meaning: 'overloaded' }]);
});

test('a silent upstream is taken for dead after its time, before the head of the answer and in its middle', async () => {
  const clock = manualClock();
  let head = false;
  const { begin, told, seen } = await rig({
    clock,
    stallMs: 300_000,
    upstream(_, response) {
      if (!head) return;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(streamed().slice(0, 500));
    },
  });
  const first = begin(messages, question);
  await until(() => seen.length === 1, 'the request');
  clock.advance(360_000);
  expect((await first.answer).status).toBe(502);
  head = true;
  const second = begin(messages, question);
  await until(() => told.traffic >= 3, 'the first words');
  clock.advance(240_000);
  expect(told.refused).toHaveLength(1);
  clock.advance(120_000);
  expect((await second.answer).cut).toBe(true);
  await until(() => told.settled.length === 2, 'both settlements');
  expect(told.refused).toMatchObject([
    { meaning: 'cut', detail: expect.stringContaining('nothing came for too long') as string },
    { meaning: 'cut', detail: expect.stringContaining('nothing came for too long') as string },
  ]);
});

test('pings keep a connection alive, and are no progress', async () => {
  const { post, told } = await rig({
    upstream: (_, response) => sendStream(response, sse('ping', {}) + sse('ping', {}) + ': \n\n'),
  });
  await post(messages, question);
  expect(told.traffic).toBe(1); // the call itself
});

test('a hundred calls at once are each settled once, with their own message', async () => {
  let n = 0;
  const { post, told } = await rig({ upstream: (_, response) => sendStream(response, streamed(['x'], `msg_${++n}`)) });
  const answers = await Promise.all(Array.from({ length: 100 }, () => post(messages, question)));
  expect(answers.every((answer) => answer.status === 200 && !answer.cut)).toBe(true);
  expect(new Set(told.settled.map((settled) => settled.message)).size).toBe(100);
  expect(new Set(told.settled.map((settled) => settled.call)).size).toBe(100);
  expect(told.settled.every((settled) => settled.basis === 'exact')).toBe(true);
});

test('a big answer passes through whole, however slowly it is read', async () => {
  const text = streamed(Array.from({ length: 20_000 }, (_, i) => `word ${i} `.repeat(5)));
  const { post, told } = await rig({ upstream: (_, response) => sendStream(response, text) });
  const answer = await post(messages, question);
  expect(answer.body.length).toBe(text.length);
  expect(told.settled).toMatchObject([{ basis: 'exact' }]);
});

test('a request of 20 MB passes; one past the limit is refused and not kept', async () => {
  const { post, told, seen } = await rig({ upstream: (_, response) => sendStream(response, streamed()) });
  expect((await post(messages, { ...question, pad: 'x'.repeat(20_000_000) })).status).toBe(200);
  expect(seen[0]?.body.length).toBeGreaterThan(20_000_000);
  const answer = await post(messages, Buffer.alloc(65 * 1024 * 1024, 0x20));
  expect(answer.status).toBe(413);
  expect(told.calls).toHaveLength(1);
});

test('a model without a price is counted at the dearest one, and said once', async () => {
  const text = streamed().replace('claude-sonnet-4-5-20250929', 'claude-nova-9');
  const { post, told } = await rig({ upstream: (_, response) => sendStream(response, text) });
  await post(messages, question);
  await post(messages, question);
  expect(told.warnings).toEqual([
    'no price is known for the model claude-nova-9: counted at the dearest price of the table',
  ]);
  expect(told.settled[0]?.usd).toBeCloseTo((10 * 15 + 25 * 75 + 100 * 18.75 + 200 * 30 + 2000 * 1.5) / 1e6, 10);
});

test('a handler that fails does not end the call', async () => {
  const { post, told } = await rig({
    upstream: (_, response) => sendStream(response, streamed()),
    handlers: {
      onTraffic() {
        throw new Error('broken');
      },
    },
  });
  expect((await post(messages, question)).body).toBe(streamed());
  expect(told.settled).toHaveLength(1);
  expect(told.warnings).toEqual(['noting traffic failed: broken']);
});

test('closing the door ends what is under way and settles it first', async () => {
  const { begin, door, told } = await rig({
    upstream(_, response) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(streamed().slice(0, 700));
    },
  });
  const { answer } = begin(messages, question);
  await until(() => told.traffic > 1, 'the first words');
  await door.close();
  expect(told.settled).toMatchObject([{ basis: 'estimate', tokens: { input: 10 } }]);
  expect((await answer).cut).toBe(true);
  await door.close();
});
