import { DayshiftError, messageOf } from '../base/index.ts';
import { projectOf, type Home } from '../home/index.ts';
import type { TaskState } from '../journal/index.ts';
import type { Workspace } from '../workspace/index.ts';
import { applyPatch, inBackground, openWorkspace, prepareWorkspace, workspacePaths } from '../workspace/index.ts';
import { dayOf, record, taskOf, type RunContext, type TaskRef } from './context.ts';
import { runCheck, takeCheckpoint } from './gate.ts';
import { giveContext, giveLessons } from './lessons.ts';
import { resolveEnv } from './policy.ts';
import { reachOf } from './reach.ts';
import { readWork } from './results.ts';

/**
 * Makes a task's workspace: a checkout, the work of the tasks that it needs, the setup commands, and the
 * checkpoint from which its own work is measured. Whatever a crash left half-made is made again. When `signal`
 * fires, it rejects with the signal's reason between two steps; a setup command that runs is ended. `ahead`: nobody waits for it yet.
 */
export async function prepareTask(ctx: RunContext, ref: TaskRef, signal: AbortSignal, ahead = false): Promise<void> {
  await record(ctx, ref, { type: 'task.preparing', data: {} });
  const began = ctx.clock.now();
  await giveLessons(ctx, ref);
  await giveContext(ctx, ref);
  const { spec } = taskOf(ctx, ref);
  // Looked at before anything is made: a name that is not set is no agent's fault, and no further try mends it.
  resolveEnv(spec.env, ctx.env, ctx.keepSecret);
  const make = () =>
    prepareWorkspace(projectOf(ctx.home, spec.project), workspacePaths(ctx.home.paths, ref.day, ref.task));
  const workspace = await (ahead ? inBackground(make) : make());
  signal.throwIfAborted();
  for (const warning of workspace.warnings)
    await record(ctx, ref, { type: 'agent.warned', data: { message: warning } });
  await takeOver(ctx, ref, workspace);
  for (const message of (await reachOf(ctx, spec)).problems)
    await record(ctx, ref, { type: 'agent.warned', data: { message: `egress: ${message}` } });
  for (const command of spec.setup) {
    const result = await runCheck(ctx, ref, workspace, command, { signal, by: 'setup' });
    await record(ctx, ref, { type: 'setup.ran', data: result });
    if (result.exitCode !== 0)
      throw new DayshiftError(
        'usage',
        [`setup failed (exit ${result.exitCode ?? 'none'}): ${command}`, ...(result.limits ?? [])].join('. '),
      );
  }
  const start = await takeCheckpoint(ctx, ref, workspace, 'start');
  const data = {
    checkout: workspace.paths.checkout,
    base: workspace.base,
    kind: workspace.kind,
    ms: ctx.clock.now() - began,
  };
  await record(ctx, ref, { type: 'task.prepared', data }, start.event);
}

/**
 * The work of the tasks that this one needs, and of those of earlier days that it goes on with, comes into its checkout,
 * unless the project has it already.
 */
async function takeOver(ctx: RunContext, ref: TaskRef, workspace: Workspace): Promise<void> {
  const { spec } = taskOf(ctx, ref);
  for (const { day, task, earlier } of worksBefore(ctx, ref)) {
    const other = ctx.journal.state.days[day]?.tasks[task];
    if (other?.work === undefined || other.spec.project !== spec.project || other.work.stat.files === 0) continue;
    try {
      const patch = await readWork(ctx, { day, task });
      // In a sandbox a link leads nowhere that is not shown there.
      await applyPatch({ name: spec.project, path: workspace.paths.checkout, copy: [] }, patch, { allowLinks: true });
    } catch (error) {
      if (!earlier) {
        throw new DayshiftError(
          'usage',
          `the work of ${task}, which it needs, does not fit its checkout: ${messageOf(error)}`,
          { cause: error },
        );
      }
      const message = `the work of ${day}/${task} does not fit the project as it is now: it begins without (${messageOf(error)})`;
      await record(ctx, ref, { type: 'agent.warned', data: { message } });
    }
  }
}

/** Whose work a task's checkout starts with, in this order. `earlier`: a day before has left it. */
function worksBefore(ctx: RunContext, ref: TaskRef): { day: string; task: string; earlier: boolean }[] {
  const { tasks } = dayOf(ctx, ref.day);
  const all = [...allNeeds(ctx, ref), ref.task].flatMap((id) => [
    ...(tasks[id]?.spec.startsFrom ?? []).map((other) => ({ ...other, earlier: true })),
    ...(id === ref.task ? [] : [{ day: ref.day, task: id, earlier: false }]),
  ]);
  return all.filter(
    (one, index) => all.findIndex((other) => other.day === one.day && other.task === one.task) === index,
  );
}

/** The needs of a task with theirs, the first needed first. */
function allNeeds(ctx: RunContext, ref: TaskRef): string[] {
  const day = dayOf(ctx, ref.day);
  const order: string[] = [];
  const visit = (id: string) => {
    for (const need of day.tasks[id]?.spec.needs ?? []) if (!order.includes(need)) visit(need);
    if (id !== ref.task && !order.includes(id)) order.push(id);
  };
  visit(ref.task);
  return order;
}

/** The workspace of a task that was prepared before, from what the journal says of it. */
export function workspaceOf(home: Home, task: TaskState, ref: TaskRef): Workspace {
  const { workspace, spec } = task;
  if (workspace === undefined) {
    throw new DayshiftError('usage', `${ref.task} has no workspace`, { hint: 'it never started, or it was cleaned' });
  }
  return openWorkspace(projectOf(home, spec.project), workspacePaths(home.paths, ref.day, ref.task), workspace);
}
