import type { PersonState } from '../../src/journal/index.ts';
import { findTask, type Outcome } from '../../src/operator/index.ts';
import { may, type Right } from '../../src/people/index.ts';
import { ask, itemOf, refused } from './answering.ts';
import { isCommitVerb, taskAt, type Action } from './actions.ts';
import { rightFor } from './audience.ts';
import { buttonsOf, contextOf, markedOptions } from './cards/item.ts';
import { runCommand } from './commands/index.ts';
import { askToRollBack, askToStop } from './commands/work.ts';
import { chatWords } from './commands/words.ts';
import type { Call } from './commands/types.ts';
import { showInbox } from './commands/inbox.ts';
import type { ChatContext } from './context.ts';
import { askForMessage, offerCommit, proposed, withMessage } from './commits.ts';
import { use } from './drafts.ts';
import type { Answer, Form } from './input.ts';
import { line, paragraphs, rich } from './rich/index.ts';
import { askAgain, isStale, once } from './sure.ts';

/** What a tap does. The state decides, not the button: a stale one is told how things stand. */
export async function act(call: Call, action: Action): Promise<Answer> {
  switch (action.do) {
    case 'answer':
      return answered(call, action.item, await call.answer(action.item, '', action.question, [action.option]));
    case 'done': {
      const question = itemOf(call, action.item)?.questions[action.question];
      const options = question === undefined ? [] : markedOptions(question, action.marked);
      if (options.length === 0) return { toast: 'Nothing is marked yet.', messages: [] };
      return answered(call, action.item, await call.answer(action.item, '', action.question, options));
    }
    case 'mark':
      return mark(call, action);
    case 'write':
      return write(call, action);
    case 'more': {
      const item = itemOf(call, action.item);
      return item === undefined ? { toast: 'It is gone.', messages: [] } : { messages: [contextOf(item)] };
    }
    case 'inbox':
      return showInbox(call, action.from ?? 0);
    case 'day':
      return ofDay(call, action);
    case 'task':
      return ofTask(call, action);
    case 'message':
      return askForMessage(call, action);
    case 'rate':
      return rate(call, action);
    case 'use':
      return use(call, action);
  }
}

/** A form came back, or a reply to a message that asked for one. */
export async function sent(call: Call, action: Action, text: string): Promise<Answer> {
  switch (action.do) {
    case 'write':
      return said(await call.answer(action.item, text, action.question));
    case 'rate': {
      if (!may(call.person, 'work')) return refused(call);
      const found = taskAt(call.journal.state, action.ref);
      if (found === undefined) return { toast: 'This task is gone.', messages: [] };
      return said(await call.operator.rate({ task: `${found.day}/${found.task}`, action: text }, call.by));
    }
    case 'message':
      return withMessage(call, action, text);
    case 'use':
      return use(call, action, text);
    default:
      return { toast: 'This form is not known any more.', messages: [] };
  }
}

/** The form that a tap opens where the platform has forms; undefined where it opens none, or would be refused. */
export function formOf(ctx: ChatContext, person: PersonState, action: Action, data: string): Form | undefined {
  if (!may(person, 'work')) return undefined;
  if (action.do === 'write') {
    const item = itemOf(ctx, action.item);
    const question = item?.questions[action.question];
    if (item?.status !== 'open' || question === undefined || !may(person, rightFor(item))) return undefined;
    return { title: `Answer ${item.id}`, label: 'Your answer', about: question.question, data };
  }
  if (action.do === 'message') {
    const found = taskAt(ctx.journal.state, action.ref);
    return found === undefined || !may(person, 'change')
      ? undefined
      : { title: found.task.slice(0, 45), label: 'The message', value: proposed(ctx, found), data };
  }
  if (action.do === 'rate' && action.stars === 0) {
    const found = taskAt(ctx.journal.state, action.ref);
    return found === undefined
      ? undefined
      : { title: found.task.slice(0, 45), label: 'What should be different?', data };
  }
  if (action.do === 'use' && action.as === 'edit') {
    const text = ctx.journal.state.chat.drafts[action.draft];
    return text === undefined ? undefined : { title: 'The task', label: 'What is to be done', value: text, data };
  }
  return undefined;
}

async function mark(call: Call, action: Action & { do: 'mark' }): Promise<Answer> {
  const item = itemOf(call, action.item);
  if (item?.status !== 'open') return flash(await call.answer(action.item, '?', action.question));
  if (!may(call.person, rightFor(item))) return refused(call);
  const buttons = buttonsOf(item, action.question, call.platform.limits, call.sign, action.marked);
  call.outbox.show(call.input, `item:${item.id}`, buttons);
  return { messages: [] };
}

