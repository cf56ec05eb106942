import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { homePaths, initHome } from '../home/index.ts';
import { openHome } from './open.ts';

function mountDisk(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'none', folder], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'dayshift-reserve-'));
  const may = mountDisk(folder);
  if (may) execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true });
  return may;
}

const may = mayMount();

test.skipIf(!may)(
  `on a full disk all is refused with its reason, and clean still has room${may ? '' : ' (SKIPPED: no right to mount a tmpfs)'}`,
  async () => {
    const disk = mkdtempSync(join(tmpdir(), 'dayshift-reserve-'));
    mountDisk(disk);
    onTestFinished(() => {
      execFileSync('umount', ['-l', disk]);
      rmSync(disk, { recursive: true });
    });
    const paths = homePaths(join(disk, 'home'));
    await initHome(paths.home);
    const open = (makesRoom: boolean) =>
      openHome({ home: paths.home, env: {}, cwd: disk, mode: 'command', onWarning: () => undefined, makesRoom });
    await (await open(false)).close();
    expect(statSync(paths.reserve).size).toBe(128 * 1024);
    expect(() => writeFileSync(join(disk, 'fill'), Buffer.alloc(60 * 1024 * 1024))).toThrow(/ENOSPC/);
    await expect(open(false)).rejects.toThrow(/cannot be written: ENOSPC/);
    const cleaning = await open(true);
    const events = Array.from({ length: 50 }, () =>
      cleaning.journal.append({ type: 'day.warned', day: '2026-11-23', data: { message: 'x'.repeat(500) } }),
    );
    await Promise.all(events);
    rmSync(join(disk, 'fill'));
    await cleaning.close();
    expect(existsSync(paths.reserve)).toBe(false);
    await (await open(false)).close();
    expect(statSync(paths.reserve).size).toBe(128 * 1024);
  },
);
