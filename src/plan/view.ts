import { count, usd } from '../base/index.ts';
import { nearest } from '../document/index.ts';
import { presets, readEntry, WEB_SEARCH } from '../egress/index.ts';
import type { OnQuestion, Plan, TaskSpec } from '../journal/index.ts';
import { estimateDay, type Estimate } from './estimate.ts';
import { orderTasks } from './order.ts';

/** What the plan alone does not know. */
export interface PlanExtras {
  /** Who pays for the model calls, in words. */
  payer: string;
  /** What tasks, by id, and the day are likely to cost and take. */
  forecast: DayForecast;
  /** What each task will be given of what was learned, by its id, a line each. */
  lessons?: Record<string, string[]>;
  /** Commands that must pass because of what was learned, by its id. */
  lessonChecks?: Record<string, string[]>;
  /** Files that each task is likely to need, with the reasons, by its id. */
  context?: Record<string, string[]>;
  /** Whether those are given to the agent, or only shown. */
  contextAttached?: boolean;
  /** Projects by name. */
  projects: Record<string, ProjectFacts>;
  /** How agents are kept in: `auto`, `bubblewrap`, `sandbox-exec`, `none`. */
  sandbox: string;
  /** What each agent may use up, in words, and which of it this machine cannot keep. */
  limits: { words: string; problems: string[] };
  /** Whether a name is set in the environment that `$NAME` values of `env` are taken from. */
  isSet(name: string): boolean;
  /** What the words of `egress` lists stand for on this machine, by word. */
  clients: Record<string, ClientFacts>;
  /** Tasks of the backlog that wait, and until when they are taken; undefined where there is no backlog. */
  backlog?: { tasks: string[]; until: string };
  /** Warnings found before: about the file, the home, the account. */
  warnings: string[];
}

interface ClientFacts {
  hosts: string[];
  /** Why they are not known, or not all. */
  problem?: string | undefined;
}

/** A median, and what eight of ten stay under. */
interface Range {
  p50: number;
  p80: number;
}

/** US dollars and minutes of work. */
interface DayForecast {
  usd: Range;
  tasks: Record<
    string,
    {
      usd: Range;
      minutes: Range;
      /** What tasks like it turned out to be. */
      complexity?: { p50: TaskSpec['complexity']; p80: TaskSpec['complexity'] };
      alike: number;
    }
  >;
  /** Ended tasks that it rests on; 0: a built-in table alone. */
  records: number;
}

export interface ProjectFacts {
  path: string;
  base?: string | undefined;
  kind: 'git' | 'copy';
  /** A copy, for nothing was committed yet. */
  unborn?: true | undefined;
  branch?: string | undefined;
  /** Changed files that are not committed; undefined where that is not known. */
  uncommitted?: number | undefined;
}

/** A day before it runs, as plain data: what `dayshift plan` shows and prints as JSON. */
export interface PlanView {
  date: string;
  file: string;
  timezone: string;
  concurrency: number;
  payer: string;
  /** What each agent may use up, in words. */
  limits: string;
  budget: { dayUsd: number; alertPercent: number; tasksUsd?: number };
  estimate: Estimate;
  forecast: DayForecast;
  projects: Record<string, ProjectFacts>;
  clients: Record<string, ClientFacts>;
  /** In the order in which they begin. */
  tasks: TaskView[];
  backlog?: { tasks: string[]; until: string };
  warnings: string[];
}

export interface TaskView {
  id: string;
  name: string;
  /** Where it comes from, where that is not the day's task file. */
  origin?: string;
  project: string;
  priority: TaskSpec['priority'];
  complexity: TaskSpec['complexity'];
  hours: number;
  beginsAfterHours: number;
  needs: string[];
  neededBy: string[];
  deliverables: string[];
  contextFiles: string[];
  agent: string;
  model?: string;
  tags: string[];
  /** What it will be given of what was learned. */
  lessons: string[];
  /** Files that it is likely to need, with the reasons. */
  context: string[];
  contextAttached: boolean;
  limits: { usd?: number; turns?: number; minutes: number; retries: number };
  /** What it may do, and what will be done around it. */
  may: {
    writes: string[];
    /** Its list of hosts beside the model's own, which goes through the door. */
    network: string[];
    /** The same with words resolved. */
    hosts: string[];
    setup: string[];
    checks: string[];
    onQuestion: OnQuestion;
    /** What the guard has of the project and the task, in words. */
    guard: string[];
    /** Names only. */
    env: string[];
  };
}