/** "Something else…" where there are no forms: a message asks for a reply. */
async function write(call: Call, action: Action & { do: 'write' }): Promise<Answer> {
  const item = itemOf(call, action.item);
  if (item?.status !== 'open') return flash(await call.answer(action.item, '?', action.question));
  if (!may(call.person, rightFor(item))) return refused(call);
  const { question = '' } = item.questions[action.question] ?? {};
  await ask(call, action, `${item.id}: reply to this message with your answer. ${question.slice(0, 200)}`);
  return { messages: [] };
}

async function ofDay(call: Call, action: Action & { do: 'day' }): Promise<Answer> {
  const { verb, day } = action;
  if (verb !== 'pause' && verb !== 'resume' && verb !== 'stop')
    return runCommand(call, verb === 'refresh' ? 'today' : verb, verb === 'start' || verb === 'report' ? day : '');
  if (!may(call.person, 'work')) return refused(call);
  // The day of the card, which may be another than the one that runs by now.
  const status = call.journal.state.days[day]?.status;
  if (status !== 'running' && status !== 'paused')
    return { toast: `${day} is ${status === 'planned' ? 'not begun' : 'over'}.`, messages: [] };
  if (verb === 'stop' && action.sure === undefined) return askToStop(call, day);
  if (verb !== 'stop') return said(await call.operator[verb]({ day }, call.by));
  return isStale(call, action)
    ? askAgain
    : once(call, action, 'work', async () => said(await call.operator.stop({ day }, call.by)));
}

/** What ends or undoes something takes a second tap. */
async function ofTask(call: Call, action: Action & { do: 'task' }): Promise<Answer> {
  const found = taskAt(call.journal.state, action.ref);
  if (found === undefined) return { toast: 'This task is gone.', messages: [] };
  const name = `${found.day}/${found.task}`;
  const isGrave = action.verb === 'stop' || action.verb === 'rollback';
  const right: Right = action.verb === 'stop' ? 'work' : 'change';
  if (action.sure !== undefined)
    return isGrave && isStale(call, action)
      ? askAgain
      : once(call, action, right, () =>
          runCommand(call, action.verb, action.to === undefined ? name : `${name} ${action.to}`),
        );
  if (isGrave) {
    if (!may(call.person, right)) return refused(call);
    if (action.verb === 'rollback') return askToRollBack(call, findTask(call.journal.state, name));
    const data = call.sign({ ...action, sure: call.clock.now() });
    const buttons = [[{ label: '⏹ Yes, stop it', data, look: 'bad' as const }]];
    return { messages: [{ rich: rich(`Stop ${found.task}? Its work is kept.`), buttons }] };
  }
  if (isCommitVerb(action.verb)) return offerCommit(call, action.verb, name, action.ref);
  return runCommand(call, action.verb, name);
}

async function rate(call: Call, action: Action & { do: 'rate' }): Promise<Answer> {
  if (!may(call.person, 'work')) return refused(call);
  const found = taskAt(call.journal.state, action.ref);
  if (found === undefined) return { toast: 'This task is gone.', messages: [] };
  if (action.stars === 0) {
    await ask(call, action, `${found.task}: what should be different? Reply to this message.`);
    return { messages: [] };
  }
  const outcome = await call.operator.rate({ task: `${found.day}/${found.task}`, stars: action.stars }, call.by);
  if (!outcome.ok) return flash(outcome);
  const data = call.sign({ do: 'rate', ref: action.ref, stars: 0 });
  return {
    toast: outcome.message,
    messages: [
      { rich: rich(line(`${outcome.message} What should be different?`)), buttons: [[{ label: '✏️ Say it', data }]] },
    ],
  };
}

function flash(outcome: Outcome): Answer {
  return { toast: chatWords(outcome.message).slice(0, 180), messages: [] };
}

/** The card says it too, where it was done: of several questions it says each answer, and beside the tap there is no room. */
function answered(call: Call, id: string, outcome: Outcome): Answer {
  if (!outcome.ok) return flash(outcome);
  const item = itemOf(call, id);
  const isWhole = item !== undefined && item.questions.length > 1 && item.status !== 'open';
  return { ...flash(isWhole ? { ok: true, message: `${id} is answered.` } : outcome), shown: true };
}

function said(outcome: Outcome): Answer {
  const words = chatWords(outcome.message);
  return { toast: words.slice(0, 180), messages: [{ rich: paragraphs(words) }] };
}
