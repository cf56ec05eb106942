import { z } from 'zod';
import { cronFault } from '../schedule/index.ts';
import { formatPath, parseDocument, tidyProblems, type Problem } from '../document/index.ts';
import type { TaskSpec } from '../journal/index.ts';
import type { PlanContext } from './context.ts';
import { crossCheck, type Finding } from './cross.ts';
import { loosePlan } from './loose.ts';
import { mergePlan } from './merge.ts';
import { remarks } from './remarks.ts';
import { rawPlanSchema, rawTaskSchema } from './schema.ts';
import { everyOf, everyWords, type When } from './when.ts';

/** A list of tasks that belong to no day yet: `config/recurring.yaml`, `tasks/backlog.yaml`. */
export interface TaskList {
  /** In the order of the file; empty where a problem is an error. */
  tasks: ListedTask[];
  problems: Problem[];
}

export interface ListedTask {
  spec: TaskSpec;
  /** Of a recurring task: when it is due. */
  when?: When;
}

const every = z
  .unknown()
  .transform((value, context): When => {
    const found = everyOf(value);
    if (found !== undefined) return found;
    context.addIssue({
      code: 'custom',
      message: 'expected day, weekday, weekend, a week day such as monday, or a list of these',
      params: { words: everyWords },
    });
    return z.NEVER;
  })
  .describe('the days on which it is due: day, weekday, weekend, monday, [mon, thu]');

const cron = z
  .string()
  .superRefine((value, context) => {
    const fault = cronFault(value);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: `no cron expression: ${fault}` });
  })
  .describe('instead of every: five fields of cron; it is due on each day on which they have a minute');

const recurringTaskSchema = rawTaskSchema
  .extend({ every: every.optional(), cron: cron.optional() })
  .superRefine((task, context) => {
    if ((task.every === undefined) === (task.cron === undefined)) {
      const message =
        task.every === undefined
          ? 'missing: every or cron, which say when it is due'
          : 'a task has every or cron, not both';
      context.addIssue({ code: 'custom', message, path: task.every === undefined ? [] : ['cron'] });
    }
  });

/** What the whole list says is a task file's without its day. */
const { defaults, priority, project } = rawPlanSchema.shape;
const listOf = <T extends z.ZodType>(task: T) =>
  z.strictObject({
    ...{ defaults, priority, project },
    tasks: z
      .array(task)
      .nullable()
      .transform((tasks) => tasks ?? [])
      .describe('what is to be done'),
  });

const schemas = { recurring: listOf(recurringTaskSchema), backlog: listOf(rawTaskSchema) };

/** The text of a list to its tasks, or everything that is wrong with it, with lines and columns as in a task file. Never throws. */
export function parseTaskList(
  text: string,
  file: string,
  kind: 'recurring' | 'backlog',
  context: PlanContext,
): TaskList {
  const schema: z.ZodType<z.infer<(typeof schemas)['recurring']> | z.infer<(typeof schemas)['backlog']>> =
    schemas[kind];
  const parsed = parseDocument(text, file, schema, { textUnder: ['env'], empty: { tasks: [] } });
  const place = ({ path, message, severity }: Finding): Problem => ({
    file,
    ...parsed.locate(path),
    path: formatPath(path),
    message,
    severity,
  });
  // A day of some sort, for what only task files of days must name.
  const someDay = { ...context, fileDate: '2000-01-01' };
  const problems = [...parsed.problems];
  if (typeof parsed.raw === 'object' && parsed.raw !== null && !Array.isArray(parsed.raw))
    problems.push(...crossCheck({ ...loosePlan(parsed.raw), date: undefined }, someDay).map(place));
  if (parsed.value === undefined || problems.some(({ severity }) => severity === 'error'))
    return { tasks: [], problems: tidyProblems(problems) };
  const raw = parsed.value;
  const plan = mergePlan(raw, file, someDay);
  const said = plan.tasks.length === 0 ? [] : remarks(plan, raw, someDay).map(place);
  return {
    tasks: plan.tasks.map((spec, index) => {
      const task = raw.tasks[index];
      const when = task === undefined || !('every' in task || 'cron' in task) ? undefined : whenOf(task);
      return { spec, ...(when === undefined ? {} : { when }) };
    }),
    problems: tidyProblems([...problems, ...said]),
  };
}

function whenOf(task: { every?: When | undefined; cron?: string | undefined }): When | undefined {
  return task.every ?? (task.cron === undefined ? undefined : { kind: 'cron', cron: task.cron });
}
