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
  let began: number | undefined;

  return {
    /** Why it must end, or undefined. */
    async look(): Promise<string | undefined> {
      const space = await spaceOf(folders[0] ?? '/');
      const scarce = space.freeMb < reserve.mb || space.freeEntries < reserve.entries;
      if (began === undefined) {
        began = space.usedMb;
        // Most commands are over before the next look.
        if (!scarce) return undefined;
      }
      const grown = space.usedMb - (counted?.used ?? 0);
      const age = counted === undefined ? Infinity : now() - counted.at;
      const due = age > (scarce ? scarceLookEveryMs : lookEveryMs);
      if (!due && grown < Math.max(leastGrowthMb, (limitMb - size) / 4)) return undefined;
      counted = { at: now(), used: space.usedMb };
      size = await sizeOf(folders);
      // What lay there before the start is nobody's fault now: whoever comes to tidy up must be able to. Of what came since the
      // first look all counts as its own.
      before ??= size - Math.max(0, space.usedMb - began);
      if (size <= before + leastGrowthMb) return undefined;
      if (scarce) {
        return `the disk is nearly full, and its files have grown by ${Math.round(size - before)} MB. Free some space: \`dayshift clean\` removes old checkouts`;
      }
      if (size <= limitMb) return undefined;
      return `its files take ${Math.round(size)} MB, and \`sandbox.disk_mb\` allows ${limitMb}. Look what they are (du -sh), or raise the limit in config/dayshift.yaml`;
    },
  };
}

async function spaceOf(folder: string): Promise<{ usedMb: number; freeMb: number; freeEntries: number }> {
  const { bsize, blocks, bfree, bavail, files, ffree } = await statfs(folder);
  const mb = (count: number) => (count * bsize) / 2 ** 20;
  // Some file systems have no fixed number of entries.
  return { usedMb: mb(blocks - bfree), freeMb: mb(bavail), freeEntries: files === 0 ? 1 : ffree / files };
}

/** In MiB, as they lie on the disk: holes take none, and what has two names is counted once. */
async function sizeOf(folders: readonly string[]): Promise<number> {
  // Files come and go meanwhile: its exit code says so, and what it counted counts.
  const env = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' };
  const args = ['-skxc', '--', ...folders];
  const { stdout } = await launch({ file: 'du', args, cwd: '/', env, timeoutMs: 120_000 });
  const last = stdout.toString('utf8').trimEnd().split('\n').at(-1) ?? '';
  const total = /^(\d+)\s+total$/.exec(last)?.[1];
  return Number(total ?? 0) / 1024;
}
