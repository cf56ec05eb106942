import type { Readable } from 'node:stream';
import type { Clock } from '../../base/index.ts';
import type { ProcessExit, SandboxedProcess } from '../../sandbox/index.ts';
import type { AttemptOutput, AttemptResult } from '../types.ts';
import { eventsOf } from './events.ts';
import { lineSplitter } from './lines.ts';
import { readMessage, type ResultMessage } from './messages.ts';
import { betterResult, outcome } from './outcome.ts';

/** How long the process may stay on after its result: servers that it left open would hold it for ever. */
const GRACE_MS = 15_000;
/** Of stderr only the end is kept. */
const STDERR_MAX = 2048;

/** Reads the stream of a started attempt as it comes, until the process is gone. Never rejects. */
export async function follow(process: SandboxedProcess, output: AttemptOutput, clock: Clock): Promise<AttemptResult> {
  let result: ResultMessage | undefined;
  let cancelGrace: () => void = () => undefined;
  let leaving = false;
  const leave = () => {
    if (leaving && result !== undefined) void process.kill();
  };
  void output.goodbye?.then(() => {
    leaving = true;
    leave();
  });
  const onLine = (line: string) => {
    output.onLine(line);
    output.onProgress();
    const message = readMessage(line);
    if (message === undefined) return;
    const events = eventsOf(message);
    if (events.length > 0) output.onEvents(events);
    if (message.type === 'system' && message.subtype === 'api_retry') {
      output.onApiRetry({ attempt: message.attempt, status: message.error_status, error: message.error });
    }
    // Words or work after the result: it is not over yet. Lines of unknown types prove nothing.
    cancelGrace();
    if (message.type === 'result') result = betterResult(result, message);
    leave();
    if (result !== undefined) cancelGrace = clock.after(GRACE_MS, () => void process.kill());
  };
  // A process that died before it read its prompt must not take the daemon with it: its end is told by `exited`.
  process.stdin.on('error', () => undefined);
  const stderr = tail(process.stderr);
  const exit = await readAll(process, onLine);
  cancelGrace();
  return outcome(result, exit, stderr());
}

async function readAll(process: SandboxedProcess, onLine: (line: string) => void): Promise<ProcessExit> {
  const splitter = lineSplitter();
  const deliver = (lines: string[]) => {
    for (const line of lines) onLine(line);
  };
  const closed = new Promise<void>((resolve) => {
    process.stdout.on('data', (chunk: Uint8Array | string) =>
      deliver(splitter.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)),
    );
    process.stdout.once('close', resolve);
    process.stdout.once('end', resolve);
    // A stream that breaks has no more to say: the exit tells how it ended.
    process.stdout.once('error', () => resolve());
  });
  const exit = await process.exited;
  await closed;
  deliver(splitter.end());
  return exit;
}

/** Collects the end of a stream; the returned function tells it. */
function tail(stream: Readable): () => string {
  let kept = Buffer.alloc(0);
  stream.on('data', (chunk: Uint8Array | string) => {
    kept = Buffer.concat([kept, typeof chunk === 'string' ? Buffer.from(chunk) : chunk]).subarray(-STDERR_MAX);
  });
  stream.on('error', () => undefined);
  return () => kept.toString('utf8');
}
