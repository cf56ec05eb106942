import { mkdtemp, rm } from 'node:fs/promises';
import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, type Clock } from '../../src/base/index.ts';
import { builtInPrices } from '../../src/budget/index.ts';
import { openDoor, type Door, type DoorHandlers, type ModelCall, type Upstream } from '../../src/door/index.ts';
import type { EventData } from '../../src/journal/index.ts';

/** A door on a real socket before a real server on loopback, and everything that the handlers were told. */
export const secret = 'sk-ant-api03-the-real-secret-of-the-daemon';

export interface Seen {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

interface Told {
  calls: ModelCall[];
  settled: EventData<'model.settled'>[];
  refused: EventData<'model.refused'>[];
  warnings: string[];
  requests: { method: string; path: string }[];
  traffic: number;
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  bytes: Buffer;
  /** The connection ended before the answer did. */
  cut: boolean;
}

export interface Rig {
  door: Door;
  told: Told;
  seen: Seen[];
  url: string;
  post: (path: string, body: unknown, headers?: OutgoingHttpHeaders) => Promise<Answer>;
  ask: (method: string, path: string) => Promise<Answer>;
  /** A request whose client can go away; `answer` rejects then, or is cut. */
  begin: (path: string, body: unknown) => { answer: Promise<Answer>; leave(): void };
  close: () => Promise<void>;
}

export interface RigOptions {
  upstream?: (request: Seen, response: ServerResponse, incoming: IncomingMessage) => void;
  handlers?: Partial<DoorHandlers>;
  credential?: Upstream['credential'];
  baseUrl?: string;
  clock?: Clock;
  stallMs?: number;
  token?: string;
  gate?: Promise<void>;
}

export async function openRig(options: RigOptions = {}): Promise<Rig> {
  const told: Told = { calls: [], settled: [], refused: [], warnings: [], requests: [], traffic: 0 };
  const seen: Seen[] = [];
  const server = await serve((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const request = {
        method: incoming.method ?? '',
        url: incoming.url ?? '',
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString(),
      };
      seen.push(request);
      if (options.upstream === undefined) response.writeHead(500).end();
      else options.upstream(request, response, incoming);
    });
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = await mkdtemp(join(tmpdir(), 'door-'));
  let ids = 0;
  const door = await openDoor({
    socketPath: join(folder, 'door.sock'),
    upstream: {
      baseUrl: options.baseUrl ?? url,
      credential: 'credential' in options ? options.credential : { kind: 'api_key', secret },
    },
    prices: builtInPrices,
    clock: options.clock ?? systemClock,
    newId: () => `c${++ids}`,
    ...(options.stallMs === undefined ? {} : { stallMs: options.stallMs }),
    ...(options.token === undefined ? {} : { token: options.token }),
    ...(options.gate === undefined ? {} : { gate: options.gate }),
    handlers: {
      onTool: () => Promise.resolve({ permission: 'allow' }),
      onStop: () => Promise.resolve({ block: false }),
      onTraffic() {
        told.traffic += 1;
      },
      beforeCall(call) {
        told.calls.push(call);
        return Promise.resolve();
      },
      onSettled: (data) => void told.settled.push(data),
      onRefused: (data) => void told.refused.push(data),
      onRefusedRequest: (request) => void told.requests.push(request),
      onWarning: (message) => void told.warnings.push(message),
      ...options.handlers,
    },
  });
  const begin = (method: string, path: string, body: unknown, headers: OutgoingHttpHeaders = {}) =>
    start(door.socketPath, method, path, body, headers);
  return {
    door,
    told,
    seen,
    url,
    post: (path, body, headers) => begin('POST', path, body, headers).answer,
    ask: (method, path) => begin(method, path, undefined).answer,
    begin: (path, body) => begin('POST', path, body),
    async close() {
      await door.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function serve(handler: (incoming: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(handler);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

function start(
  socketPath: string,
  method: string,
  path: string,
  body: unknown,
  headers: OutgoingHttpHeaders,
): { answer: Promise<Answer>; leave(): void } {
  const payload = body === undefined ? undefined : Buffer.isBuffer(body) ? body : Buffer.from(asText(body));
  const request = httpRequest({
    socketPath,
    method,
    path,
    headers: { 'content-type': 'application/json', ...headers },
  });
  const answer = new Promise<Answer>((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      const done = (cut: boolean): void =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
          bytes: Buffer.concat(chunks),
          cut,
        });
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => done(false));
      response.on('error', () => done(true));
    });
  });
  request.end(payload);
  return { answer, leave: () => void request.destroy() };
}

function asText(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/** The request that the tests make. */
export const question = {
  model: 'claude-sonnet-4-5',
  max_tokens: 1000,
  stream: true,
  messages: [{ role: 'user', content: 'hello' }],
};

const usage = {
  input_tokens: 10,
  output_tokens: 1,
  cache_creation_input_tokens: 300,
  cache_read_input_tokens: 2000,
  cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 },
};

/** A streamed answer of the vendor's form with known usage: 10 in, 25 out, 100 and 200 written to the cache, 2000 read. */
export function streamed(words: readonly string[] = ['Hello', ' wörld ✅'], id = 'msg_1'): string {
  const message = { id, type: 'message', role: 'assistant', model: 'claude-sonnet-4-5-20250929', content: [], usage };
  return [
    sse('message_start', { message }),
    sse('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    ': a comment\n\n',
    sse('ping', {}),
    ...words.map((text) => sse('content_block_delta', { index: 0, delta: { type: 'text_delta', text } })),
    sse('content_block_stop', { index: 0 }),
    sse('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 25 } }),
    sse('message_stop', {}),
  ].join('');
}

/** The tokens of `streamed`. */
export const streamedTokens = { input: 10, output: 25, cacheWrite5m: 100, cacheWrite1h: 200, cacheRead: 2000 };

export function sse(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

export function sendStream(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.end(text);
}

/** Waits until `condition` holds, with a deadline. */
export async function until(condition: () => boolean, what = 'the condition'): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited too long for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