/** Puts together what there is to know about a day before it runs. */
export function planView(plan: Plan, extras: PlanExtras): PlanView {
  const order = orderTasks(plan.tasks);
  const estimate = estimateDay(plan.tasks, plan.concurrency);
  const limits = order.flatMap((task) => task.maxCostUsd ?? []);
  const used = new Set(order.map((task) => task.project));
  return {
    date: plan.date,
    file: plan.file,
    timezone: plan.timezone,
    concurrency: plan.concurrency,
    payer: extras.payer,
    limits: extras.limits.words,
    budget: {
      dayUsd: plan.maxCostUsd,
      alertPercent: plan.alertPercent,
      ...(limits.length === order.length && limits.length > 0 ? { tasksUsd: limits.reduce((a, b) => a + b, 0) } : {}),
    },
    estimate,
    forecast: extras.forecast,
    projects: Object.fromEntries(Object.entries(extras.projects).filter(([name]) => used.has(name))),
    clients: extras.clients,
    tasks: order.map((task) => taskView(task, plan, order, estimate, extras)),
    ...(extras.backlog === undefined || extras.backlog.tasks.length === 0 ? {} : { backlog: extras.backlog }),
    warnings: [...extras.warnings, ...warningsOf(plan, order, extras)],
  };
}

function taskView(
  task: TaskSpec,
  plan: Plan,
  all: readonly TaskSpec[],
  estimate: Estimate,
  extras: PlanExtras,
): TaskView {
  const { clients, lessons, context, contextAttached } = extras;
  const folder = `agent_workspaces/${plan.date}/${task.id}`;
  return {
    id: task.id,
    name: task.name,
    ...originOf(task),
    project: task.project,
    priority: task.priority,
    complexity: task.complexity,
    hours: task.estimate.hours,
    beginsAfterHours: estimate.begins[task.id] ?? 0,
    needs: task.needs,
    neededBy: all.filter(({ needs }) => needs.includes(task.id)).map(({ id }) => id),
    deliverables: task.deliverables,
    contextFiles: task.contextFiles,
    agent: task.agent,
    ...(task.model === undefined ? {} : { model: task.model }),
    tags: task.tags,
    lessons: lessons?.[task.id] ?? [],
    context: context?.[task.id] ?? [],
    contextAttached: contextAttached === true,
    limits: {
      ...(task.maxCostUsd === undefined ? {} : { usd: task.maxCostUsd }),
      ...(task.maxTurns === undefined ? {} : { turns: task.maxTurns }),
      minutes: task.timeoutMinutes,
      retries: task.retries,
    },
    may: {
      writes: [`${folder}/checkout/`, `${folder}/out/`],
      network: task.egress,
      hosts: [...new Set(task.egress.flatMap((text) => clients[text]?.hosts ?? [text]))],
      setup: task.setup,
      checks: checksOf(task, extras),
      onQuestion: task.onQuestion,
      guard: (task.guard ?? []).flatMap(guardWords),
      env: Object.keys(task.env),
    },
  };
}

/** Stricter rules of the guard, as the journal has them: they were read by their schema when the plan was. */
function guardWords({
  rules,
  delete: deletes,
  env_files: envFiles,
  max_violations: most,
}: Record<string, unknown>): string[] {
  return [
    ...(Array.isArray(rules) && rules.length > 0 ? [`${count(rules.length, 'rule')} of its own`] : []),
    ...(typeof deletes === 'string' ? [`deleting tracked files: ${deletes}`] : []),
    ...(typeof envFiles === 'string' ? [`reading .env files: ${envFiles}`] : []),
    ...(typeof most !== 'number'
      ? []
      : [most === 0 ? 'plain violations never stop it' : `stops at ${count(most, 'violation')}`]),
  ];
}

