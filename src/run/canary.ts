import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { CanaryReport, HookRequest, ToolVerdict } from '../door/index.ts';
import type { Decision } from '../guard/index.ts';
import { newCanaryItem } from '../inbox/index.ts';
import { canaryOrders, type CanaryOrders } from '../sandbox/index.ts';
import { record, type RunContext, type TaskRef } from './context.ts';
import type { LiveAttempt } from './live.ts';

/** A canary that has said nothing for so long, in ms from its start, has failed. It takes some ms; a busy machine more. */
const PATIENCE_MS = 30_000;

/** Proves guard and sandbox of one start of an agent, while it starts. */
export interface Canary {
  /** What the bridge is to try in the sandbox whose working directory this is. */
  orders(cwd: string): CanaryOrders;
  /** Resolves once everything was refused and that is written down. Rejects where something was not, or the attempt ended. */
  passed: Promise<void>;
  /** The process is there: from now on it is waited for. */
  started(): void;
  /** Whether this is the synthetic call. Only one is, and only before the report. */
  isProbe(request: HookRequest): boolean;
  /** The guard's answer to the synthetic call. */
  judge(decision: Decision): ToolVerdict;
  /** What the bridge says. The first report counts. */
  report(report: CanaryReport): Promise<void>;
}

export function startCanary(live: LiveAttempt): Canary {
  const { ctx, ref, workspace } = live;
  const word = `canary-${randomUUID()}`;
  const gate = Promise.withResolvers<undefined>();
  gate.promise.catch(() => undefined); // whoever waits hears of it
  let expected: string[] = [];
  let denied: boolean | undefined;
  let over = false;

  const fail = async (open: CanaryReport['tried']) => {
    over = true;
    gate.reject(new Error('the canary failed'));
    await stopForCanary(
      live,
      open.map(({ what, detail }) => ({ what, detail })),
    );
  };
  live.signal.addEventListener('abort', () => {
    over = true;
    gate.reject(new Error('the attempt is over'));
  });

  return {
    orders(cwd) {
      const { gitDir, paths } = workspace;
      const files =
        gitDir === undefined ? [] : [join(paths.checkout, '.git'), join(gitDir, 'HEAD'), join(gitDir, 'config')];
      const git = gitDir === undefined ? undefined : { folder: gitDir, files };
      const orders = canaryOrders(ctx.sandbox.kind, { word, cwd, git }, ctx.lure);
      expected = orders.probes.map(({ what }) => what);
      return orders;
    },
    passed: gate.promise,
    started() {
      const cancel = ctx.clock.after(PATIENCE_MS, () => {
        if (!over) live.background(fail([silence]), 'writing down that the canary was silent');
      });
      gate.promise.then(cancel, cancel);
    },
    isProbe: (request) => !over && denied === undefined && request.tool_use_id === word,
    judge({ decision, reason }) {
      denied = decision === 'deny';
      return denied ? { permission: 'deny', reason } : { permission: 'allow' };
    },
    async report({ word: named, tried, ms }) {
      if (over || named !== word) return;
      over = true;
      const open = tried.filter(({ refused }) => !refused);
      const left = expected.filter((what) => !tried.some((one) => one.what === what));
      open.push(...left.map((what) => ({ what, refused: false, detail: 'it was not tried' })));
      if (denied !== true) open.push(undecided);
      if (open.length > 0) return fail(open);
      const data = { sandbox: ctx.sandbox.kind, tried: tried.length, ms };
      await record(ctx, ref, { type: 'canary.passed', data });
      gate.resolve(undefined);
    },
  };
}

const silence = { what: 'the canary', refused: false, detail: `it did not report within ${PATIENCE_MS / 1000} s` };
const undecided = { what: 'git commit at the guard', refused: false, detail: 'it was not denied' };

/** Ends the attempt before its agent got a word, pauses the day, and asks the person. */
async function stopForCanary(live: LiveAttempt, open: { what: string; detail: string }[]): Promise<void> {
  const { ctx, ref } = live;
  const said = open.map(({ what, detail }) => `${what} (${detail})`).join(', ');
  ctx.log(`${ref.task}: THE CANARY FAILED, the day pauses. Not refused: ${said}`);
  const item = await ctx.inTurn(() => openCanaryItem(ctx, ref, said));
  const reason = `the canary failed: ${said}`;
  live.end({
    end: 'parked',
    atOnce: true,
    detail: `${reason}; the agent got no task`,
    then: [
      { type: 'canary.failed', data: { sandbox: ctx.sandbox.kind, open } },
      { type: 'task.parked', data: { reason: 'canary', item } },
      { type: 'day.paused', data: { reason } },
    ],
  });
}

/** One item a day: what is wrong with the machine is wrong for all its tasks. */
async function openCanaryItem(ctx: RunContext, ref: TaskRef, said: string): Promise<string> {
  const known = Object.values(ctx.journal.state.items).find(
    (item) => item.kind === 'canary' && item.status === 'open' && item.day === ref.day,
  );
  if (known !== undefined) return known.id;
  const id = ctx.newItemId();
  await record(ctx, ref, { type: 'item.opened', data: newCanaryItem(id, said) });
  return id;
}
