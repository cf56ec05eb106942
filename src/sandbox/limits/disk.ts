import { statfs } from 'node:fs/promises';
import { launch } from '../../base/index.ts';

/** Below so much free space, in MiB, or so small a part of all file entries, whoever writes is ended: the machine needs them. */
const reserve = { mb: 512, entries: 0.01 };
/** Files are looked through at least so often, in ms. */
const lookEveryMs = 60_000;
/** And so often where the disk is nearly full, in ms. */
const scarceLookEveryMs = 5000;
/** And when so much more of the disk is used than before, in MiB, whoever used it. */
const leastGrowthMb = 64;

/** Watches how much lies in `folders`. Its looks are cheap: it counts files only now and then, or when the disk fills. */
export function watchDisk(folders: readonly string[], limitMb: number, now: () => number = () => performance.now()) {
  let size = 0;
  let before: number | undefined;
  let counted: { at: number; used: number } | undefined;
  let began: { at: number; used: number } | undefined;

  return {
    /** Why it must end, or undefined. */
    async look(): Promise<string | undefined> {
      const space = await spaceOf(folders[0] ?? '/');
      const scarce = space.freeMb < reserve.mb || space.freeEntries < reserve.entries;
      if (began === undefined) {
        began = { at: Date.now(), used: space.usedMb };
        // Most commands are over before the next look.
        if (!scarce) return undefined;
      }
      const grown = space.usedMb - (counted?.used ?? 0);
      const age = counted === undefined ? Infinity : now() - counted.at;
      const due = age > (scarce ? scarceLookEveryMs : lookEveryMs);
      if (!due && grown < Math.max(leastGrowthMb, (limitMb - size) / 4)) return undefined;
      counted = { at: now(), used: space.usedMb };
      size = await sizeOf(folders);
      // What lay there before the start is nobody's fault now: whoever comes to tidy up must be able to.
      before ??= size - (await ownGrowth(folders, began.at, space.usedMb - began.used));
      if (size <= before + leastGrowthMb) return undefined;
      if (scarce) {
        return `the disk is nearly full, and its files have grown by ${Math.round(size - before)} MB. Free some space: \`dayshift clean\` removes old checkouts`;
      }
      if (size <= limitMb) return undefined;
      return `its files take ${Math.round(size)} MB, and \`sandbox.disk_mb\` allows ${limitMb}. Look what they are (du -sh), or raise the limit in config/dayshift.yaml`;
    },
  };
}

/** What of the growth of a disk lies in `folders`, in MiB: others write to it too. */
async function ownGrowth(folders: readonly string[], sinceMs: number, grownMb: number): Promise<number> {
  return grownMb < leastGrowthMb ? 0 : Math.min(grownMb, await freshIn(folders, sinceMs));
}

/** What changed in `folders` since then, in MiB. None where there is no `find` that can tell: what comes later counts all the same. */
async function freshIn(folders: readonly string[], sinceMs: number): Promise<number> {
  // The kernel's stamps are up to 10 ms old. Others than GNU's find know whole seconds only.
  const since = new Date(sinceMs - 10);
  const word = process.platform === 'linux' ? `@${since.getTime() / 1000}` : since.toISOString().replace(/\..*/, '');
  const test = ['-xdev', '-type', 'f', '-newerct', word];
  const out = await counted('find', [...folders, ...test, '-exec', 'du', '-sk', '--', '{}', '+']);
  let kb = 0;
  for (const [, size] of out.matchAll(/^(\d+)\t/gm)) kb += Number(size);
  return kb / 1024;
}

/** What a program says of files. They come and go meanwhile: its exit code says so, and what it counted counts. */
async function counted(file: string, args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
  return (await launch({ file, args, cwd: '/', env, timeoutMs: 120_000 })).stdout.toString('utf8');
}

async function spaceOf(folder: string): Promise<{ usedMb: number; freeMb: number; freeEntries: number }> {
  const { bsize, blocks, bfree, bavail, files, ffree } = await statfs(folder);
  const mb = (count: number) => (count * bsize) / 2 ** 20;
  // Some file systems have no fixed number of entries.
  return { usedMb: mb(blocks - bfree), freeMb: mb(bavail), freeEntries: files === 0 ? 1 : ffree / files };
}

/** In MiB, as they lie on the disk: holes take none, and what has two names is counted once. */
async function sizeOf(folders: readonly string[]): Promise<number> {
  const out = await counted('du', ['-skxc', '--', ...folders]);
  const total = /^(\d+)\s+total$/.exec(out.trimEnd().split('\n').at(-1) ?? '')?.[1];
  return Number(total ?? 0) / 1024;
}
