import { z } from 'zod';

/** What one task asks for, after defaults of day, project and config were merged in. Recorded in the journal, so that a day can be replayed without its file. */
const onQuestionSchema = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('wait') }).describe('the agent keeps waiting, and keeps its slot'),
  z.object({ mode: z.literal('park') }).describe('the agent is parked, other tasks go on'),
  z
    .object({ mode: z.literal('default'), afterMinutes: z.number().positive() })
    .describe('the stated default (the first option) is taken after so many minutes'),
]);

export const complexitySchema = z.enum(['low', 'medium', 'high']);
const prioritySchema = z.enum(['urgent', 'high', 'normal', 'low']);

const taskSpecSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  module: z.string().optional(),
  complexity: complexitySchema,
  priority: prioritySchema,
  /** Name of a project in the config, or `home` for the repository that contains the home. */
  project: z.string(),
  needs: z.array(z.string()),
  contextFiles: z.array(z.string()),
  deliverables: z.array(z.string()),
  checks: z.array(z.string()),
  setup: z.array(z.string()),
  maxCostUsd: z.number().optional(),
  maxTurns: z.number().optional(),
  /** Working time allowed over all attempts, parked time not counted. */
  timeoutMinutes: z.number(),
  model: z.string().optional(),
  onQuestion: onQuestionSchema,
  /** How often failed checks, a hung or a crashed agent may be tried again. */
  retries: z.number(),
  egress: z.array(z.string()),
  /** Rules of the guard that are stricter than the home's: those of the project, then those of the task. Read again by the guard. */
  guard: z.array(z.record(z.string(), z.unknown())).optional(),
  /** Values as written in the file; `$NAME` is taken from the daemon's environment at the start of an attempt and never recorded. */
  env: z.record(z.string(), z.string()),
  tags: z.array(z.string()),
  agent: z.string(),
  estimate: z.object({ hours: z.number(), usd: z.number().optional() }),
  /** How it came into the day's plan; absent where it stands in the day's task file. */
  origin: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('recurring') }),
      z.object({ kind: z.literal('backlog') }),
      z.object({ kind: z.literal('carried'), day: z.string(), task: z.string() }),
    ])
    .optional(),
  /** Tasks of earlier days whose work its checkout starts with, in this order. */
  startsFrom: z.array(z.object({ day: z.string(), task: z.string() })).optional(),
});

export const planSchema = z.object({
  date: z.string(),
  /** The task file as given, relative to the home where it lies inside. */
  file: z.string(),
  timezone: z.string(),
  concurrency: z.number(),
  maxCostUsd: z.number(),
  /** Percent of the budget at which the person is told. */
  alertPercent: z.number(),
  tasks: z.array(taskSpecSchema),
});

export type OnQuestion = z.infer<typeof onQuestionSchema>;
export type Complexity = z.infer<typeof complexitySchema>;
export type Priority = z.infer<typeof prioritySchema>;
export type TaskSpec = z.infer<typeof taskSpecSchema>;
export type Plan = z.infer<typeof planSchema>;
