import { count, cutEnd, DayshiftError, hasCode, messageOf, oneLine } from '../base/index.ts';
import { projectOf } from '../home/index.ts';
import { isTaken, type Actor, type State, type TaskState } from '../journal/index.ts';
import { leakWords, patchName, readWork } from '../run/index.ts';
import { applyPatch, remarksOn } from '../workspace/index.ts';
import { cleanedWords } from './cleaned.ts';
import { findTask, type FoundTask } from './refs.ts';
import { inGitTurn } from './turn.ts';
import type { Operator, OperatorContext, Outcome } from './types.ts';

const BUSY = new Set<TaskState['status']>(['preparing', 'working', 'checking']);

/**
 * Puts a task's work into the person's checkout, unstaged; all of it or nothing. Done twice it changes nothing. The
 * work of what it needs goes in before it, where that is wished; else it is refused while that is not there.
 */
export function apply(ctx: OperatorContext, input: Parameters<Operator['apply']>[0], by: Actor): Promise<Outcome> {
  return inGitTurn(() => applyAll(ctx, input, by));
}

async function applyAll(ctx: OperatorContext, input: Parameters<Operator['apply']>[0], by: Actor): Promise<Outcome> {
  const found = findTask(ctx.journal.state, input.task);
  const { task } = found;
  const refused = whyNotReady(found, input.force === true, 'apply');
  if (refused !== undefined) return { ok: false, message: refused };
  const before = input.force === true && input.withNeeds !== true ? [] : neededBefore(ctx, found);
  const names = before.map((one) => nameBeside(found, one));
  if (before.length > 0 && input.withNeeds !== true)
    return {
      ok: false,
      message: `${task} needs ${names.join(' and ')}, whose work is not applied: apply ${names[0] ?? ''} first (dayshift apply ${names[0] ?? ''}), or all of it with dayshift apply ${task} --with-needs. Nothing was changed.`,
    };
  // All are looked at before the first goes in.
  for (const one of before) {
    const why = whyNotReady(one, input.force === true, 'apply');
    if (why !== undefined) return { ok: false, message: `${task} needs ${nameBeside(found, one)}. ${why}` };
  }
  const said: string[] = [];
  for (const one of [...before, found]) {
    const { ok, message } = await applyOne(ctx, one, input.allowLinks === true, by);
    said.push(message);
    if (!ok) return { ok, message: said.join('\n') };
  }
  return { ok: true, message: said.join('\n') };
}

const done = { apply: 'applied', commit: 'committed' };

/** Why a task's work cannot be taken over as it is, in words for the person. */
export function whyNotReady(
  { day, task, state }: FoundTask,
  force: boolean,
  verb: keyof typeof done,
): string | undefined {
  if (BUSY.has(state.status)) return `${task} is still ${state.status}: its work is not whole.`;
  const { work } = state;
  if (work === undefined) {
    const gone = cleanedWords({ day, task }, state);
    return gone === undefined ? `${task} has no measured work yet.` : `${gone}: there is nothing to ${verb}.`;
  }
  if (work.stat.files === 0) {
    const own = (state.spec.startsFrom ?? []).filter((one) => one.task === task).map((one) => `${one.day}/${task}`);
    const earlier = own.length === 0 ? '' : ` What was done for it before is the work of ${own.join(' and ')}.`;
    return `${task} changed nothing: there is nothing to ${verb}.${earlier}`;
  }
  if (work.secrets === undefined || force) return undefined;
  return `${task} was not ${done[verb]}, nothing was changed: ${leakWords(work.secrets)}. Send it back (dayshift retry ${task} --hint "…"), or put it in all the same with --force.`;
}

/** What this task needs, in the order in which it has to go in: of the same project, with work that was not applied. */
function neededBefore(ctx: OperatorContext, found: FoundTask): FoundTask[] {
  return neededWork(ctx, found).filter(({ state }) => !isTaken({ ...state, commits: [] }));
}

/**
 * What this task needs, in the order in which it has to go in: of the same project, with work. Also what was done on earlier days, for it
 * and what it needs, of which its own work is only what was added.
 */
