import { Worker } from 'node:worker_threads';
import { DayshiftError, messageOf } from './errors.ts';

/** A program to be run to its end. */
export interface Launch {
  file: string;
  args: readonly string[];
  cwd: string;
  /** Its whole environment. */
  env: Record<string, string>;
  /** For its standard input, which is empty by default. */
  input?: Uint8Array | string | undefined;
  /** It is ended after so long. */
  timeoutMs: number;
  /** It is ended when it has printed more than that. Default 1 GiB. */
  mostBytes?: number;
  /** Its priority, as `nice` counts it; default: ours. */
  niceness?: number | undefined;
}

export interface Launched {
  /** null where it was not started, or a signal ended it. */
  exitCode: number | null;
  stdout: Buffer;
  stderr: Buffer;
  timedOut: boolean;
  tooMuch: boolean;
  /** Why it could not be started. */
  problem?: { code?: string; message: string };
}

/** To the thread. */
export interface Order extends Omit<Launch, 'mostBytes'> {
  id: number;
  mostBytes: number;
}

/** From the thread. */
export interface Report extends Omit<Launched, 'stdout' | 'stderr'> {
  id: number;
  stdout: Uint8Array;
  stderr: Uint8Array;
}

let thread: Worker | undefined;
let launches = 0;
const waiting = new Map<number, PromiseWithResolvers<Launched>>();

/**
 * Runs a program to its end and resolves with what came of it, whatever that is. Rejects only where the thread itself broke.
 *
 * It is started on another thread: the system copies the tables of all our memory for each start, and whoever starts a program stands still
 * until it has begun. For a daemon of 200 MB that is 6 ms each, in which no hook is answered.
 */
export function launch({ mostBytes = 1 << 30, ...rest }: Launch): Promise<Launched> {
  launches += 1;
  const order: Order = { ...rest, mostBytes, id: launches };
  const result = Promise.withResolvers<Launched>();
  const worker = (thread ??= newThread());
  // Whoever waits for a result keeps the process going, and nothing else does.
  if (waiting.size === 0) worker.ref();
  waiting.set(order.id, result);
  worker.postMessage(order);
  return result.promise;
}

function newThread(): Worker {
  // Of no use to it: what the process itself was started with, as a profiler.
  const worker = new Worker(new URL('./launcher.js', import.meta.url), { execArgv: [], name: 'launcher' });
  worker.on('message', ({ id, stdout, stderr, ...rest }: Report) => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    one?.resolve({ ...rest, stdout: bufferOf(stdout), stderr: bufferOf(stderr) });
  });
  const broke = (why: string) => {
    if (thread !== worker) return;
    thread = undefined;
    const left = [...waiting.values()];
    waiting.clear();
    for (const one of left) one.reject(new DayshiftError('internal', `A program could not be run: ${why}.`));
  };
  worker.on('error', (error: unknown) => broke(messageOf(error)));
  worker.on('exit', () => broke('the thread that starts programs has ended'));
  worker.unref();
  return worker;
}

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array) => Buffer.from(buffer, byteOffset, byteLength);
