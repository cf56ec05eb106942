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

/** The part of a home that workspaces need; `HomePaths` fits. */
export interface WorkspaceHome {
  /** `agent_workspaces/` */
  workspaces: string;
  /** `.dayshift/stores/` */
  stores: string;
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
  /** worktree: a linked git worktree of the project · copy: a copy of the project's files, without any git inside. */
  kind: 'worktree' | 'copy';
  /** Commit that the work starts from (in the project for a worktree, in the store for a copy). */
  base: string;
  /** Absolute path of the project's common git directory (for the sandbox: read-only); undefined for a copy. */
  gitDir?: string;
  /** The project's folder inside the checkout, `''` where the project is the whole repository. Agents work in `checkout/subdir`. */
  subdir: string;
  /** What a person should know before the agent starts: empty submodules, LFS pointers, missing `copy:` files. */
  warnings: string[];
}

export interface Checkpoint {
  /** `c0` (the start), `c1`, … */
  id: string;
  label: string;
  commit: string;
  tree: string;
  /** What could not be taken along, one sentence each. */
  warnings: string[];
}

export interface Measured {
  stat: DiffStat;
  /** Every changed path with git's status letter; a rename as both of its names. */
  changed: { status: string; path: string }[];
  /** The patch against the start, binary files included (`git diff --binary`). Always valid UTF-8: a file in another encoding is in it as a binary. */
  patch: string;
  tree: string;
  warnings: string[];
}

/** What `applyPatch` did. */
export interface Applied {
  /** Files that the patch changed now. */
  files: number;
  /** True where nothing was left to do: the project holds the patch's result already. */
  already?: true;
}

/** What the sandbox must show of this workspace and of the project. All paths absolute. */
export interface SandboxView {
  /** Where commands start: the project's folder inside the checkout. */
  cwd: string;
  writable: string[];
  /** Read-only at their own path, over `writable`: the `.git` file, the project's git directory, `.claude` folders. Missing ones are to be left out. */
  readable: string[];
  /** Cleaned copies of git config files, to be placed over the originals (after `readable`). */
  placed: { from: string; to: string }[];
  /** Files that are to read as empty: `.env` files that `copy:` did not ask for, credentials in the git directory. */
  hidden: string[];
}

/** A workspace as it lies on the disk. */
export interface FoundWorkspace {
  date: string;
  task: string;
  paths: WorkspacePaths;
  /** Disk space of the folder and its store, in bytes. */
  bytes: number;
}
