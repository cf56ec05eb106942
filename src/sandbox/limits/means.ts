import { totalmem } from 'node:os';
import type { SandboxLimits } from '../types.ts';
import { hasGroups } from './groups.ts';

/** By what the limits on memory and processes are kept here. */
export interface LimitMeans {
  /** watched: looked at each second, and who passes it is ended. */
  memory: 'groups' | 'watched' | 'none';
  processes: 'groups' | 'rlimit' | 'none';
}

/**
 * Which means this machine has. Control groups bind everybody; an rlimit on processes does not bind root. Memory has no
 * rlimit that programs of today could live with: they reserve much more addresses than they use.
 */
export function limitMeans(): LimitMeans {
  const linux = process.platform === 'linux';
  return {
    memory: hasGroups('memory') ? 'groups' : linux ? 'watched' : 'none',
    processes: hasGroups('processes') ? 'groups' : linux && process.getuid?.() !== 0 ? 'rlimit' : 'none',
  };
}

/** The limits as the config has them. */
interface LimitSettings {
  memory_mb?: number | undefined;
  processes: number;
  open_files: number;
  file_mb: number;
  tmp_mb: number;
  disk_mb: number;
}

/** The limits that these settings ask for on this machine. */
export function limitsFrom(settings: LimitSettings): SandboxLimits {
  return {
    memoryMb: settings.memory_mb ?? defaultMemoryMb(),
    processes: settings.processes,
    openFiles: settings.open_files,
    fileMb: settings.file_mb,
    tmpMb: settings.tmp_mb,
    diskMb: settings.disk_mb,
  };
}

/** Half of the machine's memory (or of what a container may have), but at least 2 GiB: an agent with a build needs that. */
function defaultMemoryMb(): number {
  const allowed = process.constrainedMemory();
  const all = allowed > 0 ? Math.min(allowed, totalmem()) : totalmem();
  return Math.max(2048, Math.floor(all / 2 / 2 ** 20));
}

/** No limit at all. */
export const noLimits: SandboxLimits = { memoryMb: 0, processes: 0, openFiles: 0, fileMb: 0, tmpMb: 0, diskMb: 0 };
