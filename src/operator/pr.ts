import type { Actor } from '../journal/index.ts';
import { leakWords } from '../run/index.ts';
import { openPullRequest } from '../workspace/index.ts';
import { branch } from './branch.ts';
import { isOutcome, messageFor, placeOf } from './land.ts';
import { titleAndBody } from './message.ts';
import { findTask } from './refs.ts';
import { inGitTurn } from './turn.ts';
import type { Operator, OperatorContext, Outcome } from './types.ts';

/**
 * Opens a pull request for a task's work: its branch, pushed, and proposed by the person's `gh`. Where that cannot be, the branch is there, and
 * the outcome says how to go on. A secret in the work is never pushed. Done twice it finds the request.
 */
export async function pr(ctx: OperatorContext, input: Parameters<Operator['pr']>[0], by: Actor): Promise<Outcome> {
  const { day, task, state } = findTask(ctx.journal.state, input.task);
  const secrets = state.work?.secrets;
  if (secrets !== undefined)
    return {
      ok: false,
      message: `${task} was not pushed, nothing was changed: ${leakWords(secrets)}. What was pushed once is known for good. Send it back: dayshift retry ${task} --hint "…".`,
    };
  const made = await branch(ctx, input, by);
  const name = made.data?.branch;
  if (!made.ok || input.propose === true || typeof name !== 'string') return made;
  const before = state.pullRequest;
  if (before?.branch === name && made.data?.already === true)
    return {
      ok: true,
      message: `The pull request of ${task} is open already: ${before.url}`,
      data: { url: before.url },
    };
  const found = { day, task, state };
  const place = await placeOf(ctx, found);
  if (isOutcome(place)) return place;
  return inGitTurn(async () => {
    const id = ctx.newId();
    await ctx.journal.append({ type: 'pull_request.intended', day, task, data: { id, branch: name }, actor: by });
    ctx.onPoint?.('after:pull_request.intended');
    const { title, body } = titleAndBody(messageFor(ctx, found, input));
    const opened = await openPullRequest(place, {
      ...{ branch: name, title, body },
      ...(input.base === undefined ? {} : { base: input.base }),
      ...(input.draft === true ? { draft: true } : {}),
    });
    ctx.onPoint?.('after:gh');
    if (opened.kind === 'not') {
      const why = ctx.redact(opened.why);
      await ctx.journal.append({ type: 'pull_request.failed', day, task, data: { id, why }, actor: by });
      const next = opened.next.map((line) => `  ${line}`).join('\n');
      const message = `No pull request was opened: ${why}.\nThe branch ${name} is there with the work. Go on in ${place.repository.top ?? place.repository.gitDir} with\n${next}`;
      return { ok: false, message, data: { branch: name, next: opened.next } };
    }
    const { url } = opened;
    await ctx.journal.append({ type: 'pull_request.opened', day, task, data: { id, branch: name, url }, actor: by });
    const word = opened.already === true ? 'is open already' : 'is open';
    return { ok: true, message: `The pull request of ${task} ${word}: ${url}`, data: { url, branch: name } };
  });
}
