import { cutEnd } from '../base/index.ts';
import type { HookRequest, ToolVerdict } from '../door/index.ts';
import type { Decision } from '../guard/index.ts';
import {
  answersForTool,
  answerText,
  approvalDecision,
  newApprovalItem,
  newQuestionItem,
  questionsFromTool,
} from '../inbox/index.ts';
import type { EventData, ItemState } from '../journal/index.ts';
import { record, taskOf } from './context.ts';
import type { LiveAttempt } from './live.ts';
import { resultMark } from './told.ts';
import { writeTold } from './write-told.ts';
import { waitForItem } from './wait.ts';

/** A held hook waits at most so long: the CLI's own time-out for it is an hour. */
const LONGEST_HOLD_MS = 50 * 60_000;
/** A process that was told to defer and is still there after so long did not honour it. */
const DEFER_GRACE_MS = 10_000;

/** The agent asks a person something: the same tool call may come again on a resume, and finds its item. */
export async function ask(live: LiveAttempt, request: HookRequest): Promise<ToolVerdict> {
  const input = request.tool_input ?? {};
  const asked = questionsFromTool(input);
  if ('problem' in asked) {
    return { permission: 'deny', reason: `The question could not be read: ${asked.problem}. Ask again.` };
  }
  const { ctx, ref } = live;
  const from = { source: 'tool' as const, toolUseId: request.tool_use_id ?? ctx.newId() };
  const questions = asked.questions.map((one) => ({ ...one, question: cutEnd(one.question, 4000) }));
  const item = await itemFor(live, from.toolUseId, (id) =>
    newQuestionItem(id, { questions, from }, taskOf(ctx, ref).spec.onQuestion, ctx.clock.now()),
  );
  const settled = await hold(live, item);
  if (settled?.answers === undefined) return giveUpOrDefer(live, settled, item);
  told(live, settled, from.toolUseId);
  return { permission: 'allow', updatedInput: answersForTool(input, settled.questions, settled.answers) };
}

/** The guard says `ask`: a person allows the very call, or denies it. */
export async function approve(
  live: LiveAttempt,
  request: HookRequest,
  decision: Decision,
  subject: string,
  call: string | undefined,
): Promise<ToolVerdict> {
  const toolUseId = request.tool_use_id ?? live.ctx.newId();
  const asked = { tool: request.tool_name ?? '', subject, reason: decision.reason, toolUseId, call };
  const item = await itemFor(live, toolUseId, (id) => newApprovalItem(id, asked));
  const settled = await hold(live, item);
  if (settled?.answers === undefined) return giveUpOrDefer(live, settled, item);
  told(live, settled, toolUseId);
  if (approvalDecision(settled)?.kind !== 'allow')
    return { permission: 'deny', reason: `The person did not allow this: ${answerText(settled)}` };
  // Written down first: what is allowed once is used up before it runs.
  const data = { toolUseId, tool: asked.tool, subject, decision: 'allow' as const, rule: decision.rule };
  await record(live.ctx, live.ref, {
    type: 'guard.decided',
    data: { ...data, reason: `Allowed by ${settled.id}.`, item: settled.id },
    actor: { kind: 'daemon' },
  });
  return { permission: 'allow' };
}

async function itemFor(
  live: LiveAttempt,
  toolUseId: string,
  make: (id: string) => EventData<'item.opened'>,
): Promise<ItemState> {
  const { ctx, ref } = live;
  const known = Object.values(ctx.journal.state.items).find(
    (item) => item.day === ref.day && item.task === ref.task && item.toolUseId === toolUseId,
  );
  if (known !== undefined) return known;
  const id = ctx.newItemId();
  await record(ctx, ref, { type: 'item.opened', data: make(id), actor: { kind: 'agent' } });
  const opened = ctx.journal.state.items[id];
  if (opened === undefined) throw new Error(`item ${id} was written and is not there`);
  return opened;
}

async function hold(live: LiveAttempt, item: ItemState): Promise<ItemState | undefined> {
  const policy = taskOf(live.ctx, live.ref).spec.onQuestion;
  const ms = policy.mode === 'wait' ? LONGEST_HOLD_MS : live.ctx.home.config.questions.hold_seconds * 1000;
  return live.suspended(() => waitForItem(live.ctx, item.id, ms, live.signal));
}

function told(live: LiveAttempt, item: ItemState, toolUseId: string): void {
  if (item.status === 'delivered') return;
  live.telling.once(resultMark(toolUseId), () => writeTold(live, { type: 'item.delivered', data: { id: item.id } }));
}

function giveUpOrDefer(live: LiveAttempt, settled: ItemState | undefined, item: ItemState): ToolVerdict {
  if (settled?.status === 'withdrawn')
    return { permission: 'deny', reason: `The question was withdrawn: ${settled.withdrawnWhy ?? ''}` };
  if (live.signal.aborted) return { permission: 'defer' };
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
