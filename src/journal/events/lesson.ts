import { z } from 'zod';

/** What a lesson does, the most certain first. */
const doesSchema = z.discriminatedUnion('kind', [
  /** A rule of the guard, as a task file has it; read again by the guard. */
  z.object({ kind: z.literal('guard'), rule: z.record(z.string(), z.unknown()) }),
  /** A command that must pass before a task is done. */
  z.object({ kind: z.literal('check'), command: z.string() }),
  /** Files that the agent is told to read first. */
  z.object({ kind: z.literal('context'), files: z.array(z.string()) }),
  /** What the person is asked before a task starts. */
  z.object({ kind: z.literal('question'), ask: z.string() }),
  /** By how much estimates of money and time are too low: 2 doubles them. */
  z.object({ kind: z.literal('estimate'), factor: z.number() }),
  /** A line in the agent's instructions: the person's own words. */
  z.object({ kind: z.literal('instruction') }),
]);

/** Which tasks it is about: all that is named must fit; of a list, one. Nothing named: every task. */
const scopeSchema = z.object({
  project: z.string().optional(),
  module: z.string().optional(),
  /** Tags of a task, or words of its name. */
  tags: z.array(z.string()).optional(),
  /** Patterns of paths that its deliverables or context files name. */
  paths: z.array(z.string()).optional(),
});

/** Where it comes from. */
const sourceSchema = z.object({
  file: z.string(),
  line: z.number(),
  date: z.string(),
  task: z.string().optional(),
  person: z.string().optional(),
  rating: z.number().optional(),
});

const statusSchema = z.enum(['candidate', 'trial', 'active', 'retired']);

const lessonSchema = z.object({
  id: z.string(),
  /** At most 200 characters, the person's own. */
  text: z.string(),
  does: doesSchema,
  scope: scopeSchema,
  from: sourceSchema,
  status: statusSchema,
  /** Dates. */
  created: z.string(),
  expires: z.string().optional(),
  /** The lesson that it takes the place of. */
  supersedes: z.string().optional(),
});

/** What is learned from feedback. The evidence is these events and those of the feedback; lessons are folded from them. */
export const lessonEvents = {
  'lesson.proposed': z.object({ lesson: lessonSchema }),
  /** The same was said again. */
  'lesson.supported': z.object({ id: z.string(), from: sourceSchema }),
  /** A person changed what it says or does. */
  'lesson.changed': z.object({
    id: z.string(),
    text: z.string().optional(),
    does: doesSchema.optional(),
    scope: scopeSchema.optional(),
    /** Empty for no date, and for none that it takes the place of. */
    expires: z.string().optional(),
    supersedes: z.string().optional(),
    created: z.string().optional(),
  }),
  'lesson.moved': z.object({ id: z.string(), to: statusSchema, why: z.string() }),
  /** What a task was given, decided once, before its agent began. `held`: kept from it, to see what it is like without. */
  'lesson.applied': z.object({
    lessons: z.array(
      z.object({ id: z.string(), text: z.string(), does: doesSchema, status: statusSchema, held: z.boolean() }),
    ),
  }),
  /** What a rated task says of a lesson that it had, or was kept from. A later one for the same task takes its place. */
  'lesson.judged': z.object({
    id: z.string(),
    effect: z.enum(['helpful', 'harmful', 'neutral']),
    good: z.boolean(),
    rating: z.number(),
    why: z.string(),
    /** The person named it. */
    named: z.boolean().optional(),
  }),
  /** Files that a task was given beside those that its file names, with the reason, before its agent began. */
  'context.attached': z.object({ files: z.array(z.object({ path: z.string(), why: z.string() })) }),
  /** `config/lessons.yaml` as it was read or written last: what stands for each entry. */
  'lesson.filed': z.object({ entries: z.record(z.string(), z.string()) }),
} as const;
