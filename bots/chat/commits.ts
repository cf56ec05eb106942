import { cutEnd } from '../../src/base/index.ts';
import { findTask, proposedMessage } from '../../src/operator/index.ts';
import { may } from '../../src/people/index.ts';
import { taskAt, type Action, type CommitVerb } from './actions.ts';
import { ask, refused } from './answering.ts';
import { said } from './commands/words.ts';
import type { Call } from './commands/types.ts';
import type { ChatContext } from './context.ts';
import type { Answer } from './input.ts';
import { line, quote, rich } from './rich/index.ts';

const asks: Record<CommitVerb, { question: string; yes: string }> = {
  commit: { question: 'A commit on your branch, with this message?', yes: '✅ Commit it' },
  branch: { question: 'A branch of its own, with this message?', yes: '🌿 Make the branch' },
  pr: { question: 'A branch that is pushed, and a pull request with these words?', yes: '🚀 Open it' },
};

/** What writes into a repository is shown first, with its message: a second tap does it. */
export async function offerCommit(call: Call, verb: CommitVerb, name: string, ref: string): Promise<Answer> {
  if (!may(call.person, 'change')) return refused(call);
  const shown = await call.operator[verb]({ task: name, propose: true }, call.by);
  if (!shown.ok) return said(shown);
  const { question, yes } = asks[verb];
  const branch = shown.data?.branch;
  const where = typeof branch === 'string' && branch !== '' ? ` (${branch})` : '';
  return {
    messages: [
      {
        rich: rich(line(`${question}${where}`), quote(cutEnd(shown.message, 1500))),
        buttons: [
          [
            { label: yes, data: call.sign({ do: 'task', verb, ref, sure: call.clock.now() }), look: 'good' },
            { label: '✏️ Other words', data: call.sign({ do: 'message', verb, ref }) },
          ],
        ],
      },
    ],
  };
}

/** "Other words" where there are no forms: a message asks for a reply. */
export async function askForMessage(call: Call, action: Action & { do: 'message' }): Promise<Answer> {
  if (!may(call.person, 'change')) return refused(call);
  const found = taskAt(call.journal.state, action.ref);
  if (found === undefined) return { toast: 'This task is gone.', messages: [] };
  await ask(call, action, `${found.task}: reply to this message with the message of the commit.`);
  return { messages: [] };
}

/** The words came: it is done with them. */
export async function withMessage(call: Call, action: Action & { do: 'message' }, text: string): Promise<Answer> {
  if (!may(call.person, 'change')) return refused(call);
  const found = taskAt(call.journal.state, action.ref);
  if (found === undefined) return { toast: 'This task is gone.', messages: [] };
  const outcome = await call.operator[action.verb]({ task: `${found.day}/${found.task}`, message: text }, call.by);
  return { toast: outcome.message.slice(0, 180), ...said(outcome) };
}

/** The message that a commit would have, to be edited. */
export function proposed(ctx: ChatContext, { day, task }: { day: string; task: string }): string {
  return ctx.redact(proposedMessage(findTask(ctx.journal.state, `${day}/${task}`)));
}
