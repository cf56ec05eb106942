import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rmdir, stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { dirname, join } from 'node:path';
import { DayshiftError, hasCode, messageOf } from '../../base/index.ts';
import type { SandboxLimits } from '../types.ts';

type Controller = 'memory' | 'pids' | 'cpu';

/** A control group in which groups for single starts can be made. */
interface Place {
  folder: string;
  version: 1 | 2;
}

/** What the names of all our groups begin with. */
const prefix = 'dayshift-';

/** The control groups of one start, and what they have counted. */
export interface Groups {
  /** Processes that the kernel ended because memory ran out; 0 where memory is under no limit. */
  memoryKills(): number;
  /** Processes and threads that were refused; 0 where they are under no limit. */
  forksRefused(): number;
  /** Gives a start that was `behind` the share of the processors that each other has. */
  front(): void;
  /** Call it once all processes are gone. */
  remove(): Promise<void>;
}

/** Whether this user may make control groups for a limit, version 1 or 2: root, or a session of systemd's. */
export function hasGroups(limit: 'memory' | 'processes'): boolean {
  return placeOf(limit === 'memory' ? 'memory' : 'pids') !== undefined;
}

/**
 * Puts a process and what it will start into groups of their own, as far as this machine has any. Nothing else binds a
 * process with all its children, and nothing else binds root. `behind`: with a sixteenth of a start's share of the processors. Throws DayshiftError where a limit that should work does not.
 */
export function openGroups(pid: number, limits: SandboxLimits, name: string, behind: boolean): Groups {
  const folders = new Map<Controller, string>();
  // Never one that is there: what a killed Dayshift left under this name goes on with its counts.
  const own = `${prefix}${name}-${randomBytes(4).toString('hex')}`;
  const under = (controller: Controller, settings: (version: 1 | 2) => Record<string, string>) => {
    const place = placeOf(controller);
    if (place === undefined) return;
    const folder = join(place.folder, own);
    mkdirSync(folder, { recursive: true });
    folders.set(controller, folder);
    for (const [file, value] of Object.entries(settings(place.version))) {
      // Only where swap is counted is there such a file.
      if (!file.includes('sw') || existsSync(join(folder, file))) writeFileSync(join(folder, file), value);
    }
    writeFileSync(join(folder, 'cgroup.procs'), String(pid));
  };
  try {
    if (limits.memoryMb > 0)
      under('memory', (version) => memorySettings(version, String(limits.memoryMb * 1024 * 1024)));
    if (limits.processes > 0) {
      under('pids', () => ({ 'pids.max': String(limits.processes) }));
      // As a group two thousand processes get no more of the CPU than one other program.
      under('cpu', (version) => (behind ? share(version, 1 / 16) : {}));
    }
  } catch (error) {
    throw new DayshiftError('environment', `the limits of the sandbox cannot be set: ${messageOf(error)}`, {
      hint: 'Set `memory_mb` and `processes` in config/dayshift.yaml to 0 to go without.',
      cause: error,
    });
  }
  const counted = (controller: Controller, files: string[], count: RegExp) => {
    const folder = folders.get(controller);
    const text = folder === undefined ? '' : files.map((file) => textOf(join(folder, file))).join('\n');
    return Number(count.exec(text)?.[1] ?? 0);
  };
  return {
    memoryKills: () => counted('memory', ['memory.events', 'memory.oom_control'], /^oom_kill (\d+)$/m),
    forksRefused: () => counted('pids', ['pids.events'], /^max (\d+)$/m),
    front() {
      const folder = folders.get('cpu');
      if (!behind || folder === undefined) return;
      for (const [file, value] of Object.entries(share(existsSync(join(folder, 'cpu.shares')) ? 1 : 2, 1))) {
        try {
          writeFileSync(join(folder, file), value);
        } catch {
          // It has ended: its groups are gone.
        }
      }
    },
    async remove() {
      for (const folder of new Set(folders.values())) await remove(folder);
    },
  };
}

/** In the order in which the kernel takes them: memory with swap is at least memory. */
function memorySettings(version: 1 | 2, bytes: string): Record<string, string> {
  return version === 2
    ? { 'memory.max': bytes, 'memory.swap.max': '0' }
    : { 'memory.limit_in_bytes': bytes, 'memory.memsw.limit_in_bytes': bytes };
}

