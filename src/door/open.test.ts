import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import {
  openRig,
  question,
  secret,
  sendStream,
  streamed,
  type Rig,
  type RigOptions,
} from '../../test/support/door-rig.ts';
import { systemClock } from '../base/index.ts';
import { builtInPrices } from '../budget/index.ts';
import { openDoor, type DoorOptions } from './open.ts';
import { doorServers } from './server.ts';

const opened: Rig[] = [];

async function rig(options: RigOptions = {}): Promise<Rig> {
  const one = await openRig(options);
  opened.push(one);
  return one;
}

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

function options(socketPath: string): DoorOptions {
  return {
    socketPath,
    upstream: { baseUrl: 'http://127.0.0.1:1', credential: undefined },
    prices: builtInPrices,
    clock: systemClock,
    newId: () => 'c',
    handlers: {
      onTool: () => Promise.resolve({ permission: 'defer' }),
      onStop: () => Promise.resolve({ block: false }),
      onTraffic: () => undefined,
      beforeCall: () => Promise.resolve(),
      onSettled: () => undefined,
      onRefused: () => undefined,
    },
  };
}

test('the socket and its folder are the owner’s alone, and gone after the close', async () => {
  const { door } = await rig();
  expect((await stat(door.socketPath)).mode & 0o777).toBe(0o600);
  expect((await stat(dirname(door.socketPath))).mode & 0o777).toBe(0o700);
  await door.close();
  await expect(stat(door.socketPath)).rejects.toThrow('ENOENT');
});

test('it serves what another process listens for, until the close', async () => {
  const { door } = await rig();
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const at = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  door.serve(listener);
  expect((await fetch(at)).status).toBe(200);
  const hook = { method: 'POST', body: JSON.stringify({ hook_event_name: 'PreToolUse', tool_name: 'Bash' }) };
  expect(await (await fetch(`${at}/hook`, hook)).json()).toMatchObject({
    hookSpecificOutput: { hookEventName: 'PreToolUse' },
  });
  await door.close();
  await expect(fetch(at)).rejects.toThrow();
  const late = createServer();
  await new Promise<void>((resolve) => late.listen(0, '127.0.0.1', resolve));
  door.serve(late);
  await expect.poll(() => late.listening).toBe(false);
});

test('what a dead process left at the socket’s place is replaced; a file is not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'door-'));
  const path = join(folder, 'a', 'door.sock');
  const first = await openDoor(options(path));
  const second = await openDoor(options(path));
  await second.close();
  await first.close();
  await writeFile(join(folder, 'file'), '');
  await expect(openDoor(options(join(folder, 'file')))).rejects.toThrow('is no socket');
  await rm(folder, { recursive: true });
});

test('a path that no socket can have, a folder of everybody’s, an address that is none: said before anything runs', async () => {
  await expect(openDoor(options(join(tmpdir(), 'x'.repeat(120))))).rejects.toThrow('longer than');
  await expect(openDoor(options('/tmp/door.sock'))).rejects.toThrow('shared by everybody');
  const upstream = { baseUrl: 'api.example', credential: undefined };
  await expect(openDoor({ ...options('/tmp/x/y.sock'), upstream })).rejects.toThrow('not an http(s) address');
});

test('the CLI’s first look is answered at once', async () => {
  const { ask, seen } = await rig();
  expect((await ask('HEAD', '/')).status).toBe(200);
  expect((await ask('GET', '/')).status).toBe(200);
  expect(seen).toEqual([]);
});

test('counting tokens and the list of models pass with the real key and cost nothing', async () => {
  const { ask, post, seen, told } = await rig({
    upstream: (_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"input_tokens":5}'),
  });
  expect((await post('/v1/messages/count_tokens?beta=true', { model: 'm' })).body).toBe('{"input_tokens":5}');
  expect((await ask('GET', '/v1/models?limit=1000')).status).toBe(200);
  expect((await ask('GET', '/v1/models/claude-opus-5-5')).status).toBe(200);
  expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'POST /v1/messages/count_tokens?beta=true',
    'GET /v1/models?limit=1000',
    'GET /v1/models/claude-opus-5-5',
  ]);
  expect(seen.every(({ headers }) => headers['x-api-key'] === secret)).toBe(true);
  expect(told.calls).toEqual([]);
  expect(told.settled).toEqual([]);
});

test.each([
  ['POST', '/v1/messages/batches'],
  ['GET', '/v1/files'],
  ['GET', '/v1/models/../files'],
  ['GET', '/v1/models/%2e%2e%2ffiles'],
  ['GET', '/v1/messages'],
  ['POST', '/v1/messages/'],
  ['POST', '/api/oauth/claude_cli/create_api_key'],
  ['DELETE', '/v1/models'],
  ['GET', 'http://example.com/v1/files'],
])('%s %s leads nowhere, and is told', async (method, path) => {
  const { ask, seen, told } = await rig();
  const answer = await ask(method, path);
  expect(answer.status).toBe(404);
  expect(JSON.parse(answer.body)).toMatchObject({ type: 'error', error: { type: 'not_found_error' } });
  expect(seen).toEqual([]);
  expect(told.requests).toHaveLength(1);
});

