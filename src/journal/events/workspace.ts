import { z } from 'zod';

/** The workspace. */
export const workspaceEvents = {
  'workspace.checkpointed': z.object({ id: z.string(), label: z.string(), commit: z.string(), tree: z.string() }),
  'workspace.applying': z.object({ id: z.string() }),
  'workspace.applied': z.object({
    id: z.string(),
    files: z.number(),
    /** The tree of the work that was put in, as `work.measured` has it; absent in old journals. */
    tree: z.string().optional(),
  }),
  'workspace.apply_failed': z.object({ id: z.string(), why: z.string() }),
  'workspace.rolled_back': z.object({ checkpoint: z.string() }),
  'workspace.cleaned': z.object({ bytes: z.number(), forced: z.boolean() }),
} as const;
