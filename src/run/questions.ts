import { cutEnd } from '../base/index.ts';
import type { HookRequest, ToolVerdict } from '../door/index.ts';
import type { Decision } from '../guard/index.ts';
import { answersForTool, approvalQuestion, isAllowed, questionsFromTool } from '../inbox/index.ts';
import type { ItemState, Question } from '../journal/index.ts';
import { record, taskOf } from './context.ts';
import type { LiveAttempt } from './live.ts';
import { silenceFor } from './silence.ts';
import { waitForItem } from './wait.ts';

/** A held hook waits at most so long: the CLI's own time-out for it is an hour. */
const LONGEST_HOLD_MS = 50 * 60_000;
/** A process that was told to defer and is still there after so long did not honour it. */
const DEFER_GRACE_MS = 10_000;

/** The agent asks a person something: the same tool call may come again on a resume, and finds its item. */
export async function ask(live: LiveAttempt, request: HookRequest): Promise<ToolVerdict> {
  const input = request.tool_input ?? {};
  const asked = questionsFromTool(input);
  if ('problem' in asked)
    return { permission: 'deny', reason: `The question could not be read: ${asked.problem}. Ask again.` };
  const item = await itemFor(live, request, 'question', asked.questions);
  const settled = await hold(live, item);
  if (settled?.answers === undefined) return giveUpOrDefer(live, settled, item);
  told(live, settled);
  return { permission: 'allow', updatedInput: answersForTool(input, settled.questions, settled.answers) };
}

/** The guard says `ask`: a person allows the very call, or denies it. */
export async function approve(
  live: LiveAttempt,
  request: HookRequest,
  decision: Decision,
  subject: string,
): Promise<ToolVerdict> {
  const item = await itemFor(live, request, 'approval', [
    approvalQuestion(request.tool_name ?? '', subject, decision.reason),
  ]);
  const settled = await hold(live, item);
  if (settled?.answers === undefined) return giveUpOrDefer(live, settled, item);
  told(live, settled);
  return isAllowed(settled)
    ? { permission: 'allow' }
    : { permission: 'deny', reason: `The person did not allow this: ${settled.answers.join(' ')}` };
}

async function itemFor(
  live: LiveAttempt,
  request: HookRequest,
  kind: 'question' | 'approval',
  questions: Question[],
): Promise<ItemState> {
  const { ctx, ref } = live;
  const known = Object.values(ctx.journal.state.items).find(
    (item) => item.day === ref.day && item.task === ref.task && item.toolUseId === request.tool_use_id,
  );
  if (known !== undefined) return known;
  const id = ctx.newItemId();
  await record(ctx, ref, {
    type: 'item.opened',
    data: {
      id,
      kind,
      questions: questions.map(cutQuestion),
      source: 'tool',
      silence: kind === 'approval' ? { kind: 'wait' } : silenceFor(taskOf(ctx, ref).spec, questions, ctx.clock.now()),
      ...(request.tool_use_id === undefined ? {} : { toolUseId: request.tool_use_id }),
    },
    actor: { kind: 'agent' },
  });
  const opened = ctx.journal.state.items[id];
  if (opened === undefined) throw new Error(`item ${id} was written and is not there`);
  return opened;
}

function cutQuestion(question: Question): Question {
  return { ...question, question: cutEnd(question.question, 4000) };
}

async function hold(live: LiveAttempt, item: ItemState): Promise<ItemState | undefined> {
  const policy = taskOf(live.ctx, live.ref).spec.onQuestion;
  const ms = policy.mode === 'wait' ? LONGEST_HOLD_MS : live.ctx.home.config.questions.hold_seconds * 1000;
  return live.suspended(() => waitForItem(live.ctx, item.id, ms, live.signal));
}

function told(live: LiveAttempt, item: ItemState): void {
  if (item.status === 'delivered') return;
  live.onceTold(() => {
    void record(live.ctx, live.ref, { type: 'item.delivered', data: { id: item.id } }).catch((error: unknown) =>
      live.ctx.log(String(error)),
    );
  });
}

function giveUpOrDefer(live: LiveAttempt, settled: ItemState | undefined, item: ItemState): ToolVerdict {
  if (settled?.status === 'withdrawn')
    return { permission: 'deny', reason: `The question was withdrawn: ${settled.withdrawnWhy ?? ''}` };
  // Where the CLI does not honour the deferral, the attempt is ended and the answer goes in as a prompt.
  const cancel = live.ctx.clock.after(DEFER_GRACE_MS, () => {
    live.end({
      end: 'parked',
      detail: 'it asked and went on: ended',
      then: [
        { type: 'task.parked', data: { reason: item.kind === 'approval' ? 'approval' : 'question', item: item.id } },
      ],
    });
  });
  live.signal.addEventListener('abort', cancel);
  return { permission: 'defer' };
}
