import type { DiffStat } from '../journal/index.ts';

/** A project as the config names it, with its path made absolute and real. */
export interface Project {
  name: string;
  path: string;
  /** Branch, tag or commit that work starts from; the current HEAD if absent. */
  base?: string;
  /** Paths that git ignores and the work needs, relative to the project. */
  copy: string[];
}

/** Where a task's things lie. All absolute. */
export interface WorkspacePaths {
  /** `agent_workspaces/<date>/<task>` */
  root: string;
  checkout: string;
  out: string;
  cli: string;
  /** The object store of checkpoints, a bare git directory under `.dayshift/`. */
  store: string;
}

export interface Workspace {
  paths: WorkspacePaths;
  kind: 'worktree' | 'copy';
  /** Commit that the work starts from (in the project for a worktree, in the store for a copy). */
  base: string;
  /** Absolute path of the project's git directory (for the sandbox: read-only); undefined for a copy. */
  gitDir?: string;
  warnings: string[];
}

export interface Checkpoint {
  /** `c0` (the start), `c1`, … */
  id: string;
  label: string;
  commit: string;
  tree: string;
}

export interface Measured {
  stat: DiffStat;
  /** The patch against the start, binary files included (`git diff --binary`). */
  patch: string;
  tree: string;
}
