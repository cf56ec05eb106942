import type { AttemptResult } from '../agents/index.ts';
import { cutStart, messageOf } from '../base/index.ts';
import type { NewEvent } from '../journal/index.ts';
import type { LimitHit } from '../sandbox/index.ts';
import type { Checkpoint, Workspace } from '../workspace/index.ts';
import { record, taskOf, type RunContext, type TaskRef } from './context.ts';
import { keepCheckpoint, takeCheckpoint } from './gate.ts';
import type { Ending } from './live.ts';
import type { Step } from './machine.ts';
import { makingsOf, openCli, type OpenCli } from './open-cli.ts';
import { promptFor } from './prompt.ts';
import { takeQuestionFiles } from './question-files.ts';
import type { Ready } from './standby.ts';
import { watch } from './watchdog.ts';
import { writeTold } from './write-told.ts';

/** The agent's last words, or the error, are cut to so many characters. */
const LONGEST_DETAIL = 2000;

/** The handle by which others end an attempt: a person's stop, a pause, the end of the daemon. */
export interface AttemptHandle {
  end(ending: Ending): void;
}

/**
 * Runs one attempt from its intention to its end, everything written down. Resolves when the process and all
 * that it started are gone and the work is checkpointed. `onLive` gets the handle as soon as there is a process. `ready` is
 * what was started for it ahead.
 */
export async function runAttempt(
  ctx: RunContext,
  task: TaskRef,
  workspace: Workspace,
  step: Extract<Step, { do: 'launch' }>,
  onLive: (handle: AttemptHandle) => void,
  ready?: Ready,
): Promise<void> {
  const before = taskOf(ctx, task);
  const ref = { ...task, attempt: before.attempt + 1 };
  const { launch, systemPrompt, told } = await promptFor(ctx, ref, workspace, step);
  const fresh = step.mode === 'start' || before.sessionId === undefined;
  const made = await makingsOf(ctx, ref, workspace, systemPrompt);
  const stoodBy = fresh && step.mode === 'start' ? await ready?.take(made.name) : undefined;
  const sessionId = stoodBy?.sessionId ?? (fresh ? ctx.newId() : (before.sessionId ?? ctx.newId()));
  let cli = stoodBy;
  let result: Failed | undefined;
  try {
    await record(ctx, ref, { type: 'attempt.intended', data: { sessionId, mode: step.mode, why: step.why } });
    cli ??= await openCli(ctx, ref, workspace, made, { mode: step.mode, sessionId });
    const { live, control, canary, child } = cli;
    await record(ctx, ref, {
      type: 'attempt.started',
      data: { pid: child.pid, startTime: child.startTime, sandbox: ctx.sandbox.kind },
    });
    control.attach(child);
    cli.adopt();
    canary.started();
    onLive({ end: (ending) => control.end(ending) });
    child.stdin.end(ctx.adapter.words(launch));
    for (const { mark, event } of told) live.telling.once(mark, () => writeTold(live, event));
    result = withHits(await followed(cli), (await child.exited).hits);
    if (result.end === 'finished') await live.telling.all();
  } catch (error) {
    // Whatever kept it from starting is the attempt's end; a journal that refuses says so again below.
    result ??= { end: 'failed', exitCode: null, turns: 0, text: messageOf(error), resumeImpossible: false };
  } finally {
    await cli?.close();
  }
  await writeEnd(ctx, ref, workspace, result, cli?.control.ending(), cli?.activity.workedMs() ?? 0);
}

/** A CLI that vanished when memory or processes ran out fell to the limit itself: ended by the kernel, or refused a thread. */
function withHits(result: AttemptResult, hits: LimitHit[]): Failed {
  const hit = hits.find(({ limit, ended }) => (limit === 'memory' || limit === 'processes') && !ended);
  if (hit === undefined || (result.end !== 'lost' && result.end !== 'failed')) return result;
  return { ...result, text: `${hit.words} (${result.text})`, limit: hit.limit };
}

type Failed = AttemptResult & { limit?: LimitHit['limit'] };

/** Follows the stream with the watchdog beside it. */
async function followed({ live, child, activity, log, goodbye }: OpenCli): Promise<AttemptResult> {
  const { ctx, ref } = live;
  const { spec, workedMs } = taskOf(ctx, ref);
  let tree = taskOf(ctx, ref).checkpoints.at(-1)?.tree;
  const stop = watch(live, child, activity, {
    idleLimitMs: ctx.home.config.idle_minutes * 60_000,
    workLimitMs: spec.timeoutMinutes * 60_000 - workedMs,
    async filesChanged() {
      const taken = await keepCheckpoint(ctx, ref, live.workspace, 'while it was quiet');
      const changed = taken.tree !== tree;
      tree = taken.tree;
      return changed;
    },
  });
  let writing: Promise<unknown> = Promise.resolve();
  try {
    return await ctx.adapter.follow(child, {
      onEvents(events: NewEvent[]) {
        const marked = events
          .filter((event) => isNews(ctx, event))
          .map((event) => ({ ...event, actor: event.actor ?? { kind: 'agent' } }));
        live.seen(events);
        writing = writing.then(() => record(ctx, ref, ...marked)).catch((error: unknown) => ctx.log(messageOf(error)));
      },
      onLine(line: string) {
        log.write(`${ctx.redact(line)}\n`);
      },
      onProgress: () => activity.progress(),
      onApiRetry: () => undefined,
      goodbye,
    });
  } finally {
    stop();
    await writing;
  }
}

/** A window's state comes with every call; only what changed is worth a line. */
function isNews(ctx: RunContext, event: NewEvent): boolean {
  if (event.type !== 'account.window') return true;
  const { window, status, used, resetAt } = event.data;
  const known = ctx.journal.state.windows[window];
  return known?.status !== status || known.resetAt !== resetAt || Math.abs((known.used ?? 0) - (used ?? 0)) >= 0.01;
}

/** What could not be taken along, for people. */
function warned({ warnings }: Checkpoint): NewEvent[] {
  return warnings.map((message) => ({ type: 'agent.warned', data: { message } }));
}

/** Writes down how it ended, together with what follows from it, and checkpoints the work. */
async function writeEnd(
  ctx: RunContext,
  ref: Required<TaskRef>,
  workspace: Workspace,
  result: Failed | undefined,
  ending: Ending | undefined,
  workedMs: number,
): Promise<void> {
  const data =
    ending === undefined
      ? {
          // A process that vanished by itself may do so again: it counts as a failure, so that there is an end to tries.
          end: result === undefined || result.end === 'lost' ? 'failed' : result.end,
          exitCode: result?.exitCode ?? null,
          turns: result?.turns ?? 0,
          detail: cutStart(result?.text ?? 'it could not be started', LONGEST_DETAIL),
          ...(result?.toolUseId === undefined ? {} : { toolUseId: result.toolUseId }),
          ...(result?.resumeImpossible === true ? { resumeImpossible: true } : {}),
          ...(result?.limit === undefined ? {} : { limit: result.limit }),
          workedMs,
        }
      : {
          end: ending.end,
          exitCode: result?.exitCode ?? null,
          turns: result?.turns ?? 0,
          ...(ending.detail === undefined ? {} : { detail: ending.detail }),
          ...(ending.limit === undefined ? {} : { limit: ending.limit }),
          workedMs,
        };
  await takeQuestionFiles(ctx, { day: ref.day, task: ref.task });
  const { checkpoint, event } = await takeCheckpoint(ctx, ref, workspace, `attempt ${ref.attempt}`);
  await record(ctx, ref, event, ...warned(checkpoint), { type: 'attempt.ended', data }, ...(ending?.then ?? []));
}
