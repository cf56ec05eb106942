import { z } from 'zod';
import { presets, readEntry, WEB_SEARCH } from '../egress/index.ts';
import { stricterGuardSchema } from '../guard/rules-file.ts';
import { isDate, isTimezone } from './dates.ts';
import { MAX_MINUTES, minutesOf, onQuestionOf } from './units.ts';

/**
 * A task file as people write it: snake case, strict, a description on every field (it feeds the docs and the
 * errors). Messages that begin with "expected" get what was found behind them.
 */

const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/** Some text that a terminal, a shell and a file can take. */
const text = z
  .string()
  .trim()
  .min(1)
  .refine((value) => !unprintable.test(value), 'a control character stands in this text')
  .refine((value) => value.isWellFormed(), 'half a character stands in this text');
const line = text.refine((value) => !value.includes('\n'), 'this text must be one line');

const texts = (about: string) => z.array(text).describe(about);
const lines = (about: string) => z.array(line).describe(about);

/** One entry of an `egress` list. */
export const egressEntry = line.superRefine((value, context) => {
  const entry = readEntry(value);
  if (entry.kind === 'wrong')
    context.addIssue({ code: 'custom', message: entry.why, params: { words: [...presets, WEB_SEARCH] } });
});

const money = (about: string) => z.number().positive().describe(`${about}, in US dollars`);

const minutes = z
  .unknown()
  .transform((value, context): number => {
    const found = minutesOf(value);
    if (found !== undefined) return found;
    context.addIssue({
      code: 'custom',
      message: `expected minutes up to ${MAX_MINUTES}, such as 90, 90m or 2h`,
    });
    return z.NEVER;
  })
  .describe('working time over all attempts, parked time not counted: minutes, or 90m, 2h');

const onQuestion = z
  .unknown()
  .transform((value, context) => {
    const found = onQuestionOf(value);
    if (found !== undefined) return found;
    context.addIssue({
      code: 'custom',
      message: 'expected wait, park, "default 10m" or {default_after: 10m}',
      params: { words: ['wait', 'park', 'default 10m'] },
    });
    return z.NEVER;
  })
  .describe('when it asks: wait (keep the slot), park (others go on), or the first option after a time');

const priority = z
  .enum(['urgent', 'high', 'normal', 'medium', 'low'])
  .transform((value) => (value === 'medium' ? 'normal' : value));

/** Names of the environment that decide who pays and where model calls go: Dayshift's own. */
export const reservedEnv = new Set([
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'ANTHROPIC_BASE_URL',
  'ANTHROPIC_UNIX_SOCKET',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'CLAUDE_CONFIG_DIR',
]);

const envName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'not a name of the environment: letters, digits and _ only')
  .refine((name) => !reservedEnv.has(name), 'this name is Dayshift’s own: agents get no key and no other address');
const envValue = z.string().refine((value) => !value.includes('\u0000') && value.isWellFormed(), 'not a valid value');

/** The IANA name of a time zone. */
export const timezone = line.superRefine((value, context) => {
  if (isTimezone(value)) return;
  context.addIssue({
    code: 'custom',
    message: 'expected a time zone such as Europe/Berlin',
    params: { words: Intl.supportedValuesOf('timeZone') },
  });
});

const date = z.string().superRefine((value, context) => {
  if (isDate(value)) return;
  const shaped = /^\d{4}-\d{2}-\d{2}$/.test(value);
  context.addIssue({
    code: 'custom',
    message: shaped ? 'there is no such day' : 'expected a day such as 2026-11-23',
  });
});

const taskId = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9._-]*$/, 'expected letters, digits, ".", "_" and "-" only')
  .refine((value) => !/^[.-]/.test(value), 'expected a letter, a digit or "_" at the start')
  .refine((value) => !/\.lock$/i.test(value), 'a task’s id cannot end in .lock: git keeps that for itself')
  .refine((value) => !/-answer$/i.test(value), 'a task’s id cannot end in -answer: answer files are named so');

/** What both a task and the day's `defaults` may say. */
const common = {
  project: line.optional().describe('the project it works on, as config/dayshift.yaml names it'),
  priority: priority.optional().describe('urgent, high, normal (or medium), low'),
  estimated_complexity: z.enum(['low', 'medium', 'high']).optional().describe('about 1, 2.5, 4 hours'),
  context_files: lines('files and folders of the project to read first').optional(),
  checks: texts('commands that must pass; those of the project come first').optional(),
  setup: texts('commands before the agent; those of the project come first').optional(),
  max_cost_usd: money('what the task may cost').optional(),
  max_turns: z.number().int().positive().optional().describe('limit of model turns'),
  timeout: minutes.optional(),
  model: line.optional().describe('model of the agent'),
  on_question: onQuestion.optional(),
  retries: z.number().int().min(0).max(20).optional().describe('how often failed checks send the agent back'),
  egress: z.array(egressEntry).optional().describe('hosts that the agent may reach, beside those of the project'),
  guard: stricterGuardSchema.optional().describe('rules of the guard, stricter than the home’s'),
  env: z
    .record(envName, envValue)
    .optional()
    .describe('environment of agent and checks; $NAME is taken from yours and never recorded'),
  tags: lines('words of your own').optional(),
  agent: line.optional().describe('adapter of the coding CLI; default claude-code'),
};

export const rawTaskSchema = z.strictObject({
  id: taskId.describe('short and unique in the file: it names folders'),
  name: line.describe('what it is about, in one line'),
  description: text.optional().describe('what is to be done; default: the name'),
  module: line.optional().describe('part of the project it is about'),
  needs: lines('ids of tasks that must be done before').optional(),
  deliverables: lines('files that must be there and changed when it is done, or free text that names them').optional(),
  ...common,
});

export const rawPlanSchema = z.strictObject({
  date: date.optional().describe('the day; in a file named by its day it must be the same, and may be left out'),
  timezone: timezone.optional().describe('IANA name, such as Europe/Berlin'),
  concurrency: z.number().int().min(1).max(64).optional().describe('agents at work at the same time'),
  max_cost_usd: money('what the day may cost').optional(),
  priority: priority.optional().describe('default priority of the tasks'),
  project: line.optional().describe('default project of the tasks'),
  defaults: z.strictObject(common).optional().describe('what tasks take where they say nothing themselves'),
  tasks: z
    .array(rawTaskSchema)
    .nullable()
    .transform((tasks) => tasks ?? [])
    .describe('what is to be done'),
});

export type RawTask = z.infer<typeof rawTaskSchema>;
export type RawPlan = z.infer<typeof rawPlanSchema>;
