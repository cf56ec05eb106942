import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { AttemptResult } from '../agents/index.ts';
import { cutStart, messageOf } from '../base/index.ts';
import { openDoor } from '../door/index.ts';
import type { NewEvent } from '../journal/index.ts';
import { pickDoorPort, startProcess, withDoor, type LimitHit, type SandboxedProcess } from '../sandbox/index.ts';
import type { Checkpoint, Workspace } from '../workspace/index.ts';
import { startActivity } from './activity.ts';
import { startCanary } from './canary.ts';
import { startCircles } from './circles.ts';
import { record, taskOf, type RunContext, type TaskRef } from './context.ts';
import { startControl } from './control.ts';
import { keepCheckpoint, takeCheckpoint } from './gate.ts';
import { doorHandlers, guardDecision } from './hooks.ts';
import type { Ending, LiveAttempt } from './live.ts';
import type { Step } from './machine.ts';
import { agentPolicy } from './policy.ts';
import { promptFor } from './prompt.ts';
import { takeQuestionFiles } from './question-files.ts';
import { reachOf } from './reach.ts';
import { createTelling } from './told.ts';
import { writeTold } from './write-told.ts';
import { watch } from './watchdog.ts';
import { wayOut, withReach } from './way-out.ts';

/** The agent's last words, or the error, are cut to so many characters. */
const LONGEST_DETAIL = 2000;

/** The handle by which others end an attempt: a person's stop, a pause, the end of the daemon. */
export interface AttemptHandle {
  end(ending: Ending): void;
}

/**
 * Runs one attempt from its intention to its end, everything written down. Resolves when the process and all
 * that it started are gone and the work is checkpointed. `onLive` gets the handle as soon as there is a process.
 */
