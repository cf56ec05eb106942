import { chmod, lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hasCode } from '../base/index.ts';
import { workspacePaths } from './paths.ts';
import { findRepository } from './repository.ts';
import { readNotes } from './store.ts';
import type { FoundWorkspace, Project, WorkspaceHome, WorkspacePaths } from './types.ts';
import { removeEntries, removeEntry, strayEntries } from './worktree.ts';

/**
 * Removes a workspace: its folder, its entry in the project's git directory, its store. Harmless the second time,
 * and after a crash in the middle. The project may be gone. Returns the disk space that it took.
 */
export async function removeWorkspace(project: Project, paths: WorkspacePaths): Promise<{ bytes: number }> {
  const bytes = (await sizeOf(paths.root)) + (await sizeOf(paths.store));
  const repository = await findRepository(project.path).catch(() => undefined);
  await removeRemains(repository?.commonDir, paths);
  await removeEmpty(dirname(paths.root));
  await removeEmpty(dirname(paths.store));
  return { bytes };
}

/** Whatever is there of a workspace, whole or half-made. The store goes last: its notes name the entry. */
export async function removeRemains(commonDir: string | undefined, paths: WorkspacePaths): Promise<void> {
  const notes = readNotes(paths.store);
  await removeTree(paths.root);
  if (commonDir !== undefined) await removeEntries(commonDir, paths);
  if (notes?.entry !== undefined) await removeEntry(notes.entry, notes.checkout);
  await removeTree(paths.store);
}

/** Removes entries of ours in the project's git directory whose folder under `workspaces` is gone. Returns how many. */
export async function removeLeftovers(project: Project, home: WorkspaceHome): Promise<number> {
  const repository = await findRepository(project.path).catch(() => undefined);
  if (repository === undefined) return 0;
  const stray = await strayEntries(repository.commonDir, home.workspaces);
  for (const { entry, checkout } of stray) await removeEntry(entry, checkout);
  return stray.length;
}

/** What lies in `agent_workspaces/`, and stores whose folder is gone; by date and task. */
export async function listWorkspaces(home: WorkspaceHome): Promise<FoundWorkspace[]> {
  const found = new Map<string, { date: string; task: string }>();
  for (const folder of [home.workspaces, home.stores]) {
    for (const date of await foldersIn(folder)) {
      if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) continue;
      for (const task of await foldersIn(join(folder, date))) found.set(`${date}/${task}`, { date, task });
    }
  }
  const list: FoundWorkspace[] = [];
  for (const [, { date, task }] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const paths = workspacePaths(home, date, task);
    list.push({ date, task, paths, bytes: (await sizeOf(paths.root)) + (await sizeOf(paths.store)) });
  }
  return list;
}

/** Disk space under `path` in bytes, as `du` counts it (a file with several names counts once); 0 where nothing is there. */
export async function sizeOf(path: string): Promise<number> {
  const seen = new Set<string>();
  const sizeAt = async (at: Buffer): Promise<number> => {
    const stat = await lstat(at).catch(() => undefined);
    if (stat === undefined) return 0;
    if (stat.nlink > 1 && !stat.isDirectory()) {
      const key = `${stat.dev}:${stat.ino}`;
      if (seen.has(key)) return 0;
      seen.add(key);
    }
    const own = stat.blocks * 512;
    if (!stat.isDirectory()) return own;
    const names = await readdir(at, { encoding: 'buffer' }).catch(() => []);
    let sum = own;
    for (let index = 0; index < names.length; index += 64) {
      const part = names.slice(index, index + 64);
      const sizes = await Promise.all(part.map((name) => sizeAt(Buffer.concat([at, Buffer.from('/'), name]))));
      for (const size of sizes) sum += size;
    }
    return sum;
  };
  return sizeAt(Buffer.from(path));
}

/** Removes a tree, read-only folders in it too. Never follows a symbolic link. */
async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    if (!['EACCES', 'EPERM', 'ENOTEMPTY'].some((code) => hasCode(error, code))) throw error;
    await makeWritable(Buffer.from(path));
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Gives the owner all rights on every folder, so that what is in it can be removed. */
export async function makeWritable(folder: Buffer): Promise<void> {
  const stat = await lstat(folder).catch(() => undefined);
  if (stat?.isDirectory() !== true) return;
  await chmod(folder, (stat.mode & 0o777) | 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true, encoding: 'buffer' })) {
    if (entry.isDirectory()) await makeWritable(Buffer.concat([folder, Buffer.from('/'), entry.name]));
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

async function removeEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch((error: unknown) => {
    if (!['ENOTEMPTY', 'ENOENT', 'EEXIST', 'ENOTDIR'].some((code) => hasCode(error, code))) throw error;
  });
}
