import { openHome, planDay, runContext } from '../src/daemon/index.ts';
import type { openDoor } from '../src/door/index.ts';
import { loadPlan } from '../src/home/index.ts';
import { record, taskOf, type RunContext } from '../src/run/context.ts';
import type { LiveAttempt } from '../src/run/live.ts';
import { agentPolicy } from '../src/run/policy.ts';
import { prepareTask, workspaceOf } from '../src/run/prepare.ts';
import { createTelling } from '../src/run/told.ts';
import type { SandboxPolicy } from '../src/sandbox/index.ts';
import { DAY, type BenchHome } from './home.ts';

/** An attempt of the home's task `one` as a daemon has it, up to its process: its checkout is there, its policy made. */
export interface BenchAttempt {
  ctx: RunContext;
  live: LiveAttempt;
  policy: SandboxPolicy;
  close: () => Promise<void>;
}

export async function openLive(home: BenchHome): Promise<BenchAttempt> {
  const env = { ...home.env, ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' };
  const open = await openHome({ env, cwd: home.paths.home, mode: 'run', onWarning: console.error });
  const ctx = await runContext(open, { canAsk: false, log: console.error });
  const { plan } = await loadPlan(DAY, open.home, new Date());
  if (plan === undefined) throw new Error('the bench has no plan');
  await planDay(ctx, plan, []);
  const { signal } = new AbortController();
  await prepareTask(ctx, { day: DAY, task: 'one' }, signal);
  const ref = { day: DAY, task: 'one', attempt: 1 };
  await record(ctx, ref, { type: 'attempt.intended', data: { sessionId: 's', mode: 'start', why: 'first' } });
  const workspace = workspaceOf(open.home, taskOf(ctx, ref), ref);
  const live: LiveAttempt = {
    ctx,
    ref,
    workspace,
    hosts: [],
    signal,
    end: () => undefined,
    seen: () => undefined,
    progress: () => undefined,
    suspended: (work) => work(),
    telling: createTelling(),
    background: () => undefined,
  };
  return { ctx, live, policy: await agentPolicy(ctx, taskOf(ctx, ref).spec, workspace), close: () => open.close() };
}

/** What an attempt's door is opened with, but for what stands behind it. */
export function doorOf(ctx: RunContext, socketPath: string): Omit<Parameters<typeof openDoor>[0], 'handlers'> {
  const { upstream, prices, clock, newId } = ctx;
  return { socketPath, upstream, prices, clock, newId };
}
