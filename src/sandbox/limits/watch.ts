import { readFileSync } from 'node:fs';
import { systemClock } from '../../base/index.ts';
import type { LimitHit, SandboxLimits } from '../types.ts';
import { watchDisk } from './disk.ts';
import type { Groups } from './groups.ts';
import type { LimitMeans } from './means.ts';

/** How often it is looked, in ms. */
const lookEveryMs = 1000;
/** Who is refused processes at so many of the last looks does not stop by itself: a fork bomb, which may pause between two tries. */
const bomb = { looks: 6, of: 20 };

export interface Watched {
  limits: SandboxLimits;
  /** The folders that it may write. */
  folders: readonly string[];
  groups: Groups;
  means: LimitMeans;
  /** The living processes of it. */
  pids: () => Promise<number[]>;
  onHit: (hit: LimitHit) => void;
}

/** Looks now and then how near a start is to its limits. A hit with `ended` asks the caller to end it. */
export function watchLimits({ limits, folders, groups, means, pids, onHit }: Watched) {
  const hits: LimitHit[] = [];
  const disk = limits.diskMb > 0 && folders.length > 0 ? watchDisk(folders, limits.diskMb) : undefined;
  let refused = 0;
  const lately: boolean[] = [];
  let crowded = false;
  let stopped = false;
  let cancel: () => void = () => undefined;

  function hit(limit: LimitHit['limit'], ended: boolean, words: string): void {
    if (hits.some((one) => one.limit === limit && (one.ended || !ended))) return;
    const one = { limit, ended, words: ended ? `It was ended: ${words}.` : `${words}.` };
    hits.push(one);
    onHit(one);
  }

  function count(): void {
    const kills = groups.memoryKills();
    if (kills > 0) {
      const word = `The kernel ended ${kills === 1 ? 'one of its processes' : `${kills} of its processes`}`;
      hit('memory', false, `${word}: together they needed more memory than ${limits.memoryMb} MB. ${remedies.memory}`);
    }
    const now = groups.forksRefused();
    if (now > 0) hit('processes', false, `It was refused a process, having ${limits.processes}. ${remedies.processes}`);
    crowded = now > refused;
    refused = now;
  }

  async function look(): Promise<void> {
    count();
    const living = needsPids(limits, means) ? await pids() : [];
    if (means.processes === 'rlimit' && limits.processes > 0) {
      // Nobody counts what was refused; who has nearly all that there is, look after look, is refused some.
      crowded = threadsOf(living) >= limits.processes * 0.9;
    }
    lately.push(crowded);
    if (lately.length > bomb.of) lately.shift();
    if (lately.filter((one) => one).length >= bomb.looks)
      hit('processes', true, `it kept asking for more than ${limits.processes} processes. ${remedies.processes}`);
    if (means.memory === 'watched' && limits.memoryMb > 0) {
      const mb = memoryOf(living);
      if (mb > limits.memoryMb)
        hit('memory', true, `it used ${mb} MB of memory, and may use ${limits.memoryMb}. ${remedies.memory}`);
    }
    const full = await disk?.look();
    if (full !== undefined && !stopped) hit('disk', true, full);
  }

  const again = () => {
    if (stopped) return;
    cancel = systemClock.after(lookEveryMs, () => void look().then(again, again));
  };
  // What cannot be looked at now can be at the next look.
  if (limits.memoryMb > 0 || limits.processes > 0 || disk !== undefined) void look().then(again, again);
  return {
    /** Stops looking; what was reached. Call it before the groups are removed. */
    stop(): LimitHit[] {
      stopped = true;
      cancel();
      count();
      return hits;
    },
  };
}

const remedies = {
  memory: 'Give it less to do at once, or raise `sandbox.memory_mb` in config/dayshift.yaml',
  processes: 'Give it less to do at once, or raise `sandbox.processes` in config/dayshift.yaml',
};

function needsPids(limits: SandboxLimits, means: LimitMeans): boolean {
  return (means.memory === 'watched' && limits.memoryMb > 0) || (means.processes === 'rlimit' && limits.processes > 0);
}

/** In MiB, without what is shared with files. */
function memoryOf(pids: readonly number[]): number {
  const kb = (status: string, name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);
  const all = pids.map(statusOf).map((status) => kb(status, 'RssAnon') + kb(status, 'RssShmem'));
  return Math.round(all.reduce((sum, one) => sum + one, 0) / 1024);
}

function threadsOf(pids: readonly number[]): number {
  return pids.map(statusOf).reduce((sum, status) => sum + Number(/^Threads:\s+(\d+)$/m.exec(status)?.[1] ?? 0), 0);
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return ''; // it ended meanwhile
  }
}
