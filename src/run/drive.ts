import { messageWithHint } from '../base/index.ts';
import { newFailedCheckItem } from '../inbox/index.ts';
import type { NewEvent } from '../journal/index.ts';
import { killLeftover } from '../sandbox/index.ts';
import { runAttempt, type AttemptHandle } from './attempt.ts';
import { cliIsProved } from './cli-proof.ts';
import { record, taskOf, type RunContext, type TaskRef } from './context.ts';
import { commandMarker, NOBODY, runGate, settleLeft, takeCheckpoint } from './gate.ts';
import type { Ending } from './live.ts';
import { nextStep, type Step } from './machine.ts';
import { markerOf } from './open-cli.ts';
import { prepareTask, workspaceOf } from './prepare.ts';
import { takeQuestionFiles } from './question-files.ts';
import { measureWork } from './results.ts';
import type { Ready } from './standby.ts';

/** What the runner may ask of a task that is being driven. */
export interface Driver {
  /** Fires together with `halted`: ends a check or a setup command that runs. */
  signal: AbortSignal;
  /** Ends the running attempt, if there is one. */
  handle?: AttemptHandle;
  /** Its workspace is made while others work. */
  ahead?: boolean;
  /** Its agent, as far as it was started ahead. */
  ready?: Ready | undefined;
  /** Set when the task shall not go on after the present step, and how an attempt that is just starting is to end. */
  halted?: Ending;
}

/**
 * Drives one task, step by step, until it is over or waits. It holds no state of its own: each step is read from
 * the journal's fold, so it may be ended anywhere and begun anew. `only` stops after that kind of step.
 */
export async function drive(ctx: RunContext, ref: TaskRef, driver: Driver, only?: Step['do']): Promise<void> {
  // A check or a setup command of an earlier daemon may still run where no sandbox ends it.
  if (taskOf(ctx, ref).status !== 'queued') await killLeftover(NOBODY, commandMarker(ctx, ref));
  for (;;) {
    if (driver.halted !== undefined) return;
    const step = nextStep(taskOf(ctx, ref), { day: ref.day, items: ctx.journal.state.items, now: ctx.clock.now() });
    if (step === undefined) return;
    try {
      await perform(ctx, ref, step, driver);
    } catch (error) {
      // The step was broken off; whoever halted it writes down what follows.
      if (driver.signal.aborted && error === driver.signal.reason) return;
      // The disk or the journal may be the reason: then this throws too, and the day stops.
      const reason = messageWithHint(error);
      ctx.log(`${ref.task}: ${reason}`);
      await record(ctx, ref, { type: 'task.failed', data: { reason } });
    }
    if (step.do === only) return;
  }
}

async function perform(ctx: RunContext, ref: TaskRef, step: Step, driver: Driver): Promise<void> {
  switch (step.do) {
    case 'prepare':
      await prepareTask(ctx, ref, driver.signal, driver.ahead);
      return;
    case 'launch':
      if (!(await cliIsProved(ctx, ref)) || driver.halted !== undefined) return;
      await runAttempt(
        ctx,
        ref,
        workspaceOf(ctx.home, taskOf(ctx, ref), ref),
        step,
        (handle) => {
          driver.handle = handle;
          if (driver.halted !== undefined) handle.end(driver.halted);
        },
        driver.ready,
      );
      delete driver.handle;
      return;
    case 'bury':
      await bury(ctx, ref);
      return;
    case 'check':
      await runGate(ctx, ref, workspaceOf(ctx.home, taskOf(ctx, ref), ref), driver.signal);
      return;
    case 'park':
      await record(ctx, ref, { type: 'task.parked', data: { reason: 'question', item: step.item } });
      return;
    case 'finish':
      await measureWork(ctx, ref, workspaceOf(ctx.home, taskOf(ctx, ref), ref), step.tree);
      await record(ctx, ref, { type: 'task.done', data: { reasons: taskOf(ctx, ref).review?.reasons ?? [] } });
      return;
    case 'fail':
      await measureWork(ctx, ref, workspaceOf(ctx.home, taskOf(ctx, ref), ref));
      await record(ctx, ref, { type: 'task.failed', data: { reason: step.reason } }, ...askAfterChecks(ctx, ref, step));
      return;
  }
}

/** A person may give a task another go whose checks still fail; nothing waits for the answer. */
function askAfterChecks(ctx: RunContext, ref: TaskRef, step: Step & { do: 'fail' }): NewEvent[] {
  if (step.ask !== true) return [];
  const { review, retries, workedMs, checks, rounds } = taskOf(ctx, ref);
  const red = checks.findLast((check) => check.round === rounds && check.exitCode !== 0);
  const evidence = red === undefined ? {} : { evidence: ctx.redact(red.tail) };
  const failure = { reasons: review?.reasons ?? [step.reason], tries: retries + 1, workedMs, ...evidence };
  return [{ type: 'item.opened', data: newFailedCheckItem(ctx.newItemId(), failure, ctx.clock.now()) }];
}

/** The attempt was under way when the daemon died: end what is left of it, keep the work, write it down. */
async function bury(ctx: RunContext, task: TaskRef): Promise<void> {
  const { process: left, attempt, sessionId, since, doingAt } = taskOf(ctx, task);
  const ref = { ...task, attempt };
  if (sessionId !== undefined) await killLeftover(left ?? NOBODY, markerOf(sessionId, attempt));
  await settleLost(ctx, ref);
  await takeQuestionFiles(ctx, task);
  const workspace = workspaceOf(ctx.home, taskOf(ctx, ref), ref);
  await settleLeft(ctx, task, workspace);
  const { event } = await takeCheckpoint(ctx, ref, workspace, `attempt ${attempt}, interrupted`);
  await record(ctx, ref, event, {
    type: 'attempt.ended',
    data: {
      end: 'lost',
      exitCode: null,
      detail: 'Dayshift was interrupted',
      workedMs: doingAt === undefined ? 0 : Math.max(0, Date.parse(doingAt) - Date.parse(since)),
    },
  });
}

/** Model calls that were in flight count as spent, as estimated: nobody can say what they cost. */
async function settleLost(ctx: RunContext, ref: TaskRef): Promise<void> {
  const none = { input: 0, output: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0 };
  for (const [call, { usd, model }] of Object.entries(taskOf(ctx, ref).reserved)) {
    await record(ctx, ref, {
      type: 'model.settled',
      data: { call, model, tokens: none, usd, basis: 'estimate', ms: 0 },
    });
  }
}
