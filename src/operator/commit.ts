import { count } from '../base/index.ts';
import type { Actor } from '../journal/index.ts';
import { contains, currentBranch, leftUndone, makeCommit, refuseStaged, type Place } from '../workspace/index.ts';
import { mind, nameBeside, neededWork, patchIsGone, patchOf, putIn, unprovenWords, whyNotReady } from './apply.ts';
import { hasWork, isOutcome, land, messageFor, placeOf, refusal, settle } from './land.ts';
import { titleAndBody } from './message.ts';
import { findTask, type FoundTask } from './refs.ts';
import { inGitTurn } from './turn.ts';
import type { Operator, OperatorContext, Outcome } from './types.ts';

const HINT = '`dayshift branch TASK` makes a branch at the commit that the work began from, which you can merge.';

/**
 * Makes a task's work a commit of the person's on the branch that is checked out. It has that work and nothing else: what the person has
 * changed or staged stays so. What is not in the checkout yet goes in as by `apply`. Done twice it changes nothing.
 */
export async function commit(
  ctx: OperatorContext,
  input: Parameters<Operator['commit']>[0],
  by: Actor,
): Promise<Outcome> {
  const found = findTask(ctx.journal.state, input.task);
  const { task } = found;
  const refused = whyNotReady(found, input.force === true, 'commit');
  if (refused !== undefined) return { ok: false, message: refused };
  const message = messageFor(ctx, found, input);
  const place = await placeOf(ctx, found);
  if (isOutcome(place)) return place;
  if (input.propose === true)
    return {
      ok: true,
      message,
      data: { message, branch: place.branch ?? '', files: found.state.work?.stat.files ?? 0 },
    };
  return inGitTurn(() => commitAll(ctx, found, place, input, by)).catch((error: unknown) => refusal(task, error));
}

async function commitAll(
  ctx: OperatorContext,
  found: FoundTask,
  place: Place,
  input: Parameters<Operator['commit']>[0],
  by: Actor,
): Promise<Outcome> {
  const { task } = found;
  const { head } = await currentBranch(place);
  const missing: FoundTask[] = [];
  for (const one of neededWork(ctx, found)) if (!(await hasWork(ctx, place, one, head))) missing.push(one);
  const before = input.force === true && input.withNeeds !== true ? [] : missing;
  const names = before.map((one) => nameBeside(found, one));
  if (before.length > 0 && input.withNeeds !== true)
    return {
      ok: false,
      message: `${task} needs ${names.join(' and ')}, whose work is not committed: commit ${names[0] ?? ''} first (dayshift commit ${names[0] ?? ''}), or all of it with dayshift commit ${task} --with-needs. Nothing was changed.`,
    };
  for (const one of before) {
    const why = whyNotReady(one, input.force === true, 'commit');
    if (why !== undefined) return { ok: false, message: `${task} needs ${nameBeside(found, one)}. ${why}` };
  }
  const said: string[] = [];
  for (const one of [...before, found]) {
    const own = one === found ? input : { ...input, message: '' };
    const outcome = await commitOne(ctx, one, own, by);
    said.push(outcome.message);
    if (!outcome.ok || one === found) return { ...outcome, message: said.join('\n') };
  }
  return { ok: true, message: said.join('\n') };
}

async function commitOne(
  ctx: OperatorContext,
  found: FoundTask,
  input: Parameters<Operator['commit']>[0],
  by: Actor,
): Promise<Outcome> {
  const { day, task } = found;
  // Looked at anew: what went before has moved HEAD.
  const place = await placeOf(ctx, found);
  if (isOutcome(place)) return place;
  await settle(ctx, found, place, by);
  const { branch, head } = await currentBranch(place);
  // As it is now: a commit that was cut off may turn out to have been made.
  const state = findTask(ctx.journal.state, `${day}/${task}`).state;
  const now = { day, task, state };
  for (const one of state.commits ?? [])
    if (one.tree === state.work?.tree && (await contains(place, one.commit, head)))
      return {
        ok: true,
        message: `The work of ${task} is committed already: ${one.commit.slice(0, 10)}, in ${branch}.`,
      };
  const patch = await patchOf(ctx, now);
  if (patch === undefined) return { ok: false, message: `${task} was not committed: ${patchIsGone(now)}` };
  const message = messageFor(ctx, now, input);
  const allowLinks = input.allowLinks === true;
  const at = ctx.clock.now();
  const made = await makeCommit(place, { start: head, patch, message, at, allowLinks, hint: HINT });
  if (made === undefined) return { ok: true, message: `The work of ${task} is in ${branch} already.` };
  await refuseStaged(place, head, made.entries);
  const put = await putIn(ctx, now, patch, allowLinks, by);
  // What was applied before and then changed is the person's, and stays in their checkout as a change of theirs.
  const mine = !put.ok && state.applied?.tree === state.work?.tree;
  if (!put.ok && !mine) return { ok: false, message: `${task} was not committed: ${put.why}` };
  const left = 'The work is in your checkout, unstaged.';
  const stopped = await land(ctx, now, place, { to: 'commit', branch, commit: made.commit, from: head }, by, left);
  if (stopped !== undefined) return stopped;
  const { title } = titleAndBody(message);
  const short = made.commit.slice(0, 10);
  return {
    ok: true,
    message: [
      `Committed ${task} to ${branch}: ${short} ${title} (${count(made.entries.length, 'file')}). Nothing is pushed.${unprovenWords(now)}`,
      ...(mine ? ['Your own changes of these files stay in your checkout, uncommitted.'] : []),
      ...(await leftUndone(place)),
      ...mind(patch),
    ].join('\n'),
    data: { commit: made.commit, branch },
  };
}
