import { join } from 'node:path';
import type { Workspace } from '../workspace/index.ts';

/** Where the agent works: the project's folder in the checkout, which is not the checkout's root where the project is a part of a repository. */
export function placeOf(workspace: Workspace): string {
  return join(workspace.paths.checkout, workspace.subdir);
}

/** Paths of the repository as the project sees them: what lies outside its folder begins with `../`. */
export function seenFromPlace<T extends { path: string }>(workspace: Workspace, entries: readonly T[]): T[] {
  const { subdir } = workspace;
  if (subdir === '') return [...entries];
  const up = '../'.repeat(subdir.split('/').length);
  return entries.map((entry) => ({
    ...entry,
    path: entry.path.startsWith(`${subdir}/`) ? entry.path.slice(subdir.length + 1) : `${up}${entry.path}`,
  }));
}
