import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism, freemem, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../base/index.ts';
import { sweepTrials, trialFolder } from './trial.ts';
import type { Check, Finding } from './types.ts';

/** What one idle agent weighs (245 MB measured), with room for what it starts. */
const agentMb = 500;

export const root: Check = (): Finding => {
  if (process.getuid?.() !== 0) return { name: 'user', ok: 'ok', found: 'an ordinary user' };
  return {
    name: 'user',
    ok: 'warn',
    found: 'root',
    remedy:
      'It works, but files of the work belong to root, and a hole in the sandbox would be one to the whole machine: better use an ordinary user.',
  };
};

export const network: Check = async (): Promise<Finding> => {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
    return { name: 'loopback', ok: 'ok', found: 'ports on 127.0.0.1 can be opened' };
  } catch (error) {
    const found = `no port on 127.0.0.1 can be opened: ${messageOf(error)}`;
    return { name: 'loopback', ok: 'fail', found, remedy: 'Bring the loopback interface up: ip link set lo up.' };
  } finally {
    server.close();
  }
};

/** Two clocks that must agree: the process's and that of the file system, which may be another machine's. */
export const clock: Check = async ({ home }) => {
  const place = home?.home ?? tmpdir();
  await sweepTrials(place, Date.now());
  // That the home cannot be written, `folders` says.
  const folder = await trialFolder(place).catch(() => trialFolder(tmpdir()));
  try {
    const file = join(folder, 'now');
    await writeFile(file, '');
    return judgeClock(Date.now(), (await stat(file)).mtimeMs);
  } finally {
    await rm(folder, { recursive: true });
  }
};

export function judgeClock(now: number, fileTime: number): Finding {
  const year = new Date(now).getUTCFullYear();
  const remedy = 'Set the clock, and let it be kept right: timedatectl set-ntp true.';
  if (year < 2025 || year > 2100) return { name: 'clock', ok: 'fail', found: `the year is ${year}`, remedy };
  const skew = Math.round(Math.abs(now - fileTime) / 1000);
  if (skew > 5) {
    const found = `a file written now is ${skew} s off`;
    return { name: 'clock', ok: 'warn', found, remedy: `${remedy} On a network drive the server’s clock counts too.` };
  }
  return { name: 'clock', ok: 'ok', found: new Date(now).toISOString() };
}

export const timezone: Check = ({ config }) => {
  const zone = config?.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  try {
    const time = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'short' }).format(new Date());
    return { name: 'time zone', ok: 'ok', found: `${zone}, it is ${time} there` };
  } catch {
    const remedy = 'Set `timezone` in config/dayshift.yaml to a name such as Europe/Berlin.';
    return { name: 'time zone', ok: 'fail', found: `${zone} is no time zone that this system knows`, remedy };
  }
};

export const memory: Check = async ({ config }) => {
  const available = (await availableMemory()) / 2 ** 20;
  const agents = config?.concurrency ?? 3;
  const found = `${gib(available)} of ${gib(totalmem() / 2 ** 20)} free, ${availableParallelism()} CPUs, for up to ${agents} agents`;
  if (available >= agents * agentMb) return { name: 'memory', ok: 'ok', found };
  const remedy = `An agent takes about ${agentMb} MB with its tools: set \`concurrency: ${Math.max(1, Math.floor(available / agentMb))}\` or free memory.`;
  return { name: 'memory', ok: 'warn', found, remedy };
};

/** Programs that agents start (dev servers, test runners) watch files; with a low limit they fail with ENOSPC. */
export const watches: Check = async () => {
  const [most, instances] = await Promise.all([setting('max_user_watches'), setting('max_user_instances')]);
  if (most === undefined || instances === undefined) return [];
  const found = `up to ${most} files, by ${instances} programs`;
  if (most >= 65_536 && instances >= 128) return { name: 'file watches', ok: 'ok', found };
  const remedy =
    'Raise it for test runners and dev servers: sysctl -w fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512.';
  return { name: 'file watches', ok: 'warn', found, remedy };
};

async function setting(name: string): Promise<number | undefined> {
  const text = await textOf(`/proc/sys/fs/inotify/${name}`);
  return text === undefined ? undefined : Number(text);
}

/** In bytes. What Linux calls free leaves out what it would give back at once. */
async function availableMemory(): Promise<number> {
  const kib = /^MemAvailable:\s+(\d+) kB$/m.exec((await textOf('/proc/meminfo')) ?? '')?.[1];
  return kib === undefined ? freemem() : Number(kib) * 1024;
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined; // another system than Linux
  }
}

function gib(mb: number): string {
  return `${(mb / 1024).toFixed(1)} GiB`;
}
