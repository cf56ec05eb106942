import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { deliverablePorts, feedbackForAgent, judge, lookAtDeliverables, pathsIn } from '../review/index.ts';
import { runCommand } from '../sandbox/index.ts';
import type { CheckResult, EventData, NewEvent } from '../journal/index.ts';
import {
  changesSince,
  checkpoint,
  noteLeft,
  submodulesOf,
  type Checkpoint,
  type Workspace,
} from '../workspace/index.ts';
import { record, taskOf, type RunContext, type TaskRef } from './context.ts';
import { placeOf, seenFromPlace } from './place.ts';
import { commandPolicy } from './policy.ts';
import { readSummary } from './summary.ts';
import { withWayOut } from './way-out.ts';

export interface GateResult {
  decision: EventData<'review.decided'>['decision'];
  /** For the agent, when it is sent back. */
  feedback: string;
}

/**
 * Looks whether the work holds: the deliverables are there and changed, the checks pass. Writes down each
 * result and the verdict, which counts only for the tree that it names. Whoever kills the daemon in between
 * makes it look again. `signal` ends it, with the check that runs: it then rejects with the signal's reason, and
 * no verdict is written.
 */
export async function runGate(
  ctx: RunContext,
  ref: TaskRef,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<GateResult> {
  signal.throwIfAborted();
  // With an agent there this daemon has seen every earlier round to its end, and what differs is the agent's.
  if (!taskOf(ctx, ref).open) await settleLeft(ctx, ref, workspace);
  const round = taskOf(ctx, ref).rounds + 1;
  await record(ctx, ref, { type: 'task.checking', data: { round } });
  const { spec, retries } = taskOf(ctx, ref);
  const looking = lookAtWork(ctx, ref, workspace, round, signal);
  // Whoever waits for it hears of it. Until then it may fail while nobody does: a git that gives up must not end the whole day.
  looking.catch(() => undefined);
  const checks = await runChecks(ctx, ref, workspace, { round, after: looking, signal });
  const { deliverables, nothingChanged, tree } = await looking;
  const retriesLeft = spec.retries - retries;
  const claim = await readSummary(workspace);
  const verdict = judge({
    deliverables,
    checks,
    retriesLeft,
    nothingChanged,
    ...(claim === undefined ? {} : { claim }),
  });
  signal.throwIfAborted();
  await record(ctx, ref, { type: 'review.decided', data: { round, ...verdict, tree } });
  return {
    decision: verdict.decision,
    feedback: feedbackForAgent({ deliverables, checks, retriesLeft: retriesLeft - 1, nothingChanged }),
  };
}

/** Looks at the deliverables and takes the checkpoint of what is judged: the work as it is now, whatever the checks leave behind or mend. */
async function lookAtWork(ctx: RunContext, ref: TaskRef, workspace: Workspace, round: number, signal: AbortSignal) {
  const { spec } = taskOf(ctx, ref);
  const onDisk = (path: string) => existsSync(resolve(placeOf(workspace), path));
  const named = spec.deliverables.flatMap((text) => pathsIn(text, onDisk));
  const measured = await changesSince(workspace, startOf(ctx, ref), named);
  // What it had done on an earlier day came into its checkout before the start, and is its work all the same.
  const all = goesOnWithOwn(ctx, ref) ? await changesSince(workspace, 'base', named) : measured;
  const deliverables = lookAtDeliverables(
    spec.deliverables,
    deliverablePorts(
      seenFromPlace(workspace, all.changed),
      onDisk,
      seenFromPlace(
        workspace,
        submodulesOf(workspace).map((path) => ({ path })),
      ).map(({ path }) => path),
    ),
  );
  const { checkpoint, event } = await takeCheckpoint(ctx, ref, workspace, beforeChecks(round), measured);
  signal.throwIfAborted();
  await record(ctx, ref, event, { type: 'deliverables.looked', data: { round, results: deliverables } });
  return { deliverables, nothingChanged: all.stat.files === 0, tree: checkpoint.tree };
}

/** Whether its checkout began with work of its own, of an earlier day. */
function goesOnWithOwn(ctx: RunContext, ref: TaskRef): boolean {
  const { days } = ctx.journal.state;
  const own = (taskOf(ctx, ref).spec.startsFrom ?? []).filter(({ task }) => task === ref.task);
  return own.some(({ day, task }) => (days[day]?.tasks[task]?.work?.stat.files ?? 0) > 0);
}

/**
 * Runs the checks of a round one after the other and writes each down. None begins before `after`, but the sandbox of the first is made
 * meanwhile. In the end, however it comes, what they left is put aside.
 */
async function runChecks(
  ctx: RunContext,
  ref: TaskRef,
  workspace: Workspace,
  { round, after, signal }: { round: number; after: Promise<unknown>; signal: AbortSignal },
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  try {
    for (const command of taskOf(ctx, ref).spec.checks) {
      const result = await runCheck(ctx, ref, workspace, command, { signal, by: 'check', after });
      results.push(result);
      await record(ctx, ref, { type: 'check.ran', data: { round, ...result } });
    }
    await after;
    return results;
  } finally {
    await after.catch(() => undefined); // thrown above already, or by what waited for it
    await settleLeft(ctx, ref, workspace);
  }
}

/** The label of the checkpoint that is taken as the checks of a round begin. */
const beforeChecks = (round: number) => `checks ${round}`;

/**
 * What the checks of a round left behind that has no verdict yet is put aside, so that nobody takes it for the
 * agent's work. Also for a round that a kill cut off. Harmless the second time.
 */
export async function settleLeft(ctx: RunContext, ref: TaskRef, workspace: Workspace): Promise<void> {
  const { checkpoints, rounds, review, spec } = taskOf(ctx, ref);
  const last = checkpoints.at(-1);
  if (spec.checks.length === 0 || review?.round === rounds || last?.label !== beforeChecks(rounds)) return;
  const mended = await noteLeft(workspace, last.tree);
  if (mended.length === 0) return;
  const shown = mended.slice(0, 10).join(', ');
  const more = mended.length > 10 ? ` and ${mended.length - 10} more` : '';
  const message = `the checks changed ${shown}${more}: the work that counts is as it was before them`;
  await record(ctx, ref, { type: 'agent.warned', data: { message } });
}

/** Runs one check or setup command of the task in the sandbox, not before `after`. When `signal` fires it is ended, and this rejects with the signal's reason. */
export async function runCheck(
  ctx: RunContext,
  ref: TaskRef,
  workspace: Workspace,
  command: string,
  { signal, by, after }: { signal: AbortSignal; by: 'setup' | 'check'; after?: Promise<unknown> },
): Promise<CheckResult> {
  const policy = await commandPolicy(ctx, taskOf(ctx, ref).spec, workspace);
  const timeoutMs = ctx.home.config.check_timeout_minutes * 60_000;
  const marker = commandMarker(ctx, ref);
  signal.throwIfAborted();
  return withWayOut(ctx, ref, workspace, { policy, by }, (inside, door) =>
    runCommand(ctx.sandbox, inside, command, {
      timeoutMs,
      marker,
      signal,
      ...(after === undefined ? {} : { after }),
      ...(door === undefined ? {} : { door }),
    }),
  );
}

/** No process: what is left behind is then found by its marker alone. */
export const NOBODY = { pid: -1, startTime: '' };

/** What the checks and setup commands of a task carry in their environment, so that a later daemon finds what was left behind. */
export function commandMarker(ctx: RunContext, ref: TaskRef): string {
  return createHash('sha256').update(`${ctx.home.paths.home}\0${ref.day}\0${ref.task}`).digest('hex').slice(0, 32);
}

/**
 * Takes a checkpoint under the next free id, of the checkout as it is or of what was `taken` of it before. It counts once its
 * event is written: the caller writes it, together with what follows from it.
 */
export async function takeCheckpoint(
  ctx: RunContext,
  ref: TaskRef,
  workspace: Workspace,
  label: string,
  taken?: Pick<Checkpoint, 'tree' | 'warnings'>,
): Promise<{ checkpoint: Checkpoint; event: NewEvent }> {
  const id = `c${taskOf(ctx, ref).checkpoints.length}`;
  const { warnings, ...data } = await checkpoint(workspace, id, label, taken);
  return { checkpoint: { ...data, warnings }, event: { type: 'workspace.checkpointed', data } };
}

/** Takes a checkpoint that nothing else follows from, and writes it down. */
export async function keepCheckpoint(
  ctx: RunContext,
  ref: TaskRef,
  workspace: Workspace,
  label: string,
): Promise<Checkpoint> {
  const { checkpoint, event } = await takeCheckpoint(ctx, ref, workspace, label);
  await record(ctx, ref, event);
  return checkpoint;
}

/** The commit of the start (after setup), against which the agent's work is measured. */
export function startOf(ctx: Pick<RunContext, 'journal'>, ref: TaskRef): string {
  const start = taskOf(ctx, ref).checkpoints[0];
  if (start === undefined) throw new Error(`task ${ref.task} has no checkpoint of its start`);
  return start.commit;
}
