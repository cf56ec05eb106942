import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock, type Clock } from '../../base/index.ts';
import { answerOf, countTokens, type Answer } from './answer.ts';
import { chooseTurn, type Choice } from './choose.ts';
import { fill, placeholders } from './fill.ts';
import { conversationOf, requestSchema, type ModelRequest } from './request.ts';
import type { Script, Turn } from './schema.ts';
import { jsonOf, sseOf } from './sse.ts';

/** A request as it came, for tests. */
interface RecordedRequest {
  method: string;
  /** With its query. */
  path: string;
  headers: Record<string, string>;
  /** Parsed JSON; undefined where it was none. */
  body: unknown;
  /** The script's entry that it was for; absent for side requests and where none matches. */
  task?: string;
  /** Which model call of its conversation, from 0. */
  turn?: number;
  /** The id of the message that it was answered with; absent for errors. */
  message?: string;
}

export interface ScriptedModel {
  /** `http://127.0.0.1:PORT`, for ANTHROPIC_BASE_URL. */
  url: string;
  /** Everything that came, in order. */
  requests: RecordedRequest[];
  /** Ends open connections too. */
  close(): Promise<void>;
}

/** Starts a server on loopback that speaks the Messages API by a script. The caller closes it. */
export async function startScriptedModel(
  script: Script,
  options: { port?: number; clock?: Clock } = {},
): Promise<ScriptedModel> {
  const requests: RecordedRequest[] = [];
  const happened = new Map<string, number>();
  const clock = options.clock ?? systemClock;
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  // A call that stalls stays open for as long as the script says.
  server.requestTimeout = 0;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const record: RecordedRequest = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
      body: await readJson(request),
    };
    requests.push(record);
    const path = record.path.split('?')[0] ?? '';
    const parsed = requestSchema.safeParse(record.body);
    if (record.method === 'HEAD') {
      response.writeHead(200).end();
    } else if (record.method !== 'POST' || !path.startsWith('/v1/messages')) {
      sendError(response, { status: 404, type: 'not_found_error', message: `no such path: ${path}`, headers: {} });
    } else if (!parsed.success) {
      sendError(response, { status: 400, type: 'invalid_request_error', message: parsed.error.message, headers: {} });
    } else if (path === '/v1/messages/count_tokens') {
      sendJson(response, 200, { input_tokens: countTokens(parsed.data) });
    } else if (parsed.data.tools.length === 0) {
      // Titles and the like: a request without tools belongs to no conversation.
      send(response, parsed.data, answerOf(parsed.data, { say: 'A task', tools: [] }), record);
    } else {
      await play(parsed.data, record, response);
    }
  }

  async function play(request: ModelRequest, record: RecordedRequest, response: ServerResponse): Promise<void> {
    const conversation = conversationOf(request);
    const choice = chooseTurn(script, conversation);
    record.turn = choice.index;
    if (choice.task !== undefined) record.task = choice.task;
    const turn = choice.turn ?? { say: script.closing, tools: [], delay_ms: 0, repeat: 1 };
    if (turn.delay_ms > 0) await wait(clock, turn.delay_ms);
    if (turn.error !== undefined && isDue('error', choice, turn.error.times)) {
      sendError(response, turn.error);
      return;
    }
    const values = placeholders(conversation, choice);
    const answer = answerOf(request, {
      say: turn.say === undefined ? undefined : fill(turn.say, values),
      tools: fill(turn.tools, values),
      usage: turn.usage,
    });
    if (turn.cut !== undefined && isDue('cut', choice, turn.cut)) sendPart(response, answer, record, 'cut');
    else if (turn.stall !== undefined && isDue('stall', choice, turn.stall))
      sendPart(response, answer, record, 'stall');
    else send(response, request, answer, record);
  }

  /** The only state: how often a turn's fault has happened. */
  function isDue(fault: string, choice: Choice, times: number | 'always'): boolean {
    const key = `${fault} ${choice.task ?? ''} ${choice.index}`;
    const before = happened.get(key) ?? 0;
    happened.set(key, before + 1);
    return times === 'always' || before < times;
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, request: ModelRequest, answer: Answer, record: RecordedRequest): void {
  record.message = answer.id;
  if (!request.stream) {
    sendJson(response, 200, jsonOf(answer));
    return;
  }
  startStream(response);
  for (const event of sseOf(answer)) response.write(event);
  response.end();
}

/** The first part of a stream: then the connection breaks, or nothing more comes. */
function sendPart(response: ServerResponse, answer: Answer, record: RecordedRequest, how: 'cut' | 'stall'): void {
  record.message = answer.id;
  startStream(response);
  const events = sseOf(answer);
  const part = events.slice(0, how === 'stall' ? 1 : Math.ceil(events.length / 2)).join('');
  response.write(part, () => {
    if (how === 'cut') response.destroy();
  });
}

function startStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
}

function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function sendError(
  response: ServerResponse,
  error: Pick<NonNullable<Turn['error']>, 'status' | 'type' | 'message' | 'headers'>,
): void {
  const body = { type: 'error', error: { type: error.type, message: error.message } };
  sendJson(response, error.status, body, Object.fromEntries(Object.entries(error.headers).map(inTime)));
}

/** `{{ now + 4 }}` in a header is that many seconds after the answer, as the vendor tells when a window begins anew. */
function inTime([name, value]: [string, string]): [string, string] {
  const seconds = /^\{\{\s*now\s*\+\s*(\d+)\s*\}\}$/.exec(value)?.[1];
  return [name, seconds === undefined ? value : String(Math.ceil(Date.now() / 1000) + Number(seconds))];
}

function wait(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    // HEAD and the like have no body; a broken one is answered as an invalid request.
    return undefined;
  }
}
