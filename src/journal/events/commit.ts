import { z } from 'zod';

/** What Dayshift writes into a person's repository, each on their explicit word. */
export const commitEvents = {
  /** A commit is written and nothing refers to it yet: the branch is moved to it next. */
  'commit.intended': z.object({
    id: z.string(),
    /** commit: onto the branch that is checked out · branch: onto one of its own. */
    to: z.enum(['commit', 'branch']),
    branch: z.string(),
    commit: z.string(),
    /** The commit that the branch was at; empty for a new branch. */
    from: z.string(),
    /** The tree of the task's work that it holds, as `work.measured` has it. */
    tree: z.string(),
  }),
  'commit.made': z.object({
    id: z.string(),
    to: z.enum(['commit', 'branch']),
    branch: z.string(),
    commit: z.string(),
    tree: z.string(),
  }),
  /** Nothing was changed. */
  'commit.failed': z.object({ id: z.string(), why: z.string() }),
  /** The branch is pushed next, and the request opened. */
  'pull_request.intended': z.object({ id: z.string(), branch: z.string() }),
  'pull_request.opened': z.object({ id: z.string(), branch: z.string(), url: z.string() }),
  'pull_request.failed': z.object({ id: z.string(), why: z.string() }),
} as const;