export function neededWork(
  ctx: { journal: { state: Pick<State, 'days'> } },
  { day, task, state }: FoundTask,
): FoundTask[] {
  const { days } = ctx.journal.state;
  const order: { day: string; task: string }[] = [];
  const add = (ref: { day: string; task: string }) => {
    if (!order.some((one) => one.day === ref.day && one.task === ref.task)) order.push(ref);
  };
  const seen = new Set<string>();
  const visit = (id: string) => {
    if (seen.has(id)) return;
    seen.add(id);
    const spec = days[day]?.tasks[id]?.spec;
    for (const need of spec?.needs ?? []) visit(need);
    for (const ref of spec?.startsFrom ?? []) add(ref);
    if (id !== task) add({ day, task: id });
  };
  visit(task);
  return order.flatMap((ref) => {
    const one = days[ref.day]?.tasks[ref.task];
    const counts = one?.spec.project === state.spec.project && (one.work?.stat.files ?? 0) > 0;
    return one !== undefined && counts ? [{ ...ref, state: one }] : [];
  });
}

/** A task as it is called beside `found`: with its day where that is another. */
export function nameBeside(found: FoundTask, { day, task }: FoundTask): string {
  return day === found.day ? task : `${day}/${task}`;
}

async function applyOne(ctx: OperatorContext, found: FoundTask, allowLinks: boolean, by: Actor): Promise<Outcome> {
  const { task, state } = found;
  const project = projectOf(ctx.home, state.spec.project);
  const patch = await patchOf(ctx, found);
  if (patch === undefined) return { ok: false, message: `${task} was not applied: ${patchIsGone(found)}` };
  const put = await putIn(ctx, found, patch, allowLinks, by);
  if (!put.ok) return { ok: false, message: `${task} was not applied: ${put.why}` };
  const unproven = unprovenWords(found);
  if (put.already) return { ok: true, message: `The work of ${task} is in ${project.path} already.${unproven}` };
  const said = `Applied ${task}: ${count(put.files, 'file')} changed in ${project.path}, unstaged.${unproven}`;
  return { ok: true, message: [said, ...mind(patch)].join('\n') };
}

/** The patch of a task's work; undefined where somebody removed it. */
export async function patchOf(ctx: OperatorContext, { day, task }: FoundTask): Promise<string | undefined> {
  try {
    return await readWork(ctx, { day, task });
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

export function patchIsGone({ day, task, state }: FoundTask): string {
  const again = state.cleaned === true ? `dayshift retry ${task} does it anew` : `dayshift diff ${task} shows the work`;
  return `${patchName({ day, task })} is gone. ${again}.`;
}

export function unprovenWords({ task, state }: FoundTask): string {
  return state.status === 'done' ? '' : ` Mind that ${task} is ${state.status}: its work is not proven.`;
}

/** Puts work into the person's checkout, and writes down that it did. */
export async function putIn(
  ctx: OperatorContext,
  { day, task, state }: FoundTask,
  patch: string,
  allowLinks: boolean,
  by: Actor,
): Promise<{ ok: true; files: number; already: boolean } | { ok: false; why: string }> {
  // Intended before, done after: a crash in between is mended by the next try, which finds the patch in place.
  const id = state.applying ?? ctx.newId();
  if (state.applying === undefined)
    await ctx.journal.append({ type: 'workspace.applying', day, task, data: { id }, actor: by });
  try {
    const { files, already } = await applyPatch(projectOf(ctx.home, state.spec.project), patch, { allowLinks });
    const tree = state.work?.tree;
    const data = { id, files, ...(tree === undefined ? {} : { tree }) };
    await ctx.journal.append({ type: 'workspace.applied', day, task, data, actor: by });
    return { ok: true, files, already: already === true };
  } catch (error) {
    const data = { id, why: ctx.redact(messageOf(error)) };
    await ctx.journal.append({ type: 'workspace.apply_failed', day, task, data, actor: by });
    return { ok: false, why: failure(error) };
  }
}

/** What went wrong, once that nothing was changed, and what to do next. */
export function failure(error: unknown): string {
  const message = messageOf(error);
  const unchanged = message.includes('nothing was changed') ? '' : '. Nothing was changed';
  const hint = error instanceof DayshiftError && error.hint !== undefined ? ` ${error.hint}` : '';
  return `${message}${unchanged}${/[.!?]$/.test(message) && unchanged === '' ? '' : '.'}${hint}`;
}

/** So many are named; an agent must not bury one among thousands. */
const MOST_REMARKS = 20;

/** What a person should look at before they open, install or commit anything. */
export function mind(patch: string): string[] {
  const remarks = remarksOn(patch);
  if (remarks.length === 0) return [];
  const lines = remarks.slice(0, MOST_REMARKS).map(({ path, why }) => `  ${cutEnd(oneLine(path), 200)}: ${why}`);
  const more = remarks.length > lines.length ? [`  and ${remarks.length - lines.length} more`] : [];
  return ['LOOK AT THESE FIRST, programs run or obey them by themselves:', ...lines, ...more];
}
