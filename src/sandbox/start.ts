import { randomUUID } from 'node:crypto';
import { openSync, closeSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import { Server } from 'node:net';
import { Readable, Writable } from 'node:stream';
import { execa } from 'execa';
import { DayshiftError, systemClock, type Clock } from '../base/index.ts';
import { ourWord, watchOver } from './guardian.ts';
import { keepLimits, type KeptLimits } from './limits/index.ts';
import { makePipe } from './pipe.ts';
import { startTimeOf } from './processes.ts';
import { highestInherited } from './descriptors.ts';
import { readableOnce } from './seccomp.ts';
import {
  cpuMsOf,
  endFamily,
  family,
  firstIn,
  killProcess,
  markerName,
  ownerName,
  pidsOf,
  signalProcess,
  untilGone,
  type Family,
} from './tree.ts';
import type {
  LimitHit,
  ProcessExit,
  ProcessName,
  Sandbox,
  SandboxCommand,
  SandboxedProcess,
  SandboxPolicy,
  StartOptions,
} from './types.ts';

/** A bridge hands its socket over in a tenth of a second; on a machine that is busy beyond measure it takes some. In ms. */
const listenerMs = 20_000;

/**
 * Starts `command` under `policy`. Its environment is the policy's alone, and it leads a process group of its own, so
 * that a Ctrl-C meant for the daemon does not reach it. Throws DayshiftError where the policy cannot be kept or the
 * program cannot be started; what goes wrong inside the sandbox shows in `exited` and on `stderr`.
 *
 * Nothing of it outlives the daemon, whatever ends the daemon: in bubblewrap the kernel sees to that, and the guardian while a
 * sandbox is being made. Without a sandbox it is the guardian alone: a process that dropped its environment gets away.
 */
export function startProcess(
  sandbox: Sandbox,
  policy: SandboxPolicy,
  command: readonly [string, ...string[]],
  options: StartOptions = {},
): SandboxedProcess {
  const marker = options.marker ?? randomUUID();
  const { after, onListener } = options;
  if (after !== undefined && options.merged !== true)
    throw new DayshiftError(
      'internal',
      'A command that waits takes its word from standard input: it has none of its own.',
    );
  const wrapped = sandbox.wrap(policy, after === undefined ? command : held(command));
  const { child, channel, ...streams } = spawn(wrapped, namesOf(marker, options.owner), options);
  const leader = nameOf(child, wrapped);
  const ours = family(leader, marker);
  let timedOut = false;
  let killed: Promise<boolean> | undefined;
  const end = () => (killed ??= endFamily(ours));
  // bwrap waits for its options: it is under the limits before it starts anything.
  const limits = limited(leader, policy, marker, ours, options.behind === true, (hit) => {
    if (hit.ended) void end();
    options.onLimit?.(hit);
  });
  // Before bwrap has its options: without them it makes nothing.
  const letBe = watchOver(leader.pid);
  const inner =
    wrapped.options === undefined
      ? undefined
      : talkToBubblewrap(child, [...wrapped.options, ...channel, ...(wrapped.last ?? [])]);
  if (onListener !== undefined) {
    takeListener(child, onListener, options.clock ?? systemClock, (problem) => {
      options.onNoListener?.(problem);
      void kill();
    });
  }

  let timer: (() => void) | undefined;
  let over = false;
  function begin(): void {
    if (options.timeoutMs !== undefined && !over) timer = systemClock.after(options.timeoutMs, onTimeout);
    if (after !== undefined) streamOf(child.stdin).end('go\n');
  }
  function onTimeout(): void {
    timedOut = true;
    void end();
  }
  if (after === undefined) begin();
  else after.then(begin, () => void kill());

  const exited = (async (): Promise<ProcessExit> => {
    const { exitCode, signal } = await exitOf(child);
    over = true;
    timer?.();
    const init = await inner;
    // The rest of a PID namespace dies with its first process, which dies with bwrap: only wait for it.
    if (init !== undefined) await untilGone(init);
    if (init === undefined || killed !== undefined) await end();
    else killed = Promise.resolve(false); // with its PID namespace all of it is gone: there is nobody to look for
    letBe();
    if (init === undefined) letGo(streams);
    return { exitCode, signal, timedOut, hits: await limits.over() };
  })();

  async function kill(): Promise<ProcessExit> {
    killProcess(leader);
    await end();
    return exited;
  }

  let cpu = 0;
  return {
    pid: leader.pid,
    startTime: leader.startTime,
    ...streams,
    exited,
    kill,
    async end(graceMs) {
      const cancel = systemClock.after(graceMs, () => void kill());
      // Where no first process is known yet it has nothing to bring to its end.
      const first = inner === undefined ? leader : await firstIn(await inner);
      if (first === undefined) void kill();
      else signalProcess(first, 'SIGTERM');
      return exited.finally(cancel);
    },
    front: () => limits.front(),
    async cpuMs() {
      cpu = Math.max(cpu, await cpuMsOf(ours));
      return cpu;
    },
  };
}

interface Spawned {
  child: ChildProcess;
  /** bwrap's options for the channel to the bridge. */
  channel: string[];
  stdin: Writable;
  stdout: Readable;
  stderr: Readable;
}

/** What names it in its environment. */
function namesOf(marker: string, owner: string | undefined): Record<string, string> {
  return { ...ourWord, [markerName]: marker, ...(owner === undefined ? {} : { [ownerName]: owner }) };
}

/**
 * Takes the socket from the bridge, says so, and closes the channel: only then the bridge starts its command, so nothing that an agent starts
 * can speak on it. Where another thing comes, the bridge ends; where nothing comes in time, `onMissing` hears of it.
 */
function takeListener(
  child: ChildProcess,
  onListener: (listener: Server) => void,
  clock: Clock,
  onMissing: (problem: DayshiftError) => void,
): void {
  const cancel = clock.after(listenerMs, () => onMissing(noListener()));
  child.once('exit', cancel);
  child.once('message', (_message, listener) => {
    cancel();
    const close = () => child.connected && child.disconnect();
    try {
      if (!(listener instanceof Server)) return close();
      onListener(listener);
      child.send('served', close);
    } catch {
      close(); // the attempt ends by it, with the bridge's exit code
    }
  });
}

function noListener(): DayshiftError {
  const message = `The sandbox did not hand over its door's port within ${listenerMs / 1000} s, so the agent was not let begin.`;
  return new DayshiftError('environment', message, {
    hint: 'The machine may have been too busy: try the task again. If it stays so, see what `dayshift doctor` says of the sandbox and the door.',
  });
}

/** `command` as a process that waits for a word, and ends where none comes: its daemon is gone. */
function held(command: readonly [string, ...string[]]): [string, ...string[]] {
  return ['/bin/sh', '-c', 'read -r _ && exec "$@" </dev/null', 'held', ...command];
}

function spawn(
  wrapped: SandboxCommand,
  names: Record<string, string>,
  { merged = false, after, onListener }: StartOptions,
): Spawned {
  // Two pipes to talk to bwrap, its filter of system calls, and what is hidden: see `SandboxCommand`.
  const used = wrapped.options === undefined ? 2 : 5 + (wrapped.empties ?? 0);
  const last = Math.max(used, highestInherited());
  // Any descriptor may be handed on; the types name the usual three only.
  const nothing = openSync('/dev/null', 'r') as 0;
  const filter = wrapped.filter === undefined ? undefined : (readableOnce(wrapped.filter) as 0);
  const extra = Array.from({ length: last - 2 }, (_, index) => {
    if (wrapped.options === undefined || index > 2) return nothing;
    return index < 2 ? ('pipe' as const) : (filter ?? nothing);
  });
  const one = merged ? makePipe() : undefined;
  const out = (one?.writeEnd ?? 'pipe') as 1 | 'pipe';
  try {
    const child = execa(wrapped.file, wrapped.args, {
      cwd: wrapped.cwd,
      // The first process in bubblewrap is seen from inside, with the environment that bwrap itself was started with.
      env: { ...wrapped.env, ...names },
      extendEnv: false,
      detached: true,
      cleanup: false,
      buffer: false,
      reject: false,
      // Behind all others.
      ipc: onListener !== undefined,
      serialization: 'json',
      stdio: [merged && after === undefined ? nothing : 'pipe', out, out, ...extra],
    }).nodeChildProcess;
    // By this name Node finds a channel to its parent. It takes the name out of what its own children get.
    const channel = onListener === undefined ? [] : ['--setenv', 'NODE_CHANNEL_FD', String(last + 1)];
    if (one === undefined)
      return {
        child,
        channel,
        stdin: streamOf(child.stdin),
        stdout: streamOf(child.stdout),
        stderr: streamOf(child.stderr),
      };
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    return { child, channel, stdin: nowhere, stdout: streamOf(one.readEnd), stderr: Readable.from([]) };
  } finally {
    closeSync(nothing);
    if (filter !== undefined) closeSync(filter);
    if (one !== undefined) closeSync(one.writeEnd);
  }
}

function limited(
  leader: ProcessName,
  policy: SandboxPolicy,
  name: string,
  ours: Family,
  behind: boolean,
  onHit: (hit: LimitHit) => void,
): KeptLimits {
  try {
    return keepLimits(leader.pid, policy, { name, behind, pids: () => pidsOf(ours), onHit });
  } catch (error) {
    killProcess(leader);
    throw error;
  }
}

function nameOf(child: ChildProcess, { file, cwd }: SandboxCommand): ProcessName {
  if (child.pid === undefined) {
    throw new DayshiftError('environment', `${file} could not be started.`, {
      hint: `See that the program is there and may be run, that ${cwd} is there, and that the command line is under 128 KB.`,
    });
  }
  return { pid: child.pid, startTime: startTimeOf(child.pid) ?? '' };
}

/** Hands bwrap its options; resolves with the first process of its PID namespace, undefined where it did not come so far. */
function talkToBubblewrap(child: ChildProcess, options: string[]): Promise<ProcessName | undefined> {
  const [, , , toBwrap, fromBwrap] = child.stdio;
  streamOf(toBwrap as Writable).end(options.map((option) => `${option}\0`).join(''));
  const status = streamOf(fromBwrap as Readable);
  return new Promise((resolve) => {
    let text = '';
    status.setEncoding('utf8');
    status.on('data', (chunk: string) => {
      text += chunk;
      const pid = /"child-pid": (\d+)/.exec(text)?.[1];
      // No start time: it has ended already, and no process is named like that.
      if (pid !== undefined) resolve({ pid: Number(pid), startTime: startTimeOf(Number(pid)) ?? '' });
    });
    status.once('close', () => resolve(undefined));
  });
}

function exitOf(child: ChildProcess): Promise<{ exitCode: number | null; signal: string | null }> {
  // Not 'close': that waits for whoever holds the outputs open.
  return new Promise((resolve) => child.once('exit', (exitCode, signal) => resolve({ exitCode, signal })));
}

/** An error of a pipe only says that the other side is gone, and `exited` says that too; without a listener it would end the daemon. */
function streamOf<S extends Readable | Writable>(stream: S | null | undefined): S {
  if (stream === null || stream === undefined) {
    throw new DayshiftError('internal', 'A process was started without its pipes.');
  }
  stream.on('error', () => undefined);
  return stream;
}

/** A process that got away (see `members`) may hold an output open for good: a reader that had everything so far is told the end. */
function letGo({ stdout, stderr }: { stdout: Readable; stderr: Readable }): void {
  for (const stream of [stdout, stderr]) {
    const look = (before: number) => {
      if (stream.readableEnded || stream.destroyed) return;
      const read = (stream as Readable & { bytesRead: number }).bytesRead;
      if (stream.readableDidRead && stream.readableLength === 0 && read === before) stream.push(null);
      else systemClock.after(1000, () => look(read));
    };
    systemClock.after(1000, () => look(-1));
  }
}
