import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openDoor } from '../src/door/index.ts';
import { startCanary } from '../src/run/canary.ts';
import { doorHandlers, guardDecision } from '../src/run/hooks.ts';
import { pickDoorway, startProcess, withDoor } from '../src/sandbox/index.ts';
import { doorOf, openLive, type BenchAttempt } from './attempt.ts';
import { makeHome } from './home.ts';
import { quantile, type BenchRow } from './row.ts';

const starts = 60;

/**
 * What the canary adds to a start: from the start of the process to its first tool call's being let through, in the
 * sandbox and behind the door of a real attempt. The agent is a line of bash that calls at once, so that nothing of the
 * canary's time hides in the start of a CLI, which takes longer than it. The baseline is the same start without a
 * canary; they alternate, and the difference of each pair counts.
 */
export async function run(): Promise<BenchRow[]> {
  const home = await makeHome({
    files: { 'a.txt': 'a\n' },
    tasks: 'tasks:\n  - { id: one, name: One, description: Nothing }\n',
  });
  try {
    const attempt = await openLive(home);
    try {
      const [bare, added]: [number[], number[]] = [[], []];
      for (let i = -3; i < starts; i += 1) {
        const without = await startMs(attempt, false);
        const proved = await startMs(attempt, true);
        if (i < 0) continue; // not warm yet
        bare.push(without);
        added.push(proved - without);
      }
      return [rowOf(bare, added)];
    } finally {
      await attempt.close();
    }
  } finally {
    home.remove();
  }
}

function rowOf(bare: number[], added: number[]): BenchRow {
  const show = (list: number[]) => [0.5, 0.95].map((share) => `${quantile(list, share).toFixed(1)} ms`).join(' / ');
  return {
    name: `canary: added to a start, p50 / p95 (${starts} pairs of starts)`,
    value: show(added),
    baseline: `the start without: ${show(bare)}`,
    // A machine that others use stretches single starts of both kinds by more than that.
    target: 'p50 < 60 ms',
    ok: quantile(added, 0.5) < 60,
  };
}

/** Milliseconds from the start of an agent's process to the moment its first call may run. */
async function startMs({ ctx, live, policy: base }: BenchAttempt, proved: boolean): Promise<number> {
  const canary = startCanary(live);
  const handlers = doorHandlers(live);
  const called = Promise.withResolvers<number>();
  const socketPath = join(ctx.socketDir, `${ctx.newId().slice(0, 8)}.sock`);
  const door = await openDoor({
    ...doorOf(ctx, socketPath),
    handlers: {
      ...handlers,
      async onTool(request, signal) {
        if (canary.isProbe(request)) return canary.judge(guardDecision(live, request));
        if (proved) await canary.passed;
        const verdict = await handlers.onTool(request, signal);
        called.resolve(performance.now());
        return verdict;
      },
      onCanary: (report) => canary.report(report),
    },
  });
  try {
    const { kind } = ctx.sandbox;
    const doorway = await pickDoorway(kind);
    const orders = canary.orders(base.cwd);
    const { policy, command } = withDoor(base, ['bash', '-c', callAtOnce(doorway.port)], {
      socket: socketPath,
      kind,
      ...doorway,
      ...(proved ? { canary: orders } : {}),
    });
    const start = performance.now();
    const child = startProcess(ctx.sandbox, policy, command);
    child.stdin.end();
    if (proved) canary.passed.catch((error: unknown) => called.reject(error));
    const ended = child.exited.then(() => Promise.reject(new Error('the agent ended without a call')));
    const end = await Promise.race([called.promise, ended]);
    await child.kill();
    return end - start;
  } finally {
    await door.close();
    await rm(socketPath, { force: true });
  }
}

/** A line of bash that asks the door at `port` whether it may run `ls`, and stays. */
function callAtOnce(port: number): string {
  const body = JSON.stringify({
    hook_event_name: 'PreToolUse',
    tool_name: 'Bash',
    tool_input: { command: 'ls' },
    tool_use_id: 'first',
  });
  const head = 'POST /hook HTTP/1.1\\r\\nhost: door\\r\\ncontent-type: application/json\\r\\ncontent-length: ';
  return `exec 3<>/dev/tcp/127.0.0.1/${port}; printf '${head}${body.length}\\r\\n\\r\\n%s' '${body}' >&3; exec cat <&3`;
}

if (import.meta.main) console.table(await run());
