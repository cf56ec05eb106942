import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { feedbackForAgent, judge, lookAtDeliverables } from '../review/index.ts';
import { runCommand } from '../sandbox/index.ts';
import type { CheckResult, EventData } from '../journal/index.ts';
import { checkpoint, measure, type Measured, type Workspace } from '../workspace/index.ts';
import { record, taskOf, type RunContext, type TaskRef } from './context.ts';
import { commandPolicy } from './policy.ts';

export interface GateResult {
  decision: EventData<'review.decided'>['decision'];
  /** For the agent, when it is sent back. */
  feedback: string;
}

/**
 * Looks whether the work holds: the deliverables are there and changed, the checks pass. Writes down each
 * result and the verdict, which counts only for the tree that it names. Whoever kills the daemon in between
 * makes it look again.
 */
export async function runGate(ctx: RunContext, ref: TaskRef, workspace: Workspace): Promise<GateResult> {
  const round = taskOf(ctx, ref).rounds + 1;
  await record(ctx, ref, { type: 'task.checking', data: { round } });
  const { spec, retries } = taskOf(ctx, ref);
  const measured = await measure(workspace, startOf(ctx, ref), spec.deliverables);
  const deliverables = lookAtDeliverables(spec.deliverables, deliverablePorts(workspace, measured));
  await record(ctx, ref, { type: 'deliverables.looked', data: { round, results: deliverables } });
  const checks: CheckResult[] = [];
  for (const command of spec.checks) {
    const result = await runCheck(ctx, ref, workspace, command);
    checks.push(result);
    await record(ctx, ref, { type: 'check.ran', data: { round, ...result } });
  }
  const retriesLeft = spec.retries - retries;
  const nothingChanged = measured.stat.files === 0;
  const verdict = judge({ deliverables, checks, retriesLeft, nothingChanged });
  // Checks may leave files behind (a coverage folder): the verdict is for the tree as it is now.
  const after = await takeCheckpoint(ctx, ref, workspace, `checks ${round}`);
  await record(ctx, ref, { type: 'review.decided', data: { round, ...verdict, tree: after.tree } });
  return {
    decision: verdict.decision,
    feedback: feedbackForAgent({ deliverables, checks, retriesLeft, nothingChanged }),
  };
}

/** Runs one check or setup command of the task in the sandbox. */
export function runCheck(ctx: RunContext, ref: TaskRef, workspace: Workspace, command: string): Promise<CheckResult> {
  const policy = commandPolicy(ctx, taskOf(ctx, ref).spec, workspace);
  const timeoutMs = ctx.home.config.check_timeout_minutes * 60_000;
  return policy.then((made) => runCommand(ctx.sandbox, made, command, { timeoutMs }));
}

/** Takes a checkpoint under the next free id and writes it down. */
export async function takeCheckpoint(ctx: RunContext, ref: TaskRef, workspace: Workspace, label: string) {
  const id = `c${taskOf(ctx, ref).checkpoints.length}`;
  const taken = await checkpoint(workspace, id, label);
  await record(ctx, ref, { type: 'workspace.checkpointed', data: taken });
  return taken;
}

/** The commit of the start (after setup), against which the agent's work is measured. */
export function startOf(ctx: Pick<RunContext, 'journal'>, ref: TaskRef): string {
  const start = taskOf(ctx, ref).checkpoints[0];
  if (start === undefined) throw new Error(`task ${ref.task} has no checkpoint of its start`);
  return start.commit;
}

function deliverablePorts(workspace: Workspace, measured: Measured) {
  const { checkout } = workspace.paths;
  const changed = measured.stat.paths.map((entry) => entry.path);
  return {
    exists: (path: string) => existsSync(resolve(checkout, path)),
    changed: (path: string) => {
      const clean = join('.', path).replace(/\/$/, '');
      return changed.some((other) => other === clean || other.startsWith(`${clean}/`));
    },
  };
}