test('a door with a token opens only to who shows it', async () => {
  const { post, seen, told } = await rig({
    token: 'letmein',
    upstream: (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
  });
  const count = '/v1/messages/count_tokens';
  for (const headers of [{}, { 'x-api-key': 'letmeinn' }, { authorization: 'Bearer nope' }]) {
    expect((await post(count, {}, headers)).status).toBe(401);
  }
  const hook = { hook_event_name: 'PreToolUse', tool_name: 'Bash', tool_input: {} };
  expect((await post('/hook', hook)).body).toBe(
    '{"type":"error","error":{"type":"authentication_error","message":"this door is not yours"}}',
  );
  for (const path of ['/', '/v1/messages', '/canary', '/elsewhere']) expect((await post(path, {})).status).toBe(401);
  expect([seen, told.requests]).toEqual([[], []]);
  expect((await post('/hook', hook, { 'x-dayshift-token': 'letmein' })).status).toBe(200);
  for (const headers of [
    { 'x-api-key': 'letmein' },
    { authorization: 'Bearer letmein' },
    { 'x-dayshift-token': 'letmein' },
  ]) {
    expect((await post(count, {}, headers)).status).toBe(200);
  }
  expect(JSON.stringify(seen)).not.toContain('letmein');
  await expect(rig({ token: '' })).rejects.toThrow('never empty');
});

test('no time-out of the server’s own ends a held answer', () => {
  const none = { requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0, timeout: 0 };
  expect(
    doorServers(
      () => new Response(),
      () => undefined,
    ).add(),
  ).toMatchObject(none);
});

test('the servers of a door share its connections, and an error of either is told', () => {
  const told: string[] = [];
  const servers = doorServers(
    () => new Response(),
    (error) => told.push(error.message),
  );
  servers.add();
  expect(servers.all.map(({ maxConnections }) => maxConnections)).toEqual([512]);
  servers.add();
  expect(servers.all.map(({ maxConnections }) => maxConnections)).toEqual([256, 256]);
  for (const one of servers.all) one.emit('error', new Error('no more descriptors'));
  expect(told).toEqual(['no more descriptors', 'no more descriptors']);
});

test('a client that sends its request byte by byte is served, and others meanwhile', async () => {
  const { ask, door, seen, post } = await rig({
    upstream: (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
  });
  const slow = request({ socketPath: door.socketPath, method: 'POST', path: '/v1/messages/count_tokens' });
  const answered = new Promise((resolve) => slow.on('response', (response) => resolve(response.resume().statusCode)));
  for (const letter of '{"model":"m"}') {
    slow.write(letter);
    expect((await ask('HEAD', '/')).status).toBe(200);
  }
  expect((await post('/v1/messages/count_tokens', {})).status).toBe(200);
  slow.end();
  expect(await answered).toBe(200);
  expect(seen.map(({ body }) => body)).toEqual(['{}', '{"model":"m"}']);
});

test('nothing leaves before the gate is open; hooks and the canary’s report come in', async () => {
  const gate = Promise.withResolvers<undefined>();
  const reports: unknown[] = [];
  const { post, ask, seen } = await rig({
    gate: gate.promise,
    handlers: { onCanary: (report) => Promise.resolve(void reports.push(report)) },
    upstream: (_, response) => sendStream(response, streamed()),
  });
  const call = post('/v1/messages', question);
  const count = post('/v1/messages/count_tokens', question);
  const models = ask('GET', '/v1/models');
  const report = { word: 'w', tried: [{ what: 'a', refused: true, detail: 'EROFS' }], ms: 1 };
  expect((await post('/hook', { hook_event_name: 'PreToolUse', tool_name: 'Bash', tool_input: {} })).status).toBe(200);
  expect((await post('/canary', report)).status).toBe(200);
  expect([reports, seen]).toEqual([[report], []]);
  gate.resolve(undefined);
  expect((await Promise.all([call, count, models])).map(({ status }) => status)).toEqual([200, 200, 200]);
});

test('a gate that stays shut refuses everything, once', async () => {
  const gate = Promise.reject<undefined>(new Error('the canary failed'));
  gate.catch(() => undefined);
  const { post, ask, seen } = await rig({ gate });
  const refused = await post('/v1/messages', question);
  expect(refused).toMatchObject({ status: 403, headers: { 'x-should-retry': 'false' } });
  expect(refused.body).toContain('the canary failed');
  expect((await ask('GET', '/v1/models')).status).toBe(403);
  expect(seen).toEqual([]);
});

test('a report that is none is refused', async () => {
  const reports: unknown[] = [];
  const { post } = await rig({ handlers: { onCanary: (report) => Promise.resolve(void reports.push(report)) } });
  for (const body of ['', 'null', '{}', '{"word":"w","tried":[{}],"ms":1}'])
    expect((await post('/canary', body)).status).toBeGreaterThanOrEqual(400);
  expect(reports).toEqual([]);
});
