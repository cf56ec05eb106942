import type { Socket } from 'node:net';
import { messageOf } from '../../base/index.ts';
import { ruleFor, type EgressTarget } from '../../egress/index.ts';
import { watchStall } from '../stall.ts';
import type { Line } from './dial.ts';
import { Refused, type EgressRefusal } from './refused.ts';
import { usualTiming, type EgressOptions, type EgressTiming } from './types.ts';

/** What the connections of one door have in common. */
export interface EgressState extends EgressOptions {
  timing: EgressTiming;
  /** Targets that this door has told of, and the telling where it is under way. */
  told: Map<string, Promise<void>>;
  /** Ends everything that is open. */
  closing: AbortController;
  /** What is under way: `close` waits for it. */
  underway: Set<Promise<void>>;
}

export function egressState(options: EgressOptions): EgressState {
  return {
    ...options,
    timing: { ...usualTiming, ...options.timing },
    told: new Map(),
    closing: new AbortController(),
    underway: new Set(),
  };
}

/** A connection that was let out. */
export interface Passage extends Line {
  target: EgressTarget;
  /** Has the bytes that moved counted; false, with the line cut, where the task has moved enough. */
  count(): boolean;
  /** Must be called once, whatever happened. */
  over(): void;
}

/**
 * Lets a connection to `target` out, or rejects with Refused: the list first, then the task's limits, then its
 * addresses. `gone` fires when the client does not want it any more.
 */
export async function pass(
  state: EgressState,
  target: EgressTarget,
  use: 'tunnel' | 'plain',
  gone: AbortSignal,
): Promise<Passage> {
  const { access, meter, handlers, dialer, clock, timing, closing } = state;
  if (ruleFor(access.rules, target.host, target.port) === undefined) throw new Refused('not_listed');
  const full = meter.admit();
  if (full !== undefined) throw new Refused(full);
  try {
    const signal = AbortSignal.any([gone, closing.signal]);
    await state.gate?.catch((error: unknown) => {
      throw new Refused('failed', messageOf(error));
    });
    await told(state, target);
    const named = access.named.has(target.host);
    const line = await dialer(target, { named, use, timeoutMs: timing.connect, clock, signal });
    meter.connected(target);
    return passage(state, target, line, () => handlers.onTraffic?.());
  } catch (error) {
    meter.release();
    throw error;
  }
}

/** Who was reached is on record before it is reached. */
function told({ told: known, handlers }: EgressState, target: EgressTarget): Promise<void> {
  const key = `${target.host}:${target.port}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const telling = handlers.onOpened(target).catch((error: unknown) => {
    known.delete(key);
    throw new Refused('failed', `it could not be written down: ${messageOf(error)}`);
  });
  known.set(key, telling);
  return telling;
}

function passage(state: EgressState, target: EgressTarget, line: Line, onTraffic: () => void): Passage {
  const { socket } = line;
  const { meter, closing, clock, timing } = state;
  let sent = 0;
  let received = 0;
  const cut = (): void => void socket.destroy();
  closing.signal.addEventListener('abort', cut, { once: true });
  if (closing.signal.aborted) cut();
  let watch = watchStall(clock, timing.idle, () => false, cut);
  socket.once('end', () => {
    watch.stop();
    watch = watchStall(clock, timing.halfOpen, () => false, cut);
  });
  let ended = false;
  const count = (): boolean => {
    const out = socket.bytesWritten - sent;
    const back = socket.bytesRead - received;
    sent += out;
    received += back;
    if (out + back > 0) {
      watch.touch();
      onTraffic();
    }
    if (meter.moved(target, out, back)) return true;
    cut();
    return false;
  };
  return {
    ...line,
    target,
    count,
    over() {
      if (ended) return;
      ended = true;
      count();
      watch.stop();
      closing.signal.removeEventListener('abort', cut);
      meter.release();
      socket.destroy();
    },
  };
}

/** Tells of a refusal and gives it back for the answer. Whatever else went wrong is one too. */
export function refusalFor(state: EgressState, asked: { host: string; port?: number }, error: unknown): EgressRefusal {
  const { reason, detail } = error instanceof Refused ? error : new Refused('failed', messageOf(error));
  const refusal = { ...asked, reason, ...(detail === undefined ? {} : { detail }) };
  state.handlers.onRefused(refusal);
  return refusal;
}

/** Passes bytes both ways until both sides have ended, one fails, or the task has moved enough. */
export function relayBoth(client: Socket, passage: Passage): Promise<void> {
  const { socket } = passage;
  return new Promise((resolve) => {
    const end = (): void => {
      client.destroy();
      socket.destroy();
      passage.over();
      resolve();
    };
    client.on('data', () => void passage.count());
    socket.on('data', () => void passage.count());
    client.on('error', end).on('close', end);
    socket.on('error', end).on('close', end);
    if (client.destroyed || socket.destroyed) {
      end();
      return;
    }
    client.pipe(socket);
    socket.pipe(client);
  });
}
