import { duration } from '../base/index.ts';
import type { SandboxedProcess } from '../sandbox/index.ts';
import type { Activity } from './activity.ts';
import type { RunContext } from './context.ts';
import type { LiveAttempt } from './live.ts';

/** How often the watchdog looks, in ms. */
const LOOK_EVERY_MS = 5000;
/** CPU time between two looks that counts as progress: an idle CLI uses a few ms a second. */
const BUSY_CPU_MS = 1000;

export interface WatchdogOptions {
  idleLimitMs: number;
  workLimitMs: number;
  /** Whether files changed since it was asked last; asked only before the worst is assumed. */
  filesChanged(): Promise<boolean>;
}

/** What it needs of an attempt. */
export interface Watched extends Pick<LiveAttempt, 'end'> {
  ctx: Pick<RunContext, 'clock' | 'log'>;
  ref: { task: string };
}

/**
 * Ends an attempt that has made no progress for the idle limit (output, tool calls, model traffic, CPU used,
 * files changed all count), or has used up its working time. Returns the function that stops watching.
 */
export function watch(
  live: Watched,
  process: Pick<SandboxedProcess, 'cpuMs'>,
  activity: Pick<Activity, 'progress' | 'workedMs' | 'idleMs'>,
  options: WatchdogOptions,
): () => void {
  let cpu = 0;
  let stopped = false;
  let cancel: () => void = () => undefined;
  const look = async () => {
    const used = await process.cpuMs();
    if (used !== undefined) {
      if (used - cpu >= BUSY_CPU_MS) activity.progress();
      // From look to look: the few ms of an idle CLI must not add up to work.
      cpu = used;
    }
    if (activity.workedMs() > options.workLimitMs) {
      live.end({
        end: 'timeout',
        detail: `it worked for more than ${duration(options.workLimitMs)}, its \`timeout\``,
      });
    } else if (activity.idleMs() > options.idleLimitMs) {
      if (await options.filesChanged()) activity.progress();
      else live.end({ end: 'hung', detail: `no progress for ${duration(options.idleLimitMs)}` });
    }
  };
  const again = () => {
    if (stopped) return;
    cancel = live.ctx.clock.after(LOOK_EVERY_MS, () => {
      void look()
        .catch((error: unknown) => live.ctx.log(`watchdog of ${live.ref.task}: ${String(error)}`))
        .then(again);
    });
  };
  again();
  return () => {
    stopped = true;
    cancel();
  };
}
