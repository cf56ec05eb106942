import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf, type Clock } from '../base/index.ts';
import type { PriceTable } from '../budget/index.ts';
import { answerError, departure, endLike } from './answer.ts';
import { readBody, TooLarge, unpacked, unpackedStream } from './body.ts';
import { readCall } from './call.ts';
import { requestHeaders, responseHeaders } from './headers.ts';
import { openLedger, type Ledger } from './ledger.ts';
import { jsonMeter, streamMeter, type Meter } from './meter.ts';
import { errandsOf, type Errand } from './outside.ts';
import { redactor, redactText } from './redact.ts';
import { refusalInStream, refusalOf, type Refusal } from './refusal.ts';
import { relay } from './relay.ts';
import { NoAnswer, send } from './send.ts';
import { spreadOf, type Spread } from './spread.ts';
import { watchStall, type StallWatch } from './stall.ts';
import { BudgetStop, type DoorHandlers, type ModelCall, type Upstream } from './types.ts';

/** What the gateway of one door works with. */
export interface Gateway {
  handlers: DoorHandlers;
  upstream: Upstream;
  prices: PriceTable;
  clock: Clock;
  newId: () => string;
  secrets: readonly string[];
  /** An upstream that sends nothing for so long is taken for dead, in ms. */
  stallMs: number;
  warn: (message: string) => void;
  /** Throws where the model's provider may not be given these errands. */
  mayAsk: (errands: Errand[]) => void;
  /** Calls that were let out and are not settled yet: `close` waits for them. */
  underway: Set<Promise<void>>;
}

export const requestLimit = 64 * 1024 * 1024;
const errorLimit = 1024 * 1024;
/** An answer that does not stream is silent until it is whole. */
const patience = 3;

/** One model call on its way through the door. */
interface Passage {
  gateway: Gateway;
  call: ModelCall;
  stream: boolean;
  outgoing: ServerResponse;
  /** The client went away. */
  gone: AbortSignal;
  /** Ends the upstream's side: by the client's departure, or a stall. */
  stop: AbortController;
  watch: StallWatch;
  ledger: Ledger;
  /** True once the upstream was silent for too long. */
  stalled: boolean;
}

/** `POST /v1/messages`: asks for leave, sends the call on, passes its answer back while it is counted, settles it. */
export async function modelCall(gateway: Gateway, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const gone = departure(outgoing);
  const request = await readRequest(gateway, incoming, outgoing);
  if (request === undefined) return;
  const call: ModelCall = {
    call: gateway.newId(),
    model: request.model,
    requestBytes: request.plain.length,
    maxTokens: request.maxTokens,
    carries: (text) => request.plain.includes(text),
  };
  gateway.handlers.onTraffic();
  if (!(await askLeave(gateway, call, outgoing, gone))) return;
  const passage = openPassage(gateway, call, request.stream, outgoing, gone);
  const work = passAndSettle(passage, incoming, request.body);
  gateway.underway.add(work);
  try {
    await work;
  } finally {
    gateway.underway.delete(work);
  }
}

async function passAndSettle(passage: Passage, incoming: IncomingMessage, body: Buffer): Promise<void> {
  try {
    await pass(passage, incoming, body);
  } finally {
    passage.watch.stop();
    // Whatever came up above, a call that was let out is settled.
    passage.ledger.settle(undefined, true);
  }
}

