import type { StricterGuard } from '../guard/rules-file.ts';
import type { Plan, TaskSpec } from '../journal/index.ts';
import type { PlanContext } from './context.ts';
import type { RawPlan, RawTask } from './schema.ts';
import { HOURS } from './units.ts';

/** A valid file, with what it leaves out taken from its defaults, the project and the config, in this order. */
export function mergePlan(raw: RawPlan, file: string, context: PlanContext): Plan {
  return {
    date: context.fileDate ?? raw.date ?? '',
    file,
    timezone: raw.timezone ?? context.timezone,
    concurrency: raw.concurrency ?? context.defaults.concurrency,
    maxCostUsd: raw.max_cost_usd ?? context.defaults.dayUsd,
    alertPercent: context.defaults.alertPercent,
    tasks: raw.tasks.map((task) => mergeTask(task, raw, context)),
  };
}

function mergeTask(task: RawTask, raw: RawPlan, context: PlanContext): TaskSpec {
  const day: NonNullable<RawPlan['defaults']> = raw.defaults ?? {};
  const config = context.defaults;
  const name = task.project ?? day.project ?? raw.project ?? context.defaultProject ?? '';
  const project = context.projects.find((each) => each.name === name);
  const complexity = task.estimated_complexity ?? day.estimated_complexity ?? 'medium';
  return {
    id: task.id,
    name: task.name,
    description: task.description ?? task.name,
    ...given('module', task.module),
    complexity,
    priority: task.priority ?? day.priority ?? raw.priority ?? 'normal',
    project: name,
    needs: unique(task.needs ?? []),
    contextFiles: unique(task.context_files ?? day.context_files ?? []),
    deliverables: unique(task.deliverables ?? []),
    checks: unique([...(project?.checks ?? []), ...(task.checks ?? day.checks ?? [])]),
    setup: [...(project?.setup ?? []), ...(task.setup ?? day.setup ?? [])],
    ...given('maxCostUsd', task.max_cost_usd ?? day.max_cost_usd ?? config.taskUsd),
    ...given('maxTurns', task.max_turns ?? day.max_turns ?? config.maxTurns),
    timeoutMinutes: task.timeout ?? day.timeout ?? config.timeoutMinutes,
    ...given('model', task.model ?? day.model ?? config.model),
    onQuestion: task.on_question ?? day.on_question ?? { mode: config.onQuestion },
    retries: task.retries ?? day.retries ?? config.retries,
    egress: unique([...(project?.egress ?? []), ...(task.egress ?? day.egress ?? [])]),
    ...given('guard', guardOf(project?.guard, task.guard ?? day.guard)),
    env: { ...project?.env, ...day.env, ...task.env },
    tags: unique(task.tags ?? day.tags ?? []),
    agent: task.agent ?? day.agent ?? context.agents[0],
    estimate: { hours: HOURS[complexity] },
  };
}

/** Strict rules add up: nothing of the project's is taken back by a task. */
function guardOf(...all: (StricterGuard | undefined)[]): TaskSpec['guard'] {
  const said = all.filter((one) => one !== undefined);
  return said.length === 0 ? undefined : said;
}

function unique(list: readonly string[]): string[] {
  return [...new Set(list)];
}

/** `{key: value}`, or nothing where there is no value. */
function given<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, V>>);
}