/** A part of the share of the processors that a group has by default. */
function share(version: 1 | 2, part: number): Record<string, string> {
  return version === 2
    ? { 'cpu.weight': String(Math.round(100 * part)) }
    : { 'cpu.shares': String(Math.round(1024 * part)) };
}

/** An empty group stays busy for a moment after its last process. One that stays so is harmless, and left. */
async function remove(folder: string): Promise<void> {
  for (let pause = 1; pause < 1000; pause *= 2) {
    try {
      rmdirSync(folder);
      return;
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return;
      await wait(pause);
    }
  }
}

/** A group is empty for an instant while it is made: one that still is after so long, in ms, is left over. The kernel keeps no age of them. */
const leftAfterMs = 5000;

/**
 * Takes away the groups that a Dayshift left behind which was killed: nobody else does, and the kernel looks at each of them again
 * and again. Resolves with how many. Never rejects, and keeps no process from ending. O(groups).
 */
export async function sweepGroups(
  pause: () => Promise<unknown> = () => wait(leftAfterMs, undefined, { ref: false }),
  like = prefix,
): Promise<number> {
  let swept = 0;
  try {
    const empty = await emptyGroups(like);
    if (empty.size === 0) return 0;
    await pause();
    // Another may have been made in the place of one; and the kernel refuses where somebody came in after all.
    for (const [folder, inode] of empty)
      if ((await emptyOne(folder)) === inode) await rmdir(folder).then(() => (swept += 1), nothing);
  } catch {
    // There are none to sweep where they cannot be seen.
  }
  return swept;
}

async function emptyGroups(like: string): Promise<Map<string, bigint>> {
  const controllers: Controller[] = ['memory', 'pids', 'cpu'];
  const empty = new Map<string, bigint>();
  for (const place of new Set(controllers.flatMap((one) => placeOf(one)?.folder ?? []))) {
    const names = await readdir(place).catch(() => []);
    for (const name of names.filter((one) => one.startsWith(like))) {
      const inode = await emptyOne(join(place, name));
      if (inode !== undefined) empty.set(join(place, name), inode);
    }
  }
  return empty;
}

/** The inode of an empty group, which no other has; undefined where it is not empty, or gone. */
async function emptyOne(folder: string): Promise<bigint | undefined> {
  try {
    const { ino } = await stat(folder, { bigint: true });
    return (await readFile(join(folder, 'cgroup.procs'), 'utf8')) === '' ? ino : undefined;
  } catch {
    return undefined;
  }
}

const nothing = () => undefined;

const places = new Map<Controller, Place | undefined>();

function placeOf(controller: Controller): Place | undefined {
  if (!places.has(controller))
    places.set(
      controller,
      candidates(controller).find((place) => isUsable(place, controller)),
    );
  return places.get(controller);
}

/** Lines of /proc/self/cgroup: `0::/path` for version 2, `5:memory:/path` for version 1. */
function candidates(controller: Controller): Place[] {
  const found: Place[] = [];
  for (const line of textOf('/proc/self/cgroup').split('\n')) {
    const [, names = '', path = '/'] = line.split(':');
    if (names.split(',').includes(controller)) {
      const mount = `/sys/fs/cgroup/${names}`;
      found.push({ folder: join(mount, path), version: 1 }, { folder: mount, version: 1 });
    } else if (names === '' && path !== '') {
      // A group of version 2 that has processes has no children with limits: those of this daemon are its siblings.
      found.push(
        { folder: dirname(join('/sys/fs/cgroup', path)), version: 2 },
        { folder: '/sys/fs/cgroup', version: 2 },
      );
    }
  }
  return found;
}

/** Tries it: rights, delegation and containers have too many ways to be half there. */
function isUsable({ folder, version }: Place, controller: Controller): boolean {
  if (version === 2 && !textOf(join(folder, 'cgroup.subtree_control')).split(/\s/).includes(controller)) return false;
  const trial = join(folder, `${prefix}trial-${process.pid}`);
  try {
    // One that a kill left is as good: in a container the next life has the same pid.
    mkdirSync(trial, { recursive: true });
  } catch {
    return false;
  }
  const limit = {
    memory: version === 2 ? 'memory.max' : 'memory.limit_in_bytes',
    pids: 'pids.max',
    cpu: version === 2 ? 'cpu.weight' : 'cpu.shares',
  }[controller];
  const usable = existsSync(join(trial, limit));
  try {
    rmdirSync(trial);
  } catch {
    // It is swept later.
  }
  return usable;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // no such thing here
  }
}
