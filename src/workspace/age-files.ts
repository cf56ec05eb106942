import { launch } from '../base/index.ts';
import { ownNiceness } from './git.ts';

/**
 * Dates the files of a new checkout two seconds back. A file as young as the index that lists it is "racily clean":
 * a git without nanoseconds cannot tell whether it was changed after it was listed, and reads it whole each time it
 * is asked for changes, ours at each checkpoint and the agent's at each `git status` (git's own
 * Documentation/technical/racy-git.txt). A young file costs time and nothing else, so a failure here is none.
 */
export async function ageFiles(folder: string, now: Date = new Date()): Promise<void> {
  const [date = '', time = ''] = new Date(now.getTime() - 2000).toISOString().split(/[T.]/);
  const [hours, minutes, seconds] = time.split(':');
  const stamp = `${date.replaceAll('-', '')}${hours}${minutes}.${seconds}`;
  const args = ['.', '-type', 'f', '-exec', 'touch', '-h', '-t', stamp, '{}', '+'];
  const env = { PATH: process.env.PATH ?? '/usr/bin:/bin', TZ: 'UTC0' };
  await launch({ file: 'find', args, cwd: folder, env, timeoutMs: 600_000, niceness: ownNiceness() });
}