/** Hosts of one word: most are a slip of the pen. */
function oddHosts(order: readonly TaskSpec[]): string[] {
  return [...new Set(order.flatMap(({ egress }) => egress))].flatMap((text) => {
    const entry = readEntry(text);
    if (entry.kind !== 'host' || entry.rule.host.includes('.')) return [];
    if (entry.rule.host === 'localhost')
      return [
        `egress: ${text}: that is the sandbox’s own, whatever a list says; programs of this machine are not reached`,
      ];
    const near = nearest(entry.rule.host, [...presets, WEB_SEARCH]);
    const meant = near === undefined ? `the words are ${[...presets, WEB_SEARCH].join(', ')}` : `did you mean ${near}?`;
    return [`egress: ${text} is taken for a host of that name; ${meant}`];
  });
}

/** A task's own checks and those that lessons add. */
function checksOf({ id, checks }: TaskSpec, { lessonChecks }: PlanExtras): string[] {
  return [...new Set([...checks, ...(lessonChecks?.[id] ?? [])])];
}

function originOf({ origin }: TaskSpec): { origin?: string } {
  switch (origin?.kind) {
    case undefined:
      return {};
    case 'carried':
      return { origin: `carried over from ${origin.day}` };
    case 'recurring':
    case 'backlog':
      return { origin: origin.kind };
  }
}

function warningsOf(plan: Plan, order: readonly TaskSpec[], extras: PlanExtras): string[] {
  const warnings: string[] = [];
  const { usd: likely } = extras.forecast;
  if (order.length > 0 && likely.p80 > plan.maxCostUsd) {
    warnings.push(
      `the day may cost more than its budget of ${usd(plan.maxCostUsd)}: eight of ten such days stay under ${usd(likely.p80)}`,
    );
  }
  for (const { id, maxCostUsd } of order) {
    const own = extras.forecast.tasks[id]?.usd;
    if (own !== undefined && maxCostUsd !== undefined && own.p50 > maxCostUsd)
      warnings.push(
        `${id} is likely to cost ${usd(own.p50)}, more than its own limit of ${usd(maxCostUsd)}: it would stop there and ask`,
      );
  }
  if (extras.sandbox === 'none') {
    warnings.push(
      'sandbox: none: agents can do whatever you can do; what is said here of writes and network does not hold',
    );
  }
  for (const problem of extras.limits.problems) warnings.push(`limits: ${problem}`);
  for (const name of new Set(order.map((task) => task.project))) {
    const project = extras.projects[name];
    if (project?.kind === 'copy')
      warnings.push(
        `project ${name} ${project.unborn === true ? 'has no commit yet' : 'is no git repository'}: each task works on a copy of it`,
      );
    const changed = project?.uncommitted ?? 0;
    if (changed > 0) {
      warnings.push(
        `project ${name}: ${count(changed, 'uncommitted change')}, which tasks do not see: commit what they need`,
      );
    }
  }
  warnings.push(...oddHosts(order));
  for (const [word, { problem }] of Object.entries(extras.clients))
    if (problem !== undefined) warnings.push(`egress: ${word}: ${problem}`);
  for (const task of order) {
    if (checksOf(task, extras).length === 0) {
      const left = task.deliverables.length === 0 ? 'nothing proves this task' : 'only its deliverables are looked at';
      warnings.push(`${task.id} names no checks: ${left}`);
    }
    for (const [name, value] of Object.entries(task.env)) {
      const reference = /^\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?$/.exec(value)?.[1];
      if (reference === undefined || extras.isSet(reference)) continue;
      warnings.push(`${task.id}: env.${name} takes $${reference}, which is not set: the task would not start`);
    }
  }
  return warnings;
}