/** The request, or undefined where it was answered with why it cannot go out. */
async function readRequest(
  gateway: Gateway,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<{ body: Buffer; plain: Buffer; model: string; maxTokens: number; stream: boolean } | undefined> {
  try {
    const body = await readBody(incoming, requestLimit);
    const plain = await unpacked(body, incoming.headers['content-encoding'], requestLimit);
    const call = readCall(plain);
    gateway.mayAsk(errandsOf(plain));
    return { ...call, body, plain };
  } catch (error) {
    const [status, type] =
      error instanceof TooLarge ? ([413, 'request_too_large'] as const) : ([400, 'invalid_request_error'] as const);
    answerError(outgoing, status, type, `Dayshift did not send this on: ${messageOf(error)}`, { final: true });
    return undefined;
  }
}

async function askLeave(
  gateway: Gateway,
  call: ModelCall,
  outgoing: ServerResponse,
  gone: AbortSignal,
): Promise<boolean> {
  try {
    await gateway.handlers.beforeCall(call, gone);
    return true;
  } catch (error) {
    if (error instanceof BudgetStop) {
      // An invalid_request_error the CLI tries six times, with less and less in it; a billing_error once.
      answerError(outgoing, 400, 'billing_error', `Dayshift stopped this call: ${error.message}`, { final: true });
    } else {
      gateway.warn(`a model call was kept in: ${messageOf(error)}`);
      answerError(outgoing, 503, 'api_error', 'Dayshift could not record this call, so it was not made', {
        final: true,
      });
    }
    return false;
  }
}

function openPassage(
  gateway: Gateway,
  call: ModelCall,
  stream: boolean,
  outgoing: ServerResponse,
  gone: AbortSignal,
): Passage {
  const { handlers, prices, clock, warn } = gateway;
  const stop = new AbortController();
  if (gone.aborted) stop.abort();
  gone.addEventListener('abort', () => stop.abort());
  const passage: Passage = {
    gateway,
    call,
    stream,
    outgoing,
    gone,
    stop,
    ledger: openLedger(call, prices, clock, { settled: (data) => handlers.onSettled(data), warned: warn }),
    watch: watchStall(
      clock,
      stream ? gateway.stallMs : gateway.stallMs * patience,
      () => outgoing.writableNeedDrain, // silent because the client takes its time
      () => {
        passage.stalled = true;
        stop.abort();
      },
    ),
    stalled: false,
  };
  return passage;
}

async function pass(passage: Passage, incoming: IncomingMessage, body: Buffer): Promise<void> {
  const { gateway, outgoing, gone, stop } = passage;
  if (gone.aborted) {
    passage.ledger.settle(undefined, false);
    return;
  }
  let response: IncomingMessage;
  try {
    response = await send(
      gateway.upstream,
      {
        method: 'POST',
        path: `/v1/messages${queryOf(incoming)}`,
        headers: requestHeaders(incoming.headers, gateway.upstream, body.length),
        body,
      },
      stop.signal,
    );
  } catch (error) {
    noAnswer(passage, error);
    return;
  }
  passage.watch.touch();
  const status = response.statusCode ?? 502;
  if (status >= 300 && status < 400) redirected(passage, response, status);
  else if (status >= 400) await passRefusal(passage, response, status);
  else await passAnswer(passage, response, outgoing);
}

export function queryOf(incoming: IncomingMessage): string {
  const url = incoming.url ?? '';
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at);
}

/** Nothing came back: refused connection, unknown host, failed TLS, a cut before the answer's head, a stall. */
function noAnswer(passage: Passage, error: unknown): void {
  const sent = error instanceof NoAnswer && error.sent;
  passage.ledger.settle(undefined, sent);
  if (passage.gone.aborted) return;
  const why = passage.stalled ? 'nothing came for too long' : messageOf(error);
  const refusal = refused(passage, {
    status: null,
    meaning: sent ? 'cut' : 'unreachable',
    detail: `no answer from the model’s address: ${why}`,
  });
  answerError(passage.outgoing, 502, 'api_error', `Dayshift got ${refusal.detail}`);
}

function redirected(passage: Passage, response: IncomingMessage, status: number): void {
  response.destroy();
  passage.ledger.settle(undefined, false);
  const refusal = refused(passage, {
    status,
    meaning: 'invalid',
    detail: `the model’s address answered with a redirect (${status}), which is never followed: check ANTHROPIC_BASE_URL`,
  });
  answerError(passage.outgoing, 502, 'api_error', refusal.detail, { final: true });
}

