import { formatPath, parseDocument, tidyProblems, type Problem } from '../document/index.ts';
import type { Plan } from '../journal/index.ts';
import type { PlanContext } from './context.ts';
import { crossCheck, type Finding } from './cross.ts';
import { loosePlan } from './loose.ts';
import { mergePlan } from './merge.ts';
import { remarks } from './remarks.ts';
import { rawPlanSchema } from './schema.ts';

export interface PlanResult {
  /** There only where no problem is an error. */
  plan?: Plan;
  /** All errors and warnings, in the order of the file. */
  problems: Problem[];
}

/**
 * A task file's text to the day's plan, or everything that is wrong with it. Pure but for `context.exists`;
 * never throws.
 * @param file how the file is named to people, and in the plan
 * @param from `elsewhere`: it is a file that somebody named, not one of `tasks/`. It may be any file of the machine, so
 *   what is wrong with it is said without a word of it, and of one that has no `tasks` only that it is no task file
 */
export function parsePlan(
  text: string,
  file: string,
  context: PlanContext,
  from: 'tasks' | 'elsewhere' = 'tasks',
): PlanResult {
  const isOurs = from === 'tasks';
  const parsed = parseDocument(text, file, rawPlanSchema, { textUnder: ['env'], quoteNothing: !isOurs });
  if (!isOurs && !hasTasks(parsed.raw)) return { problems: [noTaskFile(file, parsed.problems)] };
  const place = ({ path, message, severity }: Finding): Problem => ({
    file,
    ...parsed.locate(path),
    path: formatPath(path),
    message,
    severity,
  });
  const problems = [...parsed.problems];
  if (typeof parsed.raw === 'object' && parsed.raw !== null && !Array.isArray(parsed.raw)) {
    problems.push(...crossCheck(loosePlan(parsed.raw), context).map(place));
  }
  if (parsed.value === undefined || problems.some(({ severity }) => severity === 'error')) {
    return { problems: tidyProblems(problems) };
  }
  const plan = mergePlan(parsed.value, file, context);
  const all = tidyProblems([...problems, ...remarks(plan, parsed.value, context).map(place)]);
  return all.some(({ severity }) => severity === 'error') ? { problems: all } : { plan, problems: all };
}

function hasTasks(raw: unknown): boolean {
  return typeof raw === 'object' && raw !== null && Object.hasOwn(raw, 'tasks');
}

/** Where its first fault stands, if anything can be said of it at all. */
function noTaskFile(file: string, problems: readonly Problem[]): Problem {
  const { line = 1, column = 1 } = problems[0] ?? {};
  const message = 'this is no task file: expected YAML with a list of `tasks`, as in tasks/example.yaml';
  return { file, line, column, path: '', message, severity: 'error' };
}
