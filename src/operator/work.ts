import { join } from 'node:path';
import { count, messageOf } from '../base/index.ts';
import { isTaken, type Actor, type TaskState } from '../journal/index.ts';
import { dateIn } from '../plan/index.ts';
import { measureWork, workspaceOf, type WorkContext } from '../run/index.ts';
import {
  checkpoint,
  removeWorkspace,
  rollback as rollBackTo,
  sizeOf,
  workspacePaths,
  type Project,
} from '../workspace/index.ts';
import { cleanedWords } from './cleaned.ts';
import { findTask } from './refs.ts';
import { inTaskTurn } from './turn.ts';
import type { Operator, OperatorContext, Outcome } from './types.ts';

const BUSY = new Set<TaskState['status']>(['preparing', 'working', 'checking']);

/** Takes a task's checkout back to a checkpoint, by default its start. What was there is kept as a checkpoint of its own. */
export async function rollback(ctx: OperatorContext, input: RollbackInput, by: Actor): Promise<Outcome> {
  const { day, task } = findTask(ctx.journal.state, input.task);
  return inTaskTurn(`${day}/${task}`, () => rollBackOne(ctx, input, by));
}

interface RollbackInput {
  task: string;
  /** Default: its start. */
  checkpoint?: string;
}

async function rollBackOne(ctx: OperatorContext, input: RollbackInput, by: Actor): Promise<Outcome> {
  const { day, task, state } = findTask(ctx.journal.state, input.task);
  if (BUSY.has(state.status)) return { ok: false, message: `${task} is ${state.status}: dayshift stop ${task} first.` };
  const gone = cleanedWords({ day, task }, state);
  if (gone !== undefined)
    return { ok: false, message: `${gone}. There is nothing to roll back: dayshift retry ${task} begins it anew.` };
  const known = state.checkpoints.map((one) => `${one.id} (${one.label})`).join(', ');
  const target = state.checkpoints.find((one) => one.id === (input.checkpoint ?? 'c0'));
  if (target === undefined)
    return {
      ok: false,
      message: `${task} has no checkpoint ${input.checkpoint ?? 'c0'}. It has: ${known === '' ? 'none' : known}.`,
    };
  const ref = { day, task };
  const workspace = workspaceOf(ctx.home, state, ref);
  const label = 'before the rollback';
  const made = [...state.checkpoints];
  const kept = await keep(ctx, ref, label);
  // Said twice, or cut off half-way: the work is in the checkpoint of the first time, and this one has what it was taken back to.
  const isThere = kept.tree === target.tree;
  const first = isThere ? made.findLast((one) => one.label === label && one.tree !== target.tree) : undefined;
  const before = (first ?? kept).id;
  const asItWas = `The work as it was is ${before}: dayshift rollback ${day}/${task} ${before} brings it back.`;
  if (isThere && made.at(-1)?.label === backAt(target.id))
    return { ok: true, message: `${task} is back at ${target.id} (${target.label}) already. ${asItWas}` };
  await rollBackTo(workspace, target.commit);
  await ctx.journal.append({ type: 'workspace.rolled_back', ...ref, data: { checkpoint: target.id }, actor: by });
  await keep(ctx, ref, backAt(target.id));
  await measureWork(ctx, ref, workspace);
  // The proof was for the work as it was: what is there now has not been looked at.
  const now = ctx.journal.state.days[day]?.tasks[task];
  if (now?.status === 'done' && now.review?.tree !== now.checkpoints.at(-1)?.tree) {
    const reason = `rolled back to ${target.id} (${target.label}): not proven`;
    await ctx.journal.append({ type: 'task.stopped', ...ref, data: { reason }, actor: by });
  }
  return {
    ok: true,
    message: [`${task} is back at ${target.id} (${target.label}). ${asItWas}`, ...elsewhere(state)].join(' '),
  };

  async function keep(context: WorkContext, where: { day: string; task: string }, label: string) {
    const id = `c${context.journal.state.days[day]?.tasks[task]?.checkpoints.length ?? 0}`;
    const data = await checkpoint(workspace, id, label);
    await context.journal.append({ type: 'workspace.checkpointed', ...where, data });
    return { id, tree: data.tree };
  }
}