/** An error of the vendor's: its meaning is told, and it goes on to the CLI as it is. */
async function passRefusal(passage: Passage, response: IncomingMessage, status: number): Promise<void> {
  const { gateway, outgoing } = passage;
  const secrets = gateway.secrets;
  const source = unpackedStream(response);
  let text = '';
  try {
    if (source !== undefined) text = redactText((await readBody(source, errorLimit)).toString(), secrets);
  } catch (error) {
    text = `(its words could not be read: ${messageOf(error)})`;
  }
  response.destroy();
  passage.ledger.settle(undefined, false);
  if (passage.gone.aborted) return;
  refused(passage, refusalOf(status, response.headers, text, gateway.clock.now()));
  outgoing.writeHead(status, {
    ...responseHeaders(response.headers, secrets),
    'content-length': Buffer.byteLength(text),
  });
  outgoing.end(text);
}

async function passAnswer(passage: Passage, response: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { gateway, watch, ledger } = passage;
  const spread = spreadOf(gateway.secrets);
  const meter = meterFor(response, spread);
  const source = unpackedStream(response);
  if (meter === undefined || source === undefined) {
    response.destroy();
    notAMessage(passage, response);
    return;
  }
  outgoing.writeHead(response.statusCode ?? 200, responseHeaders(response.headers, gateway.secrets));
  // The head goes with the first words; by itself only where those are not here yet.
  setImmediate(() => {
    if (!outgoing.destroyed && !outgoing.writableEnded) outgoing.flushHeaders();
  });
  const filter = redactor(gateway.secrets);
  const whole = await relay(source, outgoing, {
    onChunk(chunk) {
      watch.touch();
      if (meter.push(chunk)) gateway.handlers.onTraffic();
      // Before the client has the end, so that its next call finds this one settled.
      if (meter.reading.whole && meter.reading.final) ledger.settle(meter.reading, true);
    },
    clean: (chunk) => spread.clean(filter.push(chunk)),
    rest: () => Buffer.concat([spread.clean(filter.flush()), spread.flush()]),
  });
  meter.end();
  finish(passage, meter, whole);
}

function finish(passage: Passage, meter: Meter, whole: boolean): void {
  const { reading } = meter;
  passage.ledger.settle(reading, reading.error === undefined);
  if (reading.error !== undefined) refused(passage, refusalInStream(reading.error));
  else if (!passage.gone.aborted && !(whole && reading.whole)) {
    const why = passage.stalled ? 'nothing came for too long' : 'it ended before it was whole';
    refused(passage, { status: null, meaning: 'cut', detail: `the answer was cut: ${why}` });
  }
  endLike(passage.outgoing, whole);
}

/** A page of a captive portal or a proxy, say: with status 200, but nothing that a model said. */
function notAMessage(passage: Passage, response: IncomingMessage): void {
  passage.ledger.settle(undefined, false);
  const kind = response.headers['content-type'] ?? 'no content type';
  const refusal = refused(passage, {
    status: response.statusCode ?? null,
    meaning: 'invalid',
    detail: `the model’s address answered with ${kind} and no message: check ANTHROPIC_BASE_URL and the proxy`,
  });
  answerError(passage.outgoing, 502, 'api_error', refusal.detail);
}

function meterFor(response: IncomingMessage, spread: Spread): Meter | undefined {
  const type = response.headers['content-type'] ?? '';
  if (type.includes('event-stream')) return streamMeter((data) => spread.delta(data));
  return type.includes('json') ? jsonMeter() : undefined;
}

/** Tells the refusal, free of secrets, and gives it back. */
function refused(passage: Passage, refusal: Refusal): Refusal {
  const told = { ...refusal, detail: redactText(refusal.detail, passage.gateway.secrets) };
  passage.gateway.handlers.onRefused({ call: passage.call.call, ...told });
  return told;
}
