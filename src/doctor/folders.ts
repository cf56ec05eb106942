import { existsSync } from 'node:fs';
import { access, constants, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { messageOf } from '../base/index.ts';
import { sweepTrials, trialFolder } from './trial.ts';
import type { Check, Finding } from './types.ts';

/** What the kernel takes as the path of a unix socket, in bytes. */
const socketPathBytes = process.platform === 'linux' ? 107 : 103;
/** What the names of sockets in `.dayshift/` need. */
const socketName = '/doors/0123456789.sock';
/** As much as takes a block of any disk. */
const TRIAL_TEXT = ' '.repeat(8192);
const scarceBytes = 2e9;

export const homeFile: Check = ({ home, config, problem }) => {
  if (home === undefined) {
    const remedy =
      'Go to your home, name it with --home, or make one with `dayshift init`. Only the machine was tested.';
    return { name: 'home', ok: 'warn', found: problem?.message ?? 'none here', remedy };
  }
  if (config !== undefined) return { name: 'home', ok: 'ok', found: home.home };
  return {
    name: 'home',
    ok: 'fail',
    found: problem?.message ?? `${home.configFile} could not be read`,
    remedy: problem?.hint ?? `Correct ${home.configFile}.`,
  };
};

export const folders: Check = async ({ home }) => {
  if (home === undefined) return [];
  const places = [home.own, home.tasks, home.results, home.feedback, home.workspaces, home.questions];
  const refused: Refusal[] = [];
  for (const place of places) {
    const why = await refusal(place);
    if (why !== undefined) refused.push(why);
  }
  return judgeFolders(refused, home.home);
};

interface Refusal {
  place: string;
  why: string;
  /** What the system says: `EACCES`. */
  code?: string | undefined;
  /** It belongs to this user. */
  mine: boolean;
}

export function judgeFolders(refused: readonly Refusal[], home: string): Finding {
  const [first] = refused;
  if (first === undefined) return { name: 'folders', ok: 'ok', found: 'all of the home can be written' };
  const found = `cannot be written: ${refused.map(({ place, why }) => `${place} (${why})`).join(', ')}`;
  return { name: 'folders', ok: 'fail', found, remedy: remedyFor(first, home) };
}

function remedyFor({ code, mine }: Refusal, home: string): string {
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'The disk is full: free some space there, `dayshift clean` does.';
  if (code === 'EROFS') return 'It is mounted read-only: mount it writable, or put the home elsewhere.';
  if (mine) return `It is yours, and nobody may write there: chmod -R u+rwX ${home}`;
  return `Give this user the right to write there: chown -R "$(id -un)" ${home}`;
}

/** Really writes: permissions alone do not tell of a read-only or full disk. */
async function refusal(folder: string): Promise<Refusal | undefined> {
  const place = nearest(folder);
  let trial: string | undefined;
  try {
    await access(place, constants.R_OK | constants.W_OK | constants.X_OK);
    if (place === folder) await sweepTrials(place, Date.now());
    trial = await trialFolder(place);
    // A full disk may still take a folder.
    await writeFile(join(trial, 'now'), TRIAL_TEXT);
    return undefined;
  } catch (error) {
    const owner = await stat(place).catch(() => undefined);
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    return { place: folder, why: messageOf(error), code, mine: owner?.uid === process.getuid?.() };
  } finally {
    if (trial !== undefined) await rm(trial, { recursive: true, force: true });
  }
}

export const socket: Check = async ({ home }) => {
  if (home === undefined) return [];
  const bytes = Buffer.byteLength(home.own) + socketName.length;
  if (bytes > socketPathBytes) {
    const found = `the home’s path is ${bytes - socketPathBytes} bytes too long for sockets: they go into the temporary folder`;
    const remedy = `Works. Should the temporary folder be cleaned while a day runs, commands cannot reach it: a shorter path avoids that. A socket’s path holds ${socketPathBytes} bytes.`;
    return { name: 'sockets', ok: 'warn', found, remedy };
  }
  return listens(home.own);
};

async function listens(own: string): Promise<Finding | Finding[]> {
  const place = nearest(own);
  const server = createServer();
  let folder: string;
  try {
    folder = await trialFolder(place);
  } catch {
    return []; // Nothing can be written there: `folders` says so, and what to do.
  }
  try {
    const path = join(folder, 's');
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
    return { name: 'sockets', ok: 'ok', found: `can be opened in ${own}` };
  } catch (error) {
    const remedy = 'Some network and shared drives have no sockets: put the home on a local disk.';
    return { name: 'sockets', ok: 'fail', found: `none can be opened in ${own}: ${messageOf(error)}`, remedy };
  } finally {
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  }
}

export const disk: Check = async ({ home }) => {
  const place = home?.home ?? homedir();
  const { bavail, bsize } = await statfs(place);
  return judgeDisk(bavail * bsize, place);
};

export function judgeDisk(free: number, place: string): Finding {
  const found = `${(free / 1e9).toFixed(1)} GB free at ${place}`;
  if (free >= scarceBytes) return { name: 'disk', ok: 'ok', found };
  const remedy =
    'Free some: `dayshift clean` removes old workspaces. A day writes a checkout per task, logs and patches.';
  return { name: 'disk', ok: free < scarceBytes / 20 ? 'fail' : 'warn', found, remedy };
}

/** The folder itself, or the next one above it that is there. */
function nearest(folder: string): string {
  return existsSync(folder) ? folder : nearest(dirname(folder));
}
