import { createHash } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Launch } from '../agents/index.ts';
import { messageOf } from '../base/index.ts';
import { openDoor, type DoorHandlers } from '../door/index.ts';
import {
  pickDoorway,
  startProcess,
  withDoor,
  type Doorway,
  type LimitHit,
  type SandboxedProcess,
  type SandboxPolicy,
} from '../sandbox/index.ts';
import type { Workspace } from '../workspace/index.ts';
import { startActivity, type Activity } from './activity.ts';
import { startCanary, type Canary } from './canary.ts';
import { startCircles } from './circles.ts';
import { record, taskOf, type RunContext, type TaskRef } from './context.ts';
import { startControl, type Control } from './control.ts';
import { doorHandlers, guardDecision } from './hooks.ts';
import type { LiveAttempt } from './live.ts';
import { agentPolicy } from './policy.ts';
import { reachOf, type Reach } from './reach.ts';
import { createTelling } from './told.ts';
import { wayOut, withReach } from './way-out.ts';

/** All that decides what an agent is started with. */
export interface Makings {
  policy: SandboxPolicy;
  doorway: Doorway;
  reach: Reach;
  systemPrompt: string;
  /** The same where nothing of it has changed, nor the CLI, nor the task, nor who pays. */
  name: string;
}

export async function makingsOf(
  ctx: RunContext,
  ref: Required<TaskRef>,
  workspace: Workspace,
  systemPrompt: string,
): Promise<Makings> {
  const { spec } = taskOf(ctx, ref);
  const reach = await reachOf(ctx, spec);
  const doorway = await pickDoorway(ctx.sandbox.kind);
  const policy = await withReach(ctx, workspace, await agentPolicy(ctx, spec, workspace), reach, doorway);
  const { file, settings } = await ctx.adapter.identity();
  const { rules, named, search } = reach.access;
  const all = { ref, spec, policy, systemPrompt, rules, named: [...named], search, file, settings };
  return { policy, doorway, reach, systemPrompt, name: JSON.stringify({ ...all, account: accountOf(ctx) }) };
}

const accountOf = (ctx: RunContext) => ctx.upstream.credential?.kind ?? 'api_key';

/** A CLI in its sandbox behind its own door: all of an attempt but its words, which its stdin waits for. */
export interface OpenCli {
  ref: Required<TaskRef>;
  sessionId: string;
  /** What it was made of. */
  made: string;
  live: LiveAttempt;
  control: Control;
  canary: Canary;
  activity: Activity;
  log: WriteStream;
  child: SandboxedProcess;
  /** Resolves where the CLI says that it ends. */
  goodbye: Promise<unknown>;
  /** An attempt that is written down begins with it: from now on its canary may report, and its time counts. */
  adopt(): void;
  /** Ends what is left of it; resolves when all is gone and written down. Harmless the second time. */
  close(): Promise<void>;
}

/**
 * Opens the door of an attempt and starts its CLI. Nothing leaves the sandbox, and nothing is written down of it, before it is adopted.
 * Rejects with what kept it from starting; then nothing is left of it.
 */
