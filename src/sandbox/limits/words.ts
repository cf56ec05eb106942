import type { SandboxLimits } from '../types.ts';
import { limitMeans } from './means.ts';

/** The limits of a sandbox of this kind on this machine in words, and what of them is not kept as well as it could be. */
export function limitWords(
  limits: SandboxLimits,
  kind: 'bubblewrap' | 'sandbox-exec' | 'none',
): { words: string; problems: string[] } {
  const means = limitMeans();
  const inside = kind === 'bubblewrap';
  const parts: [limit: number, name: string, words: string, kept: boolean][] = [
    [limits.memoryMb, 'memory', `memory ${size(limits.memoryMb)}`, means.memory !== 'none'],
    [limits.processes, 'processes', `${limits.processes} processes`, processesBy(means.processes, inside) !== 'none'],
    [limits.openFiles, 'open files', `${limits.openFiles} open files a process`, inside],
    [limits.fileMb, 'the size of files', `files up to ${size(limits.fileMb)}`, inside],
    [limits.tmpMb, '/tmp', `/tmp ${size(limits.tmpMb)}`, inside],
    [limits.diskMb, 'disk', `disk ${size(limits.diskMb)}`, true],
  ];
  const had = parts.filter(([limit, , , kept]) => limit > 0 && kept).map(([, , words]) => words);
  const without = parts.filter(([limit, , , kept]) => limit === 0 || !kept).map(([, name]) => name);
  if (without.length > 0) had.push(`none on ${without.join(', ')}`);
  const problems: string[] = [];
  if (limits.memoryMb > 0 && means.memory === 'watched') {
    problems.push('without control groups memory is only looked at each second, and who uses too much is ended');
  }
  if (limits.memoryMb > 0 && means.memory === 'none') problems.push('memory cannot be limited on this system');
  if (limits.processes > 0 && processesBy(means.processes, inside) === 'none') {
    const why = process.getuid?.() === 0 ? 'root without control groups' : 'without control groups';
    problems.push(`${why}: the number of processes is not limited`);
  }
  return { words: had.join(', '), problems };
}

/** An rlimit on processes counts those of the user: outside of a user namespace that would be the person's own. */
function processesBy(means: 'groups' | 'rlimit' | 'none', inside: boolean): 'groups' | 'rlimit' | 'none' {
  return means === 'rlimit' && !inside ? 'none' : means;
}

function size(mb: number): string {
  return mb < 1024 ? `${mb} MB` : `${Math.round((mb / 1024) * 10) / 10} GB`;
}