/** What a rollback leaves as it is, in sentences: it is about the task's checkout alone. */
function elsewhere({ applied, commits = [] }: TaskState): string[] {
  const words = [...new Map(commits.map((one) => [one.branch, one])).values()].map(
    ({ commit, branch, to }) =>
      `The commit ${commit.slice(0, 10)} on ${branch} stays: ${to === 'branch' ? `git branch -D ${branch} removes that branch` : `git revert ${commit.slice(0, 10)} takes it back`}.`,
  );
  if (words.length > 0 || applied === undefined) return words;
  return ['What was applied to your project stays there.'];
}

function backAt(checkpointId: string): string {
  return `rolled back to ${checkpointId}`;
}

/** Removes workspaces: of days before today, or of one task. One with work that was not applied only when forced. */
export async function clean(
  ctx: OperatorContext,
  input: Parameters<Operator['clean']>[0],
  by: Actor,
): Promise<Outcome> {
  const lines: string[] = [];
  let freed = 0;
  let failed = false;
  for (const { day, task, state } of candidates(ctx, input.task, input.before)) {
    const paths = workspacePaths(ctx.home.paths, day, task);
    const bytes = await sizeOf(paths.root);
    const keep = whyKept(state, input.force === true);
    if (keep !== undefined) {
      lines.push(`${day}/${task}: kept, ${keep} (${megabytes(bytes)})`);
      continue;
    }
    if (input.dryRun !== true) {
      try {
        await removeWorkspace(projectOrNone(ctx, state.spec.project), paths);
      } catch (error) {
        // One that cannot be removed is no reason to keep the others.
        failed = true;
        lines.push(`${day}/${task}: not removed: ${messageOf(error)}`);
        continue;
      }
      await ctx.journal.append({
        type: 'workspace.cleaned',
        day,
        task,
        data: { bytes, forced: input.force === true },
        actor: by,
      });
    }
    freed += bytes;
    lines.push(`${day}/${task}: ${input.dryRun === true ? 'would be removed' : 'removed'} (${megabytes(bytes)})`);
  }
  const word = input.dryRun === true ? 'would be freed' : 'freed';
  const nothing = `There is nothing to clean${input.task === undefined ? ': no day before today has a workspace; one of today goes by its name, dayshift clean TASK' : ''}.`;
  lines.push(lines.length === 0 ? nothing : `${megabytes(freed)} ${word}.`);
  return { ok: !failed, message: lines.join('\n') };
}

/** The project of a checkout; where it is no longer in the settings, one that is nowhere: the checkout goes all the same. */
function projectOrNone({ home }: OperatorContext, name: string): Project {
  const found = home.projects.find((project) => project.name === name);
  return found ?? { name, path: join(home.paths.own, 'no-such-project'), copy: [] };
}

function candidates(ctx: OperatorContext, name: string | undefined, before: string | undefined) {
  if (name !== undefined)
    return [findTask(ctx.journal.state, name)].filter((found) => found.state.workspace !== undefined);
  // By the home's calendar: at UTC's midnight the day is still on in New York.
  const zone = ctx.home.config.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const today = before ?? dateIn(new Date(ctx.clock.now()), zone);
  return Object.values(ctx.journal.state.days)
    .filter((day) => day.date < today)
    .flatMap((day) => Object.values(day.tasks).map((state) => ({ day: day.date, task: state.spec.id, state })))
    .filter((found) => found.state.workspace !== undefined);
}

function whyKept(state: TaskState, force: boolean): string | undefined {
  if (BUSY.has(state.status)) return `it is ${state.status}`;
  if (force) return undefined;
  if (state.status === 'parked' || state.status === 'queued') return `it is ${state.status}`;
  if (state.work === undefined && state.attempt > 0) return 'what it did was not measured; --force removes it';
  if (state.work !== undefined && state.work.stat.files > 0 && !isTaken(state))
    return `its work was not applied (${count(state.work.stat.files, 'file')}); --force removes it`;
  return undefined;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MB`;
}
