import { DayshiftError } from '../base/index.ts';
import type { Actor } from '../journal/index.ts';
import { hasCommit, isBranchName, leftUndone, makeCommit, tipOf, type Place } from '../workspace/index.ts';
import { mind, nameBeside, neededWork, patchIsGone, patchOf, unprovenWords, whyNotReady } from './apply.ts';
import { hasWork, isOutcome, land, messageFor, placeOf, refusal, settle } from './land.ts';
import { findTask, type FoundTask } from './refs.ts';
import { inGitTurn } from './turn.ts';
import type { Operator, OperatorContext, Outcome } from './types.ts';

type Input = Parameters<Operator['branch']>[0];

/**
 * Makes a branch that has a task's work as a commit of the person's, from the commit that the work began from. The checkout, its index
 * and HEAD are not touched. Done twice it changes nothing. `data.branch` is its name.
 */
export async function branch(ctx: OperatorContext, input: Input, by: Actor): Promise<Outcome> {
  const found = findTask(ctx.journal.state, input.task);
  const refused = whyNotReady(found, input.force === true, 'commit');
  if (refused !== undefined) return { ok: false, message: refused };
  const place = await placeOf(ctx, found);
  if (isOutcome(place)) return place;
  const name = branchName(found, input.name);
  const message = messageFor(ctx, found, input);
  if (input.propose === true)
    return { ok: true, message, data: { message, branch: name, files: found.state.work?.stat.files ?? 0 } };
  return inGitTurn(() => makeBranch(ctx, found, place, name, input, by)).catch((error: unknown) =>
    refusal(found.task, error),
  );
}

/** The branch that has the work, or is to have it. */
function branchName({ day, task, state }: FoundTask, wanted: string | undefined): string {
  if (wanted !== undefined && wanted !== '') return wanted;
  const made = state.commits?.findLast(({ to, tree }) => to === 'branch' && tree === state.work?.tree);
  return made?.branch ?? `dayshift/${day}/${task}`;
}

async function makeBranch(
  ctx: OperatorContext,
  found: FoundTask,
  place: Place,
  name: string,
  input: Input,
  by: Actor,
): Promise<Outcome> {
  const { day, task } = found;
  if (!(await isBranchName(place, name)))
    return {
      ok: false,
      message: `${task} was not committed: git takes ${JSON.stringify(name)} for no name of a branch.`,
    };
  await settle(ctx, found, place, by);
  const now = findTask(ctx.journal.state, `${day}/${task}`);
  const { state } = now;
  const tip = await tipOf(place, name);
  const known = state.commits?.find(
    (one) => one.to === 'branch' && one.branch === name && one.tree === state.work?.tree,
  );
  if (tip !== undefined && known !== undefined)
    return {
      ok: true,
      message: `The branch ${name} has the work of ${task} already (${tip.slice(0, 10)}).`,
      data: { branch: name, commit: tip, already: true },
    };
  if (tip !== undefined)
    return {
      ok: false,
      message: `${task} was not committed: there is a branch ${name}, at ${tip.slice(0, 10)}. Give another name (dayshift branch ${task} NAME), or remove that one (git branch -D ${name}). Nothing was changed.`,
    };
  const { start, missing } = await startOf(ctx, place, now);
  const before = input.force === true && input.withNeeds !== true ? [] : missing;
  const names = before.map((one) => nameBeside(found, one));
  if (before.length > 0 && input.withNeeds !== true)
    return {
      ok: false,
      message: `${task} needs ${names.join(' and ')}, whose work is in no commit: dayshift branch ${names[0] ?? ''} first, or dayshift branch ${task} --with-needs, which makes a commit of each. Nothing was changed.`,
    };
  let commit = start;
  for (const one of [...before, now]) {
    const why = whyNotReady(one, input.force === true, 'commit');
    if (why !== undefined) return { ok: false, message: `${task} needs ${nameBeside(found, one)}. ${why}` };
    const patch = await patchOf(ctx, one);
    if (patch === undefined) return { ok: false, message: `${task} was not committed: ${patchIsGone(one)}` };
    const message = messageFor(ctx, one, one === now ? input : {});
    const hint = `\`dayshift diff ${one.task}\` shows the work; take over by hand what you want of it.`;
    const allowLinks = input.allowLinks === true;
    const made = await makeCommit(place, { start: commit, patch, message, at: ctx.clock.now(), allowLinks, hint });
    commit = made?.commit ?? commit;
  }
  if (commit === start)
    return { ok: true, message: `The work of ${task} is in ${start.slice(0, 10)} already: it needs no branch.` };
  const stopped = await land(ctx, now, place, { to: 'branch', branch: name, commit, from: '' }, by);
  if (stopped !== undefined) return stopped;
  const patch = (await patchOf(ctx, now)) ?? '';
  return {
    ok: true,
    message: [
      `The branch ${name} has the work of ${task}: ${commit.slice(0, 10)}, from ${start.slice(0, 10)}. Your checkout is as it was; nothing is pushed.${unprovenWords(now)}`,
      `Look: git show ${name}. Take it over: git merge ${name}.`,
      ...(await leftUndone(place)),
      ...mind(patch),
    ].join('\n'),
    data: { branch: name, commit },
  };
}

/**
 * What a branch is to begin from: the commit that the work began from; where that has not all that the task needs, a commit that has, a
 * branch of what it needs or HEAD. `missing`: what it needs and is not even there.
 */
async function startOf(
  ctx: OperatorContext,
  place: Place,
  found: FoundTask,
): Promise<{ start: string; missing: FoundTask[] }> {
  const { state } = found;
  const needs = neededWork(ctx, found);
  const began = state.workspace?.kind === 'worktree' ? state.workspace.base : state.base;
  const theirs = needs.flatMap(({ state: need }) => need.commits?.map(({ commit }) => commit) ?? []).reverse();
  let best: { start: string; missing: FoundTask[] } | undefined;
  for (const start of [began, ...theirs, place.head]) {
    if (start === undefined || !(await hasCommit(place, start))) continue;
    const missing: FoundTask[] = [];
    for (const one of needs) if (!(await hasWork(ctx, place, one, start))) missing.push(one);
    if (best === undefined || missing.length < best.missing.length) best = { start, missing };
    if (missing.length === 0) break;
  }
  if (best !== undefined) return best;
  throw new DayshiftError('usage', `project ${place.project.name} has no commit yet that a branch could begin from`, {
    hint: 'Commit once by hand (git commit), then try again.',
  });
}
