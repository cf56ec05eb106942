import type { ServerResponse } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openRig, question, secret, type Rig, type RigOptions } from '../../test/support/door-rig.ts';
import { manualClock } from '../base/index.ts';

const opened: Rig[] = [];

async function rig(options: RigOptions = {}): Promise<Rig> {
  const one = await openRig(options);
  opened.push(one);
  return one;
}

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const messages = '/v1/messages';
// The manual clock stands at 2026-11-23T08:00:00Z.
const inTwoHours = Date.parse('2026-11-23T10:00:00Z') / 1000;

function error(type: string, message: string): string {
  return JSON.stringify({ type: 'error', error: { type, message } });
}

test.each([
  ['a wrong key', 401, {}, error('authentication_error', 'invalid x-api-key'), { meaning: 'login' }],
  ['a revoked token', 403, {}, error('permission_error', 'OAuth token has been revoked'), { meaning: 'login' }],
  ['no permission', 403, {}, error('permission_error', 'not for you'), { meaning: 'forbidden' }],
  ['no credit', 400, {}, error('invalid_request_error', 'Your credit balance is too low'), { meaning: 'forbidden' }],
  [
    'a rejected window with its reset',
    429,
    { 'anthropic-ratelimit-unified-status': 'rejected', 'anthropic-ratelimit-unified-reset': `${inTwoHours}` },
    error('rate_limit_error', 'This request would exceed your account’s rate limit'),
    { meaning: 'usage_limit', resetAt: '2026-11-23T10:00:00.000Z' },
  ],
  [
    'a long wait',
    429,
    { 'retry-after': '3600' },
    error('rate_limit_error', 'later'),
    { meaning: 'usage_limit', resetAt: '2026-11-23T09:00:00.000Z' },
  ],
  [
    'a limit in words, with its time',
    429,
    {},
    error('rate_limit_error', `Claude AI usage limit reached|${inTwoHours}`),
    { meaning: 'usage_limit', resetAt: '2026-11-23T10:00:00.000Z' },
  ],
  [
    'a short throttle',
    429,
    { 'retry-after': '20', 'anthropic-ratelimit-unified-status': 'allowed_warning' },
    error('rate_limit_error', 'Number of request tokens has exceeded your per-minute rate limit'),
    { meaning: 'rate_limit', resetAt: '2026-11-23T08:00:20.000Z' },
  ],
  ['a throttle without a time', 429, {}, error('rate_limit_error', 'slow down'), { meaning: 'rate_limit' }],
  ['a throttle of the whole service', 429, {}, error('overloaded_error', 'Overloaded'), { meaning: 'overloaded' }],
  ['overload', 529, {}, error('overloaded_error', 'Overloaded'), { meaning: 'overloaded' }],
  ['a fault of the server', 500, {}, error('api_error', 'Internal server error'), { meaning: 'server' }],
  ['a gateway’s page', 502, {}, '<html>bad gateway</html>', { meaning: 'server', detail: '<html>bad gateway</html>' }],
  ['an invalid request', 400, {}, error('invalid_request_error', 'messages: too short'), { meaning: 'invalid' }],
  ['an unknown model', 404, {}, error('not_found_error', 'model: claude-nova'), { meaning: 'invalid' }],
])('%s is told with its meaning, costs nothing and goes on as it is', async (_, status, headers, body, expected) => {
  const { post, told } = await rig({
    clock: manualClock(),
    upstream: (_request, response) => response.writeHead(status, { ...headers, 'x-odd': '1' }).end(body),
  });
  const answer = await post(messages, question);
  expect(answer.status).toBe(status);
  expect(answer.body).toBe(body);
  expect(answer.headers).toMatchObject({ ...headers, 'x-odd': '1' });
  expect(told.refused).toMatchObject([{ call: 'c1', status, ...expected }]);
  if (!('resetAt' in expected)) expect(told.refused[0]).not.toHaveProperty('resetAt');
  expect(told.settled).toMatchObject([{ call: 'c1', basis: 'none', usd: 0 }]);
});

