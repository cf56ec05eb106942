import { cutEnd } from '../base/index.ts';
import { type DoorHandlers, type HookRequest, type StopVerdict, type ToolVerdict } from '../door/index.ts';
import { approvalDecision } from '../inbox/index.ts';
import { decide, sameCall, type Decision } from '../guard/index.ts';
import { record, taskOf } from './context.ts';
import { runGate, type GateResult } from './gate.ts';
import { guardContext } from './guard.ts';
import type { LiveAttempt } from './live.ts';
import { isForAgent } from './machine.ts';
import { beforeCall, settle } from './money.ts';
import { placeOf } from './place.ts';
import { takeQuestionFiles } from './question-files.ts';
import { approve, ask } from './questions.ts';
import { refused } from './refusals.ts';
import { messageMark, messagesText, subagentMessages } from './told.ts';
import { writeTold } from './write-told.ts';
import { mayHalt } from './violations.ts';

const READ_FIRST = 'This call was not run, so that you read that first. Make it again if it is still right.';

/** What stands behind the door of one attempt. */
export function doorHandlers(live: LiveAttempt): DoorHandlers {
  return {
    async onTool(request) {
      live.progress();
      const asks = request.tool_name === 'AskUserQuestion';
      const verdict = await (asks ? ask(live, request) : judgeTool(live, request));
      // A call that is put off comes again, in a process that is told then.
      if (verdict.permission === 'defer') return verdict;
      const words = messagesFor(live, request.agent_id);
      if (words === undefined) return verdict;
      // What the person says may be about this very call. What a person answered or allowed is not asked for again.
      if (!asks && verdict.permission === 'allow' && guardDecision(live, request).decision === 'allow')
        return { permission: 'deny', reason: `${words}\n\n${READ_FIRST}` };
      return { ...verdict, words };
    },
    onStop: (request) => mayStop(live, request),
    onTraffic: () => live.progress(),
    async beforeCall(call) {
      await beforeCall(live, call);
      live.telling.out(call);
    },
    onSettled(data) {
      live.telling.settled(data);
      live.seen([{ type: 'model.settled', data }]);
      live.background(settle(live, data), 'writing down what a call cost');
    },
    onWarning(message) {
      live.background(record(live.ctx, live.ref, { type: 'agent.warned', data: { message } }), message);
    },
    onRefused(data) {
      live.background(refused(live, data), 'writing down a refusal');
    },
  };
}

/** What the guard says of a call. Nothing is written down. */
export function guardDecision(live: LiveAttempt, request: HookRequest): Decision {
  const tool = request.tool_name ?? '';
  const input = request.tool_input ?? {};
  return decide({ tool, input, cwd: request.cwd ?? placeOf(live.workspace) }, guardContext(live));
}

async function judgeTool(live: LiveAttempt, request: HookRequest): Promise<ToolVerdict> {
  const tool = request.tool_name ?? '';
  const input = request.tool_input ?? {};
  const decision = guardDecision(live, request);
  if (decision.decision === 'allow') return { permission: 'allow' };
  const whole = subjectOf(input);
  const subject = cutEnd(whole, 2000);
  const call =
    decision.decision === 'ask'
      ? sameCall({ tool, input, cwd: request.cwd ?? placeOf(live.workspace) }, guardContext(live))
      : undefined;
  const granted = call === undefined ? undefined : grantFor(live, call, request.tool_use_id);
  const { rule, reason, instead, violation } =
    granted === undefined ? decision : { ...decision, reason: `Allowed by ${granted}.`, instead: undefined };
  await record(live.ctx, live.ref, {
    type: 'guard.decided',
    data: {
      toolUseId: request.tool_use_id ?? '',
      tool,
      subject,
      decision: granted === undefined ? decision.decision : 'allow',
      rule,
      reason,
      ...(instead === undefined ? {} : { instead }),
      ...(violation === undefined ? {} : { violation }),
      ...(granted === undefined ? {} : { item: granted }),
    },
    actor: { kind: 'daemon' },
  });
  if (granted !== undefined) return { permission: 'allow' };
  // Whoever allows it has seen all of it.
  if (decision.decision === 'ask' && live.ctx.canAsk)
    return approve(live, request, decision, cutEnd(whole, 50_000), call);
  await mayHalt(live, decision, subject);
  return { permission: 'deny', reason: denial(decision) };
}

/** The approval that allows this very call: for the task, or once and not used yet by another. */
function grantFor({ ctx, ref }: LiveAttempt, call: string, toolUseId: string | undefined): string | undefined {
  const found = Object.values(ctx.journal.state.items).find((item) => {
    if (item.kind !== 'approval' || item.day !== ref.day || item.task !== ref.task || item.call !== call) return false;
    // The call that asked finds its own item and its answer there.
    if (item.toolUseId === toolUseId || item.status === 'withdrawn') return false;
    const said = approvalDecision(item);
    return said?.kind === 'allow' && (said.always || item.used !== true);
  });
  return found?.id;
}

function denial(decision: Decision): string {
  const nobody = decision.decision === 'ask' ? ' Nobody is there to allow it.' : '';
  return `Dayshift refused this (${decision.rule}): ${decision.reason}${nobody} ${decision.instead ?? ''}`.trim();
}

function subjectOf(input: Record<string, unknown>): string {
  for (const key of ['command', 'file_path', 'notebook_path', 'path', 'url', 'query', 'pattern']) {
    const value = input[key];
    if (typeof value === 'string') return value;
  }
  return JSON.stringify(input);
}

/**
 * A person's messages that the agent has not got yet; it reads them before the tool that it is about to use. A subagent is told too,
 * once, so that it can act on them; but the agent itself must get them, whatever a subagent heard.
 */
function messagesFor(live: LiveAttempt, agent: string | undefined): string | undefined {
  const { tells } = taskOf(live.ctx, live.ref);
  const news = tells.filter((tell) =>
    agent === undefined ? !live.telling.isTold(messageMark(tell)) : live.telling.isNewTo(agent, tell.id),
  );
  if (news.length === 0) return undefined;
  if (agent !== undefined) return subagentMessages(news);
  for (const tell of news) {
    live.telling.once(messageMark(tell), () => writeTold(live, { type: 'tell.delivered', data: { id: tell.id } }));
  }
  return messagesText(news);
}

/** The agent wants to stop: it may when nothing waits to be read and the work holds, or when it waits for an answer. */
async function mayStop(live: LiveAttempt, request: HookRequest): Promise<StopVerdict> {
  const { ctx, ref } = live;
  if (request.agent_id !== undefined) return { block: false };
  // It came here after all that it was handed before.
  await live.telling.all();
  const message = messagesFor(live, undefined);
  if (message !== undefined) return { block: true, reason: message };
  await takeQuestionFiles(ctx, { day: ref.day, task: ref.task });
  const waits = Object.values(ctx.journal.state.items).some(
    (item) => item.day === ref.day && item.task === ref.task && item.status === 'open' && isForAgent(item),
  );
  if (waits) return { block: false };
  const { signal } = live;
  try {
    const result = await live.suspended(() => runGate(ctx, ref, live.workspace, signal));
    return verdictFor(result);
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    return { block: false }; // the attempt is being ended: nobody reads this
  }
}

function verdictFor(result: GateResult): StopVerdict {
  return result.decision === 'retry' ? { block: true, reason: result.feedback } : { block: false };
}