export async function runAttempt(
  ctx: RunContext,
  task: TaskRef,
  workspace: Workspace,
  step: Extract<Step, { do: 'launch' }>,
  onLive: (handle: AttemptHandle) => void,
): Promise<void> {
  const before = taskOf(ctx, task);
  const ref = { ...task, attempt: before.attempt + 1 };
  const { launch, systemPrompt, told } = await promptFor(ctx, ref, workspace, step);
  const sessionId = step.mode === 'start' || before.sessionId === undefined ? ctx.newId() : before.sessionId;
  await record(ctx, ref, { type: 'attempt.intended', data: { sessionId, mode: step.mode, why: step.why } });

  const session = { cliDir: workspace.paths.cli, sessionId };
  const control = startControl(
    () => ctx.clock.now(),
    (messages) => ctx.adapter.keeps(session, messages),
  );
  const reach = await reachOf(ctx, before.spec);
  const activity = startActivity(ctx.clock);
  const live: LiveAttempt = {
    ctx,
    ref,
    workspace,
    hosts: reach.hosts,
    signal: control.signal,
    end: (ending) => control.end(ending),
    seen: (events) => circles(events),
    progress: () => activity.progress(),
    suspended: (work) => activity.suspended(work),
    telling: createTelling(),
    background: (work, what) => control.background(work, (error) => ctx.log(`${what}: ${messageOf(error)}`)),
  };
  const circles = startCircles(live);
  const ownDir = join(workspace.paths.root, 'own');
  await mkdir(ownDir, { recursive: true });
  const socketPath = join(ctx.socketDir, `${ctx.newId().slice(0, 8)}.sock`);
  const handlers = doorHandlers(live);
  const canary = startCanary(live);
  const way = wayOut(ctx, ref, reach, 'agent', live);
  const door = await openDoor({
    socketPath,
    gate: canary.passed,
    egress: way.options,
    upstream: ctx.upstream,
    prices: ctx.prices,
    clock: ctx.clock,
    newId: ctx.newId,
    handlers: {
      ...handlers,
      // An answer that nobody waits for any more still has to be thought to its end before the attempt's end is written.
      async onTool(request, signal) {
        if (canary.isProbe(request)) return canary.judge(guardDecision(live, request));
        // A resume begins with the hook of the call that was deferred, before any model call.
        await canary.passed;
        return control.unlessEnding(control.heard(handlers.onTool(request, signal)));
      },
      afterTool: (request, signal) => control.unlessEnding(handlers.afterTool(request, signal)),
      onCanary: (report) => control.heard(canary.report(report)),
      onStop: (request, signal) => control.unlessEnding(control.heard(handlers.onStop(request, signal))),
      beforeCall: (call, gone) => control.letOut(call.call, () => handlers.beforeCall(call, gone), gone),
      onSettled(data) {
        control.settled(data);
        handlers.onSettled(data);
      },
    },
  });
  const log = createWriteStream(join(workspace.paths.root, 'agent.log'), { flags: 'a', mode: 0o600 });
  // A log that cannot be written ends neither the attempt nor the daemon.
  log.on('error', (error) => ctx.log(`${ref.task}: agent.log is not whole: ${messageOf(error)}`));
  let result: Failed | undefined;
  try {
    const port = await pickDoorPort(ctx.sandbox.kind);
    const { spec } = taskOf(ctx, ref);
    const base = await withReach(ctx, workspace, await agentPolicy(ctx, spec, workspace), reach, port);
    const prepared = await ctx.adapter.prepare({
      spec,
      sessionId,
      launch,
      checkout: base.cwd,
      outDir: workspace.paths.out,
      cliDir: workspace.paths.cli,
      ownDir,
      doorPort: port,
      env: base.env,
      account: ctx.upstream.credential?.kind ?? 'api_key',
      systemPrompt,
    });
    const { policy, command } = withDoor(
      {
        ...base,
        readable: [...base.readable, ...prepared.policy.readable],
        placed: [...base.placed, ...prepared.policy.placed],
        // The adapter's own: a project's environment must not bring another account in.
        env: prepared.policy.env,
      },
      prepared.command,
      { socket: socketPath, kind: ctx.sandbox.kind, port, canary: canary.orders(base.cwd) },
    );
    const child = startProcess(ctx.sandbox, policy, command, {
      marker: markerOf(sessionId, ref.attempt),
      onLimit: (hit) => reached(live, hit),
    });
    try {
      await record(ctx, ref, {
        type: 'attempt.started',
        data: { pid: child.pid, startTime: child.startTime, sandbox: ctx.sandbox.kind },
      });
      control.attach(child);
      canary.started();
      onLive({ end: (ending) => control.end(ending) });
      child.stdin.end(prepared.stdin ?? '');
      for (const { mark, event } of told) live.telling.once(mark, () => writeTold(live, event));
      result = withHits(await followed(live, child, activity, log), (await child.exited).hits);
      if (result.end === 'finished') await live.telling.all();
    } finally {
      await child.kill();
    }
  } catch (error) {
    // Whatever kept it from starting is the attempt's end; a journal that refuses says so again below.
    result ??= { end: 'failed', exitCode: null, turns: 0, text: messageOf(error), resumeImpossible: false };
  } finally {
    control.over();
    await door.close();
    await control.quiet();
    await way.over().catch((error: unknown) => ctx.log(messageOf(error)));
    log.end();
    await finished(log).catch(() => undefined); // said above
    await rm(socketPath, { force: true });
  }
  await writeEnd(ctx, ref, workspace, result, control.ending(), activity.workedMs());
}

/** What every process of an attempt carries in its environment, so that a later daemon finds what was left behind. */
export function markerOf(sessionId: string, attempt: number): string {
  return `${sessionId}.${attempt}`;
}

/** A limit was reached: where it ends the agent that is its end; else it goes on, and the person reads of it. */
function reached(live: LiveAttempt, { limit, ended, words }: LimitHit): void {
  if (ended) live.end({ end: 'failed', detail: words, limit });
  else {
    const { ctx, ref } = live;
    live.background(record(ctx, ref, { type: 'agent.warned', data: { message: words } }), 'writing down a limit');
  }
}

/** A CLI that vanished when memory or processes ran out fell to the limit itself: ended by the kernel, or refused a thread. */
function withHits(result: AttemptResult, hits: LimitHit[]): Failed {
  const hit = hits.find(({ limit, ended }) => (limit === 'memory' || limit === 'processes') && !ended);
  if (hit === undefined || (result.end !== 'lost' && result.end !== 'failed')) return result;
  return { ...result, text: `${hit.words} (${result.text})`, limit: hit.limit };
}

type Failed = AttemptResult & { limit?: LimitHit['limit'] };

/** Follows the stream with the watchdog beside it. */
async function followed(
  live: LiveAttempt,
  child: SandboxedProcess,
  activity: ReturnType<typeof startActivity>,
  log: ReturnType<typeof createWriteStream>,
): Promise<AttemptResult> {
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