test('a limit in the text of a normal answer is no limit', async () => {
  const text = JSON.stringify({
    type: 'message',
    id: 'm',
    model: 'claude-haiku-4-5',
    content: [{ type: 'text', text: '5-hour limit reached, usage limit, 429' }],
    usage: { input_tokens: 1, output_tokens: 1 },
  });
  const { post, told } = await rig({
    upstream: (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(text),
  });
  await post(messages, question);
  expect(told.refused).toEqual([]);
});

test.each([301, 302, 307, 308])('a redirect (%i) is never followed', async (status) => {
  const { post, told, seen } = await rig({
    upstream: (request, response) =>
      response.writeHead(status, { location: `http://${request.headers.host ?? ''}/elsewhere` }).end(),
  });
  const answer = await post(messages, question);
  expect(answer.status).toBe(502);
  expect(answer.headers.location).toBeUndefined();
  expect(seen).toHaveLength(1);
  expect(told.refused).toMatchObject([{ status, meaning: 'invalid' }]);
  expect(told.settled).toMatchObject([{ basis: 'none' }]);
});

test('no server, and no such host, is unreachable and costs nothing', async () => {
  for (const baseUrl of ['http://127.0.0.1:1', 'http://no-such-host.invalid']) {
    const { post, told } = await rig({ baseUrl });
    const answer = await post(messages, question);
    expect(answer.status).toBe(502);
    expect(told.refused).toMatchObject([{ status: null, meaning: 'unreachable' }]);
    expect(told.settled).toMatchObject([{ basis: 'none', usd: 0 }]);
  }
});

test('a certificate that nobody vouches for is refused: what speaks no TLS gets no request', async () => {
  const seen: string[] = [];
  const server = createServer((socket) => {
    socket.on('data', (data) => {
      seen.push(data.toString('latin1'));
      socket.end('HTTP/1.1 200 OK\r\n\r\n');
    });
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { post, told } = await rig({ baseUrl: `https://127.0.0.1:${(server.address() as AddressInfo).port}` });
  expect((await post(messages, question)).status).toBe(502);
  expect(told.refused).toMatchObject([{ meaning: 'unreachable' }]);
  expect(told.settled).toMatchObject([{ basis: 'none' }]);
  expect(seen.join('')).not.toContain(secret);
  await new Promise((resolve) => server.close(resolve));
});

test.each([
  ['garbage', 'this is not HTTP at all\r\n\r\n'],
  ['nothing', ''],
  ['a broken chunk', 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'],
])('an upstream that answers with %s is a cut, counted by estimate', async (_, bytes) => {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () => socket.end(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { post, told } = await rig({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  const answer = await post(messages, question);
  expect(answer.status === 502 || answer.cut).toBe(true);
  expect(told.refused).toMatchObject([{ meaning: 'cut' }]);
  expect(told.settled).toMatchObject([{ basis: 'estimate' }]);
  await new Promise((resolve) => server.close(resolve));
});

test('a page of a captive portal is no message and costs nothing', async () => {
  const { post, told } = await rig({
    upstream: (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>log in</html>'),
  });
  expect((await post(messages, question)).status).toBe(502);
  expect(told.refused).toMatchObject([{ status: 200, meaning: 'invalid' }]);
  expect(told.settled).toMatchObject([{ basis: 'none' }]);
});

test('the secret never reaches the client or the handlers, however the upstream echoes it', async () => {
  const echoes: ((response: ServerResponse) => void)[] = [
    (response) =>
      response.writeHead(401, { 'x-echo': `key ${secret}` }).end(error('authentication_error', `bad ${secret}`)),
    (response) => response.writeHead(500).end(`${secret}${secret}`),
    (response) => response.writeHead(302, { location: `/${secret}` }).end(),
    (response) => response.writeHead(200, { 'content-type': secret }).end(),
    (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'x-echo': secret });
      const text = `event: error\ndata: {"type":"error","error":{"type":"api_error","message":"${secret}"}}\n\n`;
      // In two pieces, cut inside the secret.
      response.write(text.slice(0, text.indexOf(secret) + 11), () =>
        response.end(text.slice(text.indexOf(secret) + 11)),
      );
    },
  ];
  let echo: (response: ServerResponse) => void = () => undefined;
  const { post, told } = await rig({ upstream: (_, response) => echo(response) });
  for (echo of echoes) {
    const answer = await post(messages, question);
    expect(JSON.stringify([answer.headers, answer.body])).not.toContain(secret);
  }
  expect(told.refused).toHaveLength(5);
  expect(JSON.stringify(told)).not.toContain(secret);
});

test('the secret does not pass in the words of an answer, a few letters an event', async () => {
  const { post } = await rig({
    upstream: (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (let at = 0; at < secret.length; at += 5) {
        const delta = { type: 'text_delta', text: secret.slice(at, at + 5) };
        const data = JSON.stringify({ type: 'content_block_delta', index: 0, delta });
        response.write(`event: content_block_delta\ndata: ${data}\n\n`);
      }
      response.end('event: message_stop\ndata: {"type":"message_stop"}\n\n');
    },
  });
  const { body } = await post(messages, question);
  const words = [...body.matchAll(/"text":"([^"]*)"/g)].map((match) => match[1]).join('');
  expect(words).toBe(`${secret.slice(0, 8)}[removed]`);
});
