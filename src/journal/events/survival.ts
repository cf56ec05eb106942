import { z } from 'zod';

/** What became of work that was taken over. */
export const survivalEvents = {
  /** How many of its added lines still stand, as it was seen anew or otherwise than before. The figure: `standingOf` in workspace/survival.ts. */
  'work.survived': z.object({
    /** The work, as `work.measured` has it. */
    tree: z.string(),
    added: z.number(),
    standing: z.number(),
    /** Of these, the ones that are committed: in HEAD, or in the branch. */
    committed: z.number(),
    /** checkout: the person's files as they are · branch: the tip of the branch that was made of it. */
    where: z.enum(['checkout', 'branch']),
    /** Files that lost lines, at most fifty. */
    files: z.array(z.object({ path: z.string(), added: z.number(), standing: z.number() })),
  }),
} as const;
