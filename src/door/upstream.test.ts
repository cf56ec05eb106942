import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openRig, question, secret, sendStream, serve, streamed } from '../../test/support/door-rig.ts';
import { send } from './send.ts';
import { payerOf, SCRIPTED_KEY, secretsOf, upstreamFromEnv } from './upstream.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const key = 'sk-ant-api03-0123456789ab12';

test.each([
  [{ ANTHROPIC_API_KEY: key }, 'API key (ANTHROPIC_API_KEY, ends in …ab12)', 'x-api-key'],
  [{ CLAUDE_CODE_OAUTH_TOKEN: 't' }, 'Claude subscription (CLAUDE_CODE_OAUTH_TOKEN)', 'bearer'],
  [{ ANTHROPIC_AUTH_TOKEN: 'short' }, 'token (ANTHROPIC_AUTH_TOKEN)', 'bearer'],
  [
    { ANTHROPIC_API_KEY: key, CLAUDE_CODE_OAUTH_TOKEN: 't' },
    'API key (ANTHROPIC_API_KEY, ends in …ab12); CLAUDE_CODE_OAUTH_TOKEN also set and ignored',
    'x-api-key',
  ],
  [
    { ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: 'https://user:pw@gw.example/claude/' },
    'API key (ANTHROPIC_API_KEY, ends in …ab12), at https://gw.example',
    'x-api-key',
  ],
])('who pays is said in one line: %o', (env, payer, scheme) => {
  const upstream = upstreamFromEnv(env);
  expect(payerOf(upstream, env)).toBe(payer);
  expect(upstream.credential?.scheme).toBe(scheme);
});

test('nobody pays without a credential, nor for a scripted model; who has a proxy on this machine pays', () => {
  expect(payerOf(upstreamFromEnv({ ANTHROPIC_API_KEY: '' }), {})).toContain('claude setup-token');
  for (const ANTHROPIC_BASE_URL of ['http://127.0.0.1:8080', 'http://localhost:1', 'http://[::1]:1']) {
    for (const env of [{ ANTHROPIC_BASE_URL }, { ANTHROPIC_BASE_URL, ANTHROPIC_API_KEY: SCRIPTED_KEY }])
      expect(payerOf(upstreamFromEnv(env), env)).toBe('scripted model on loopback, nobody pays');
    const env = { ANTHROPIC_BASE_URL, ANTHROPIC_API_KEY: key };
    expect(payerOf(upstreamFromEnv(env), env)).toBe(
      `API key (ANTHROPIC_API_KEY, ends in …ab12), at ${new URL(ANTHROPIC_BASE_URL).origin}`,
    );
  }
  const env = { ANTHROPIC_BASE_URL: 'http://127.0.0.1.example.com', ANTHROPIC_API_KEY: key };
  expect(payerOf(upstreamFromEnv(env), env)).toContain('API key');
});

test('the address defaults to the vendor’s and loses its last slash', () => {
  expect(upstreamFromEnv({}).baseUrl).toBe('https://api.anthropic.com');
  expect(upstreamFromEnv({ ANTHROPIC_BASE_URL: ' https://gw.example/x// ' }).baseUrl).toBe('https://gw.example/x');
});

test('every secret of the way is known: the key, passwords in addresses, plain and encoded', () => {
  const upstream = upstreamFromEnv({
    ANTHROPIC_API_KEY: key,
    ANTHROPIC_BASE_URL: 'https://u:pass%40word@gw.example',
    HTTPS_PROXY: 'http://me:hunter22@proxy.example:3128',
  });
  expect(secretsOf(upstream).sort()).toEqual(['hunter22', 'pass%40word', 'pass@word', key].sort());
});

test('the way through a proxy of the environment is taken', async () => {
  const asked: string[] = [];
  const rig = await openRig({ upstream: (_, response) => sendStream(response, streamed()) });
  const proxy = await serve((incoming, response) => {
    // A plain http address is asked of the proxy by its whole URL.
    asked.push(incoming.url ?? '');
    incoming.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(streamed());
  });
  // A secured one through a tunnel.
  proxy.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    const on = connect(Number(new URL(rig.url).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      on.pipe(socket);
      socket.pipe(on);
    });
  });
  ends.push(
    () => rig.close(),
    () => new Promise((resolve) => proxy.close(resolve).closeAllConnections()),
  );
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const outbound = { method: 'POST', path: '/v1/messages', headers: { 'x-api-key': secret }, body: Buffer.from('{}') };
  const { signal } = new AbortController();
  const env = { HTTP_PROXY: address, HTTPS_PROXY: address, NO_PROXY: 'direct.invalid' };
  const plain = upstreamFromEnv({ ...env, ANTHROPIC_BASE_URL: 'http://model.invalid' });
  expect((await send(plain, outbound, signal)).resume().statusCode).toBe(200);
  // Behind the tunnel nobody speaks TLS: that it was asked for is enough.
  const tls = upstreamFromEnv({ ...env, ANTHROPIC_BASE_URL: 'https://model.invalid' });
  await expect(send(tls, outbound, signal)).rejects.toThrow();
  expect(asked).toEqual(['http://model.invalid/v1/messages', 'model.invalid:443']);
});

test('connections are kept between calls and doors, and one that died while idle is replaced unseen', async () => {
  const sockets = new Set<unknown>();
  let drop = false;
  const rig = await openRig({
    upstream(_, response, incoming) {
      sockets.add(incoming.socket);
      sendStream(response, streamed());
      if (drop) response.on('finish', () => setImmediate(() => incoming.socket.resetAndDestroy()));
    },
  });
  ends.push(() => rig.close());
  for (let i = 0; i < 5; i++) expect((await rig.post('/v1/messages', question)).status).toBe(200);
  expect(sockets.size).toBe(1);
  drop = true;
  for (let i = 0; i < 20; i++) expect((await rig.post('/v1/messages', question)).body).toBe(streamed());
  expect(rig.told.refused).toEqual([]);
  expect(rig.told.settled).toHaveLength(25);
});
