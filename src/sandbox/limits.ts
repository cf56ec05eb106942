import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { dirname, join } from 'node:path';
import { DayshiftError, messageOf } from '../base/index.ts';
import type { SandboxPolicy } from './types.ts';

type Limits = SandboxPolicy['limits'];
type Controller = 'memory' | 'pids';

/** A control group in which groups for single starts can be made. */
interface Place {
  folder: string;
  version: 1 | 2;
}

/**
 * Which limits this machine can keep: by control groups, version 1 or 2, where this user may make some (root, or a
 * session of systemd's). Nothing else binds a process with all its children, and nothing else binds root.
 */
export function limitsOf(): { memory: boolean; processes: boolean } {
  return { memory: placeOf('memory') !== undefined, processes: placeOf('pids') !== undefined };
}

/**
 * Puts a process and what it will start under limits, as far as `limitsOf` says that this works. Call the result once all
 * of it is gone. Throws DayshiftError where a limit that should work does not.
 */
export function applyLimits(pid: number, limits: Limits, name: string): () => Promise<void> {
  const folders = new Set<string>();
  const under = (controller: Controller, settings: (version: 1 | 2) => Record<string, string>) => {
    const place = placeOf(controller);
    if (place === undefined) return;
    const folder = join(place.folder, `dayshift-${name}`);
    mkdirSync(folder, { recursive: true });
    folders.add(folder);
    for (const [file, value] of Object.entries(settings(place.version))) {
      // Only where swap is counted is there such a file.
      if (!file.includes('sw') || existsSync(join(folder, file))) writeFileSync(join(folder, file), value);
    }
    writeFileSync(join(folder, 'cgroup.procs'), String(pid));
  };
  try {
    if (limits.memoryMb > 0)
      under('memory', (version) => memorySettings(version, String(limits.memoryMb * 1024 * 1024)));
    if (limits.processes > 0) under('pids', () => ({ 'pids.max': String(limits.processes) }));
  } catch (error) {
    throw new DayshiftError('environment', `the limits of the sandbox cannot be set: ${messageOf(error)}`, {
      hint: 'Set `memory_mb` and `processes` in config/dayshift.yaml to 0 to go without.',
      cause: error,
    });
  }
  return async () => {
    for (const folder of folders) await remove(folder);
  };
}

/** In the order in which the kernel takes them: memory with swap is at least memory. */
function memorySettings(version: 1 | 2, bytes: string): Record<string, string> {
  return version === 2
    ? { 'memory.max': bytes, 'memory.swap.max': '0' }
    : { 'memory.limit_in_bytes': bytes, 'memory.memsw.limit_in_bytes': bytes };
}

/** An empty group stays busy for a moment after its last process. One that stays so is harmless, and left. */
async function remove(folder: string): Promise<void> {
  for (let pause = 1; pause < 1000; pause *= 2) {
    try {
      rmdirSync(folder);
      return;
    } catch {
      await wait(pause);
    }
  }
}

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
  const trial = join(folder, `dayshift-trial-${process.pid}`);
  try {
    mkdirSync(trial);
  } catch {
    return false;
  }
  const limit = { memory: version === 2 ? 'memory.max' : 'memory.limit_in_bytes', pids: 'pids.max' }[controller];
  const usable = existsSync(join(trial, limit));
  rmdirSync(trial);
  return usable;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // no such thing here
  }
}
