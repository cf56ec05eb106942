import type { CheckResult } from '../journal/index.ts';
import { withDoor, type Doorway } from './door.ts';
import { tailOf } from './output.ts';
import { startProcess } from './start.ts';
import type { Sandbox, SandboxPolicy, StartOptions } from './types.ts';

export interface RunOptions extends Omit<StartOptions, 'merged'> {
  /** The daemon's door, where the command shall reach it: see `withDoor`. */
  door?: { socket: string } & Partial<Doorway>;
  /** Ends it when it fires: this then rejects with its reason once all is gone, or with why it could not be ended. */
  signal?: AbortSignal;
  /** How much of the output's end to keep, in characters; default 4,000. */
  tail?: number;
  /** Gets the whole output as it comes; what it returns is awaited before more is read. */
  onOutput?: (chunk: Uint8Array) => void | Promise<void>;
}

/**
 * Runs a line of shell in the sandbox, by bash, without standard input, both outputs as one in their order. What it
 * leaves in the background is ended with it. Never rejects because of what the command does, only where `after` does or `signal` fires.
 */
export async function runCommand(
  sandbox: Sandbox,
  policy: SandboxPolicy,
  shellCommand: string,
  { tail = 4000, onOutput, door, signal, ...options }: RunOptions = {},
): Promise<CheckResult> {
  signal?.throwIfAborted();
  let began = performance.now();
  options.after?.then(
    () => (began = performance.now()),
    () => undefined,
  );
  const bash: [string, ...string[]] = ['/bin/bash', '-c', shellCommand];
  const inside =
    door === undefined ? { policy, command: bash } : withDoor(policy, bash, { kind: sandbox.kind, ...door });
  const running = startProcess(sandbox, inside.policy, inside.command, { ...options, merged: true });
  const end = tailOf(tail);
  const read = async () => {
    for await (const chunk of running.stdout as AsyncIterable<Uint8Array>) {
      end.add(chunk);
      await onOutput?.(chunk);
    }
  };
  const stuck = Promise.withResolvers<never>();
  const stop = () => void running.kill().catch(stuck.reject);
  signal?.addEventListener('abort', stop, { once: true });
  const [exit] = await Promise.race([Promise.all([running.exited, read()]), stuck.promise])
    .catch(async (error: unknown) => {
      await running.kill();
      throw error;
    })
    .finally(() => signal?.removeEventListener('abort', stop));
  signal?.throwIfAborted();
  await options.after;
  return {
    command: shellCommand,
    exitCode: exit.timedOut ? null : exit.exitCode,
    timedOut: exit.timedOut,
    ms: Math.round(performance.now() - began),
    tail: [end.text(), ...exit.hits.map(({ words }) => `[${words}]`)].filter((text) => text !== '').join('\n'),
    ...(exit.hits.length === 0 ? {} : { limits: exit.hits.map(({ words }) => words) }),
  };
}
