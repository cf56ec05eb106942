import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import { openDoor } from '../src/door/index.ts';
import { doorHandlers } from '../src/run/hooks.ts';
import { pickDoorway, startProcess, withDoor } from '../src/sandbox/index.ts';
import { doorOf, openLive } from './attempt.ts';
import { makeHome, type BenchHome } from './home.ts';
import { startPeer } from './peer.ts';
import { quantile, type BenchRow } from './row.ts';

const calls = 2000;
/** The first calls meet a process that is not warm: they are made, and not counted. */
const warm = 200;
const rounds = 3;

/**
 * A tool call's question, from inside the sandbox of a running attempt: loopback, bridge, unix socket, door, guard, for
 * one in ten the journal, and back. Measured by a program in the checkout; the baseline is the same program outside, with a
 * server that says yes. Both in turn; the middle round counts.
 */
export async function run(): Promise<BenchRow[]> {
  const home = await makeHome({
    files: {
      'hook-client.js': readFileSync(join(import.meta.dirname, 'hook-client.js'), 'utf8'),
      'package.json': '{"type":"module"}\n',
    },
    tasks: 'tasks:\n  - { id: one, name: One, description: Nothing }\n',
  });
  try {
    const attempt = await openAttempt(home);
    const server = await startPeer('hook-peer.ts');
    try {
      const inside: number[][] = [];
      const bare: number[][] = [];
      for (let round = 0; round < rounds; round += 1) {
        bare.push(await askBare(server.line));
        inside.push(await attempt.ask());
      }
      return [rowOf(middle(inside), middle(bare))];
    } finally {
      await server.stop();
      await attempt.close();
    }
  } finally {
    home.remove();
  }
}

function rowOf(times: number[], base: number[]): BenchRow {
  const of = (list: number[]) => [quantile(list, 0.5), quantile(list, 0.99)] as const;
  const show = (pair: readonly [number, number]) => pair.map((ms) => `${ms.toFixed(2)} ms`).join(' / ');
  const [mine, bare] = [of(times), of(base)];
  return {
    name: `hook: round trip in an attempt, p50 / p99 (${calls} calls, middle of ${rounds} rounds)`,
    value: show(mine),
    baseline: `bare server on loopback: ${show(bare)}`,
    ratio: mine[1] / bare[1],
    target: 'p99 < 5 ms',
    ok: mine[1] < 5,
  };
}

function middle(all: number[][]): number[] {
  const p99 = (list: number[]) => quantile(list, 0.99);
  return [...all].sort((a, b) => p99(a) - p99(b))[Math.floor(all.length / 2)] ?? [];
}

async function askBare(port: string): Promise<number[]> {
  const script = join(import.meta.dirname, 'hook-client.js');
  const { stdout } = await execa(process.execPath, [script, port, String(calls + warm)]);
  return (JSON.parse(stdout) as number[]).slice(warm);
}

/** What a daemon has while an agent works, with the program in the agent's place. */
async function openAttempt(home: BenchHome) {
  const attempt = await openLive(home);
  const { ctx, live, policy: base } = attempt;
  const socketPath = join(ctx.socketDir, 'bench.sock');
  const door = await openDoor({ ...doorOf(ctx, socketPath), handlers: doorHandlers(live) });
  const node = realpathSync(process.execPath);
  return {
    async ask(): Promise<number[]> {
      const client = join(live.workspace.paths.checkout, 'hook-client.js');
      const policy = { ...base, readable: [...base.readable, node] };
      const { kind } = ctx.sandbox;
      const doorway = await pickDoorway(kind);
      const line = [node, client, String(doorway.port), String(calls + warm)] as const;
      const inside = withDoor(policy, [...line], { socket: socketPath, kind, ...doorway });
      const child = startProcess(ctx.sandbox, inside.policy, inside.command);
      child.stdin.end();
      const [said, wrong] = await Promise.all([text(child.stdout), text(child.stderr), child.exited]);
      if (wrong !== '') throw new Error(wrong);
      return (JSON.parse(said) as number[]).slice(warm);
    },
    async close() {
      await door.close();
      await attempt.close();
    },
  };
}

if (import.meta.main) console.table(await run());
