import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf } from '../base/index.ts';
import { openEgressDoor, type EgressOptions } from '../door/index.ts';
import type { EventData } from '../journal/index.ts';
import { pickDoorway, type Doorway, type SandboxPolicy } from '../sandbox/index.ts';
import type { Workspace } from '../workspace/index.ts';
import { record, taskOf, type RunContext, type TaskRef } from './context.ts';
import type { LiveAttempt } from './live.ts';
import { homeInside } from './policy.ts';
import { reachOf, type Reach } from './reach.ts';

/** What was moved is written down so often while it goes on, in ms: a kill loses no more than that. */
const COUNT_EVERY_MS = 10_000;

/** The proxy's side of a door: what it is opened with, and how its counts are written down. */
export interface WayOut {
  options: EgressOptions;
  /** Writes down what was not written yet; call it once the door is closed. */
  over(): Promise<void>;
}

/** The way out of one door of a task. What is written beside goes to `background`, bytes that move are progress. */
export function wayOut(
  ctx: RunContext,
  ref: TaskRef,
  reach: Reach,
  by: EventData<'egress.opened'>['by'],
  beside: Pick<LiveAttempt, 'background'> & Partial<Pick<LiveAttempt, 'progress'>>,
): WayOut {
  const meter = ctx.egress.meterOf(`${ref.day}/${ref.task}`, taskOf(ctx, ref));
  const count = async (): Promise<void> => {
    const data = meter.take();
    if (data !== undefined) await record(ctx, ref, { type: 'egress.counted', data });
  };
  let cancel = (): void => undefined;
  const again = (): void => {
    cancel = ctx.clock.after(COUNT_EVERY_MS, () => {
      beside.background(count(), 'writing down what was moved');
      again();
    });
  };
  again();
  return {
    options: {
      access: reach.access,
      meter,
      dialer: ctx.egress.dialer,
      clock: ctx.clock,
      handlers: {
        async onOpened({ host, port }) {
          if (taskOf(ctx, ref).egress?.[`${host}:${port}`] !== undefined) return;
          await record(ctx, ref, { type: 'egress.opened', data: { host, port, by } });
        },
        onRefused(refusal) {
          if (!meter.refused(refusal)) return;
          const refused = record(ctx, ref, { type: 'egress.refused', data: { ...refusal, by } });
          beside.background(refused, 'writing down a refused connection');
        },
        onTraffic: () => beside.progress?.(),
      },
    },
    async over() {
      cancel();
      await count();
    },
  };
}

/** `policy` with what a process needs to take the way out by its `doorway`; the task's own environment wins. */
export async function withReach(
  ctx: RunContext,
  workspace: Workspace,
  policy: SandboxPolicy,
  reach: Reach,
  doorway: Doorway,
): Promise<SandboxPolicy> {
  if (reach.access.rules.length === 0) return policy;
  const placed = [...policy.placed];
  const home = homeInside(ctx, workspace);
  for (const { path, text } of reach.files) {
    // In a sandbox of its own the home folder is made anew for each process: there the files are put in from outside.
    const inSandbox = ctx.sandbox.kind === 'bubblewrap';
    const file = inSandbox ? join(workspace.paths.root, 'own', basename(path)) : join(home, path);
    await writeAnew(file, text);
    if (inSandbox) placed.push({ from: file, to: join(home, path) });
  }
  return {
    ...policy,
    placed,
    readable: [...policy.readable, ...reach.readable.filter((path) => !/^\/(?:usr|etc\/(?:ssl|pki))\//.test(path))],
    env: { ...proxyEnv(doorway), ...reach.env, ...policy.env },
  };
}

/** Not where it is so already: a process that is at work may have it open. */
async function writeAnew(file: string, text: string): Promise<void> {
  const before = await readFile(file, 'utf8').catch(() => undefined);
  if (before === text) return;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** By which programs find the proxy. The agent's own loopback, the door among it, is not behind it. */
function proxyEnv({ port, token }: Doorway): Record<string, string> {
  const proxy = `http://${token === undefined ? '' : `dayshift:${token}@`}127.0.0.1:${port}`;
  const direct = 'localhost,127.0.0.1,::1,.localhost';
  return {
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    http_proxy: proxy,
    https_proxy: proxy,
    NO_PROXY: direct,
    no_proxy: direct,
    // Node's own fetch and http look at these only when told to.
    NODE_USE_ENV_PROXY: '1',
    // Before what a project's .npmrc may say.
    npm_config_proxy: proxy,
    npm_config_https_proxy: proxy,
    npm_config_noproxy: direct,
  };
}

/**
 * Runs `work` with a door that leads out to the task's hosts and nowhere else: for its setup and check commands. Where
 * the list is empty there is no door.
 */
export async function withWayOut<T>(
  ctx: RunContext,
  ref: TaskRef,
  workspace: Workspace,
  { policy, by }: { policy: SandboxPolicy; by: 'setup' | 'check' },
  work: (policy: SandboxPolicy, door: ({ socket: string } & Doorway) | undefined) => Promise<T>,
): Promise<T> {
  const reach = await reachOf(ctx, taskOf(ctx, ref).spec);
  if (reach.access.rules.length === 0) return work(policy, undefined);
  const writing = new Set<Promise<unknown>>();
  const way = wayOut(ctx, ref, reach, by, {
    background(writes, what) {
      const kept = writes.catch((error: unknown) => ctx.log(`${what}: ${messageOf(error)}`));
      writing.add(kept);
      void kept.finally(() => writing.delete(kept));
    },
  });
  const doorway = await pickDoorway(ctx.sandbox.kind);
  const socketPath = join(ctx.socketDir, `${ctx.newId().slice(0, 8)}.sock`);
  const door = await openEgressDoor(socketPath, { ...way.options, token: doorway.token });
  try {
    return await work(await withReach(ctx, workspace, policy, reach, doorway), { socket: door.socketPath, ...doorway });
  } finally {
    await door.close();
    await Promise.all(writing);
    await way.over();
  }
}
