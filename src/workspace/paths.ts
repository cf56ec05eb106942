import { createHash } from 'node:crypto';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { WorkspaceHome, WorkspacePaths } from './types.ts';

/** Where the things of a task lie; makes nothing. */
export function workspacePaths(home: WorkspaceHome, date: string, taskId: string): WorkspacePaths {
  const root = join(home.workspaces, date, taskId);
  return {
    root,
    checkout: join(root, 'checkout'),
    out: join(root, 'out'),
    cli: join(root, 'cli'),
    store: join(home.stores, date, taskId),
  };
}

/**
 * How the names of the worktree's entries in the project's git directory begin. It follows from the checkout's path
 * alone, so that what a crash left behind is found again, and two tasks of the same name never share one. Each entry
 * adds letters of its own: a git that outlived its killed parent then tidies up its own entry, not the next one.
 */
export function entryPrefix(paths: WorkspacePaths): string {
  const date = basename(dirname(paths.root));
  const readable = `${date}-${basename(paths.root)}`.replace(/[^A-Za-z0-9-]+/g, '-').slice(0, 60);
  const hash = createHash('sha256').update(paths.checkout).digest('hex').slice(0, 10);
  return `dayshift-${readable}-${hash}-`;
}

/** The home's own folders that never belong into a copy of a project which contains the home. */
export function homeFolders(paths: WorkspacePaths): string[] {
  const workspaces = dirname(dirname(paths.root));
  const home = dirname(workspaces);
  const own = dirname(dirname(dirname(paths.store)));
  return [workspaces, own, join(home, 'results'), join(home, 'agent_questions')];
}

/** True where `path` is `folder` or lies in it. Both absolute; looks at names only. */
export function isInside(folder: string, path: string): boolean {
  const rest = relative(folder, path);
  return rest === '' || (rest !== '..' && !rest.startsWith(`..${sep}`));
}
