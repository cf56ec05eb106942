import { DayshiftError, messageOf } from '../base/index.ts';
import { projectOf } from '../home/index.ts';
import type { Actor, EventData } from '../journal/index.ts';
import { contains, findPlace, holdsWork, moveBranch, tipOf, type Place } from '../workspace/index.ts';
import { failure, patchOf } from './apply.ts';
import { proposedMessage, withTrailer } from './message.ts';
import { findTask, type FoundTask } from './refs.ts';
import { inGitTurn } from './turn.ts';
import type { CommitInput, OperatorContext, Outcome } from './types.ts';

/** What `commit`, `branch` and `pr` have in common: a commit that is written becomes a branch's, once. */

/** The repository of a task's project, or why there is none that a commit could be made in. */
export async function placeOf(ctx: OperatorContext, { state, task }: FoundTask): Promise<Place | Outcome> {
  try {
    return await findPlace(projectOf(ctx.home, state.spec.project));
  } catch (error) {
    return refusal(task, error);
  }
}

export function isOutcome(value: Place | Outcome): value is Outcome {
  return 'ok' in value;
}

/** What a person is told who cannot have it. Defects are thrown on. `left`: what was changed all the same; default: nothing. */
export function refusal(task: string, error: unknown, left?: string): Outcome {
  if (!(error instanceof DayshiftError) || error.kind === 'internal') throw error;
  if (left === undefined) return { ok: false, message: `${task} was not committed: ${failure(error)}` };
  const hint = error.hint ?? 'Try again when that is mended';
  return { ok: false, message: `${task} was not committed: ${error.message}. ${left} ${hint}.` };
}

/** The message of the commit: the person's, else the proposed one; with the trailer, without secrets. */
export function messageFor(ctx: OperatorContext, found: FoundTask, { message }: CommitInput): string {
  const words = (message ?? '').trim() === '' ? proposedMessage(found) : (message ?? '');
  return withTrailer(ctx.redact(words), found);
}

/** Whether a commit has the work of a task, as the journal or its files say. */
export async function hasWork(ctx: OperatorContext, place: Place, found: FoundTask, commit: string): Promise<boolean> {
  for (const made of found.state.commits ?? [])
    if (made.tree === found.state.work?.tree && (await contains(place, made.commit, commit))) return true;
  const patch = await patchOf(ctx, found);
  return patch === undefined || holdsWork(place, commit, patch);
}

/**
 * Moves the branch, and writes down before that it will and after that it did. Cut off in between, `settle` finds out which of the two
 * holds. Resolves with a refusal where it could not be. `left`: what is changed already, in a sentence.
 */
export async function land(
  ctx: OperatorContext,
  { day, task, state }: FoundTask,
  place: Place,
  wanted: Pick<EventData<'commit.intended'>, 'to' | 'branch' | 'commit' | 'from'>,
  by: Actor,
  left?: string,
): Promise<Outcome | undefined> {
  const data = { id: ctx.newId(), ...wanted, tree: state.work?.tree ?? '' };
  await ctx.journal.append({ type: 'commit.intended', day, task, data, actor: by });
  ctx.onPoint?.('after:commit.intended');
  const failed = (why: string) =>
    ctx.journal.append({ type: 'commit.failed', day, task, data: { id: data.id, why }, actor: by });
  try {
    if (await moveBranch(place, wanted, ctx.clock.now(), ctx.onPoint)) {
      await ctx.journal.append({ type: 'commit.made', day, task, data: made(data), actor: by });
      ctx.onPoint?.('after:commit.made');
      return undefined;
    }
    const why = `${wanted.branch} was changed by somebody else meanwhile`;
    await failed(why);
    return { ok: false, message: `${task} was not committed: ${why}. ${left ?? 'Nothing was changed.'} Try again.` };
  } catch (error) {
    await failed(ctx.redact(messageOf(error)));
    return refusal(task, error, left);
  }
}

function made({ id, to, branch, commit, tree }: EventData<'commit.intended'>): EventData<'commit.made'> {
  return { id, to, branch, commit, tree };
}

/** Does that for all that a kill left open. What cannot be looked at stays open. */
export async function settleCommits(ctx: OperatorContext, log: (text: string) => void): Promise<void> {
  const open = Object.entries(ctx.journal.state.days).flatMap(([day, { tasks }]) =>
    Object.entries(tasks).flatMap(([task, { committing }]) => (committing === undefined ? [] : [`${day}/${task}`])),
  );
  for (const name of open)
    await inGitTurn(async () => {
      // As it is now: it may have been under way, and be done.
      const found = findTask(ctx.journal.state, name);
      const place = await placeOf(ctx, found);
      if (isOutcome(place)) log(place.message);
      else await settle(ctx, found, place, { kind: 'daemon' });
    }).catch((error: unknown) => log(`${name}: its commit could not be looked at: ${messageOf(error)}`));
}

/** Finds out what became of a commit that was cut off, and ends it or takes it back. */
export async function settle(ctx: OperatorContext, found: FoundTask, place: Place, by: Actor): Promise<void> {
  const { day, task, state } = found;
  const open = state.committing;
  if (open === undefined) return;
  const tip = await tipOf(place, open.branch);
  if (tip !== undefined && (await contains(place, open.commit, tip))) {
    await moveBranch(place, open, ctx.clock.now());
    await ctx.journal.append({ type: 'commit.made', day, task, data: made(open), actor: by });
    return;
  }
  const why = 'it was cut off before the branch was moved';
  await ctx.journal.append({ type: 'commit.failed', day, task, data: { id: open.id, why }, actor: by });
}
