import { count, cutEnd, DayshiftError, hasCode, messageOf, oneLine } from '../base/index.ts';
import { projectOf } from '../home/index.ts';
import type { Actor, TaskState } from '../journal/index.ts';
import { leakWords, patchName, readWork } from '../run/index.ts';
import { applyPatch, remarksOn } from '../workspace/index.ts';
import { cleanedWords } from './cleaned.ts';
import { findTask, type FoundTask } from './refs.ts';
import type { Operator, OperatorContext, Outcome } from './types.ts';

const BUSY = new Set<TaskState['status']>(['preparing', 'working', 'checking']);

/**
 * Puts a task's work into the person's checkout, unstaged; all of it or nothing. Done twice it changes nothing. The
 * work of what it needs goes in before it, where that is wished; else it is refused while that is not there.
 */
export async function apply(
  ctx: OperatorContext,
  input: Parameters<Operator['apply']>[0],
  by: Actor,
): Promise<Outcome> {
  const found = findTask(ctx.journal.state, input.task);
  const { task } = found;
  const refused = whyNot(found, input.force === true);
  if (refused !== undefined) return { ok: false, message: refused };
  const before = input.force === true && input.withNeeds !== true ? [] : neededBefore(ctx, found);
  const names = before.map((one) => one.task);
  if (before.length > 0 && input.withNeeds !== true)
    return {
      ok: false,
      message: `${task} needs ${names.join(' and ')}, whose work is not applied: apply ${names[0] ?? ''} first (dayshift apply ${names[0] ?? ''}), or all of it with dayshift apply ${task} --with-needs. Nothing was changed.`,
    };
  // All are looked at before the first goes in.
  for (const one of before) {
    const why = whyNot(one, input.force === true);
    if (why !== undefined) return { ok: false, message: `${task} needs ${one.task}. ${why}` };
  }
  const said: string[] = [];
  for (const one of [...before, found]) {
    const { ok, message } = await applyOne(ctx, one, input.allowLinks === true, by);
    said.push(message);
    if (!ok) return { ok, message: said.join('\n') };
  }
  return { ok: true, message: said.join('\n') };
}

/** Why a task's work cannot be applied as it is, in words for the person. */
function whyNot({ day, task, state }: FoundTask, force: boolean): string | undefined {
  if (BUSY.has(state.status)) return `${task} is still ${state.status}: its work is not whole.`;
  const { work } = state;
  if (work === undefined) {
    const gone = cleanedWords({ day, task }, state);
    return gone === undefined ? `${task} has no measured work yet.` : `${gone}: there is nothing to apply.`;
  }
  if (work.stat.files === 0) return `${task} changed nothing: there is nothing to apply.`;
  if (work.secrets === undefined || force) return undefined;
  return `${task} was not applied, nothing was changed: ${leakWords(work.secrets)}. Send it back (dayshift retry ${task} --hint "…"), or put it in all the same with --force.`;
}

/** What this task needs, in the order in which it has to go in: of the same project, with work that was not applied. */
function neededBefore(ctx: OperatorContext, { day, task, state }: FoundTask): FoundTask[] {
  const tasks = ctx.journal.state.days[day]?.tasks ?? {};
  const order: string[] = [];
  const visit = (id: string) => {
    for (const need of tasks[id]?.spec.needs ?? []) if (!order.includes(need) && need !== task) visit(need);
    if (id !== task) order.push(id);
  };
  visit(task);
  return order.flatMap((id) => {
    const one = tasks[id];
    const missing = one?.spec.project === state.spec.project && (one.work?.stat.files ?? 0) > 0 && !one.applied;
    return one !== undefined && missing ? [{ day, task: id, state: one }] : [];
  });
}

async function applyOne(
  ctx: OperatorContext,
  { day, task, state }: FoundTask,
  allowLinks: boolean,
  by: Actor,
): Promise<Outcome> {
  const project = projectOf(ctx.home, state.spec.project);
  let patch: string;
  try {
    patch = await readWork(ctx, { day, task });
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    const again =
      state.cleaned === true ? `dayshift retry ${task} does it anew` : `dayshift diff ${task} shows the work`;
    return { ok: false, message: `${task} was not applied: ${patchName({ day, task })} is gone. ${again}.` };
  }
  // Intended before, done after: a crash in between is mended by the next try, which finds the patch in place.
  const id = state.applying ?? ctx.newId();
  if (state.applying === undefined)
    await ctx.journal.append({ type: 'workspace.applying', day, task, data: { id }, actor: by });
  try {
    const { files, already } = await applyPatch(project, patch, { allowLinks });
    await ctx.journal.append({ type: 'workspace.applied', day, task, data: { id, files }, actor: by });
    const unproven = state.status === 'done' ? '' : ` Mind that ${task} is ${state.status}: its work is not proven.`;
    if (already === true) return { ok: true, message: `The work of ${task} is in ${project.path} already.${unproven}` };
    const done = `Applied ${task}: ${count(files, 'file')} changed in ${project.path}, unstaged.${unproven}`;
    return { ok: true, message: [done, ...mind(patch)].join('\n') };
  } catch (error) {
    await ctx.journal.append({
      type: 'workspace.apply_failed',
      day,
      task,
      data: { id, why: ctx.redact(messageOf(error)) },
      actor: by,
    });
    return { ok: false, message: `${task} was not applied: ${failure(error)}` };
  }
}

/** What went wrong, once that nothing was changed, and what to do next. */
function failure(error: unknown): string {
  const message = messageOf(error);
  const unchanged = message.includes('nothing was changed') ? '' : '. Nothing was changed';
  const hint = error instanceof DayshiftError && error.hint !== undefined ? ` ${error.hint}` : '';
  return `${message}${unchanged}${/[.!?]$/.test(message) && unchanged === '' ? '' : '.'}${hint}`;
}

/** So many are named; an agent must not bury one among thousands. */
const MOST_REMARKS = 20;

/** What a person should look at before they open, install or commit anything. */
function mind(patch: string): string[] {
  const remarks = remarksOn(patch);
  if (remarks.length === 0) return [];
  const lines = remarks.slice(0, MOST_REMARKS).map(({ path, why }) => `  ${cutEnd(oneLine(path), 200)}: ${why}`);
  const more = remarks.length > lines.length ? [`  and ${remarks.length - lines.length} more`] : [];
  return ['LOOK AT THESE FIRST, programs run or obey them by themselves:', ...lines, ...more];
}
