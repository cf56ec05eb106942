import { readFileSync } from 'node:fs';
import { hasCode } from '../base/index.ts';

/** Which boot of the machine this is; empty where the system does not say. */
export async function bootId(): Promise<string> {
  if (process.platform !== 'linux') return ask('sysctl', ['-n', 'kern.bootsessionuuid']);
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return ''; // a /proc that hides it: the start time has to do
  }
}

/**
 * When a process started, in whatever unit the system has: with the pid it names one process of this boot,
 * also after the pid was given to another. Undefined where there is no such process, or only its remains (a
 * zombie holds nothing).
 */
export async function startTimeOf(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') {
    const [state = '', ...started] = (await ask('ps', ['-o', 'stat=,lstart=', '-p', String(pid)])).split(/\s+/);
    return state === '' || state.startsWith('Z') ? undefined : started.join(' ');
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name of the program stands in parentheses and may hold anything; state is field 3, start time field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ESRCH')) return undefined;
    throw error;
  }
}

async function ask(program: string, args: string[]): Promise<string> {
  const { execa } = await import('execa');
  const { stdout } = await execa(program, args, { reject: false, env: { LC_ALL: 'C', TZ: 'UTC' } });
  return stdout.trim();
}