export async function openCli(
  ctx: RunContext,
  ref: Required<TaskRef>,
  workspace: Workspace,
  made: Makings,
  { mode, sessionId, behind = false }: { mode: Launch['mode']; sessionId: string; behind?: boolean },
): Promise<OpenCli> {
  const session = { cliDir: workspace.paths.cli, sessionId };
  const control = startControl(
    () => ctx.clock.now(),
    (messages) => ctx.adapter.keeps(session, messages),
  );
  const activity = startActivity(ctx.clock);
  const adopted = Promise.withResolvers<boolean>();
  const goodbye = Promise.withResolvers<undefined>();
  void activity.suspended(() => adopted.promise);
  const live: LiveAttempt = {
    ctx,
    ref,
    workspace,
    hosts: made.reach.hosts,
    signal: control.signal,
    end: (ending) => control.end(ending),
    seen(events) {
      for (const { type, data } of events) if (type === 'agent.tool_result') control.tool(data.toolUseId, false);
      circles(events);
    },
    progress: () => activity.progress(),
    suspended: (work) => activity.suspended(work),
    telling: createTelling(),
    background: (work, what) => control.background(work, (error) => ctx.log(`${what}: ${messageOf(error)}`)),
  };
  const circles = startCircles(live);
  const canary = startCanary(live);
  const way = wayOut(ctx, ref, made.reach, 'agent', live);
  const ownDir = join(workspace.paths.root, 'own');
  await mkdir(ownDir, { recursive: true });
  const socketPath = join(ctx.socketDir, `${ctx.newId().slice(0, 8)}.sock`);
  const door = await openDoor({
    socketPath,
    token: made.doorway.token,
    gate: canary.passed,
    egress: way.options,
    upstream: ctx.upstream,
    prices: ctx.prices,
    clock: ctx.clock,
    newId: ctx.newId,
    handlers: { ...handlersOf(live, control, canary, adopted.promise), onEnd: () => goodbye.resolve(undefined) },
  });
  const log = createWriteStream(join(workspace.paths.root, 'agent.log'), { flags: 'a', mode: 0o600 });
  // A log that cannot be written ends neither the attempt nor the daemon.
  log.on('error', (error) => ctx.log(`${ref.task}: agent.log is not whole: ${messageOf(error)}`));
  let child: SandboxedProcess | undefined;
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= end());
  async function end(): Promise<void> {
    adopted.resolve(false);
    try {
      await child?.kill();
    } finally {
      control.over();
      await door.close();
      await control.quiet();
      await way.over().catch((error: unknown) => ctx.log(messageOf(error)));
      log.end();
      await finished(log).catch(() => undefined); // said above
      await rm(socketPath, { force: true });
    }
  }
  try {
    const { policy: base, doorway, systemPrompt } = made;
    const prepared = await ctx.adapter.prepare({
      spec: taskOf(ctx, ref).spec,
      sessionId,
      launch: mode === 'resume' ? { mode } : { mode, prompt: '' },
      checkout: base.cwd,
      outDir: workspace.paths.out,
      cliDir: workspace.paths.cli,
      ownDir,
      doorPort: doorway.port,
      doorToken: doorway.token,
      env: base.env,
      account: accountOf(ctx),
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
      { socket: socketPath, kind: ctx.sandbox.kind, ...doorway, canary: canary.orders(base.cwd) },
    );
    child = startProcess(ctx.sandbox, policy, command, {
      marker: markerOf(sessionId, ref.attempt),
      owner: ownerOf(ctx),
      behind,
      onListener: (listener) => door.serve(listener),
      onNoListener: ({ message, hint }) => live.end({ end: 'failed', detail: `${message} ${hint ?? ''}` }),
      onLimit: (hit) => reached(live, hit),
    });
  } catch (error) {
    await close();
    throw error;
  }
  const started = child;
  const adopt = () => {
    adopted.resolve(true);
    started.front();
  };
  return {
    ref,
    sessionId,
    made: made.name,
    live,
    control,
    canary,
    activity,
    log,
    child,
    goodbye: goodbye.promise,
    adopt,
    close,
  };
}

/** What stands behind the door while the attempt is proved, at work, and being ended. */
function handlersOf(live: LiveAttempt, control: Control, canary: Canary, adopted: Promise<boolean>): DoorHandlers {
  const handlers = doorHandlers(live);
  return {
    ...handlers,
    // An answer that nobody waits for any more still has to be thought to its end before the attempt's end is written.
    async onTool(request, signal) {
      if (canary.isProbe(request)) return canary.judge(guardDecision(live, request));
      // A resume begins with the hook of the call that was deferred, before any model call.
      await canary.passed;
      const verdict = await control.unlessEnding(control.heard(handlers.onTool(request, signal)));
      if (verdict.permission === 'allow') control.tool(request.tool_use_id, true);
      return verdict;
    },
    onCanary: (report) =>
      control.heard(adopted.then((isAttempt) => (isAttempt ? canary.report(report) : Promise.resolve()))),
    onStop: (request, signal) => control.unlessEnding(control.heard(handlers.onStop(request, signal))),
    beforeCall: (call, gone) => control.letOut(call.call, () => handlers.beforeCall(call, gone), gone),
    onSettled(data) {
      control.settled(data);
      handlers.onSettled(data);
    },
  };
}

/** What the processes of all agents of this home carry in their environment. */
export function ownerOf(ctx: Pick<RunContext, 'home'>): string {
  return createHash('sha256').update(ctx.home.paths.home).digest('hex').slice(0, 32);
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
