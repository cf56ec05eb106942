import type { TaskSpec } from '../../src/journal/index.ts';
import { taskSpec } from '../../src/journal/spec.testing.ts';
import { numbers } from './random.ts';

/**
 * The world of the learning benchmark. Its figures were chosen before the first run, and none of them looks at the code
 * that is measured: whoever changes one to pass a target has measured nothing.
 */

/** A month of working days with six tasks each: a day that one person can still read and rate in the evening. */
export const DAYS = 30;
const TASKS_A_DAY = 6;

const modules = ['baptisms', 'weddings', 'accounts', 'search', 'reports', 'mail'] as const;
const topics = ['pagination', 'import', 'forms', 'export', 'layout'] as const;

export interface Fault {
  id: string;
  /** Which tasks it can happen in. */
  fits: (task: Pick<TaskSpec, 'module' | 'tags'>) => boolean;
  /**
   * How often it happens there while nothing is done about it. What a person bothers to write down comes back in a third
   * to a half of the tasks in which it can; what depends on something that the agent cannot know (a convention in a file
   * that it does not read, the person's choice) in more than half.
   */
  rate: number;
  /** How often it happens where the right thing is done about it, as a share of `rate`: see `left`. */
  left: number;
  /** What the person sees of it. */
  seen: string;
  /** What the person wants to be different: the right thing for this fault. */
  wish: string;
  /** The same of another world: of the same kind and length, and no help here. */
  shuffled: string;
  by: 'instruction' | 'check' | 'guard' | 'context' | 'question';
}

/**
 * What a remedy leaves of a fault. A clear line in the instructions, or a page that is read, is followed about five times
 * of six; who has the person's answer errs once in ten. A check and a rule of the guard leave what the real gate and the
 * real guard let through (an agent that is sent back mends it nine times of ten).
 */
const left = { instruction: 0.17, context: 0.17, question: 0.1, check: 1, guard: 1 } as const;
export const MENDS_WHEN_SENT_BACK = 0.9;

const anywhere = () => true;
const about = (topic: (typeof topics)[number]) => (task: Pick<TaskSpec, 'tags'>) => task.tags.includes(topic);
const inModule = (module: (typeof modules)[number]) => (task: Pick<TaskSpec, 'module'>) => task.module === module;

export const faults: readonly Fault[] = [
  {
    ...{ id: 'changelog', fits: anywhere, rate: 0.4, by: 'instruction', left: left.instruction },
    seen: 'CHANGELOG.md has no word of it',
    wish: 'Add a line to CHANGELOG.md for every change',
    shuffled: 'Add a line to AUTHORS.md for every new author',
  },
  {
    ...{ id: 'length', fits: anywhere, rate: 0.3, by: 'instruction', left: left.instruction },
    seen: 'Functions of a hundred lines again',
    wish: 'Keep functions under forty lines',
    shuffled: 'Keep names of branches under forty letters',
  },
  {
    ...{ id: 'tests', fits: anywhere, rate: 0.35, by: 'check', left: left.check },
    seen: 'Two old tests are red now',
    wish: 'Tests must pass before you are done',
    shuffled: 'Always run `npm run spelling` before you are done',
  },
  {
    ...{ id: 'labels', fits: inModule('weddings'), rate: 0.6, by: 'instruction', left: left.instruction },
    seen: 'English labels between German ones',
    wish: 'Write labels in German in the weddings module',
    shuffled: 'Write log lines in English in the weddings module',
  },
  {
    ...{ id: 'errors', fits: inModule('accounts'), rate: 0.6, by: 'context', left: left.context },
    seen: 'Errors are thrown where results are returned elsewhere',
    wish: 'Read ERRORS.md first in the accounts module',
    shuffled: 'Read FONTS.md first in the accounts module',
  },
  {
    ...{ id: 'pagination', fits: about('pagination'), rate: 0.6, by: 'context', left: left.context },
    seen: 'Pages by offset, as nowhere else',
    wish: 'Add PAGINATION.md to the context for pagination tasks',
    shuffled: 'Add COLOURS.md to the context for pagination tasks',
  },
  {
    ...{ id: 'migrations', fits: about('import'), rate: 0.5, by: 'guard', left: left.guard },
    seen: 'It rewrote a migration that has run',
    wish: 'Never change files in migrations/',
    shuffled: 'Never change files in brochures/',
  },
  {
    ...{ id: 'database', fits: about('import'), rate: 0.5, by: 'question', left: left.question },
    seen: 'Built for MySQL, we have PostgreSQL',
    wish: 'Ask which database is meant for import tasks before you start',
    shuffled: 'Ask which colours are meant for import tasks before you start',
  },
];

/** What somebody wishes for that changes nothing that is measured, and one thing that breaks what it touches. */
export const useless = [
  'Use British spelling in comments',
  'Sort imports by their length',
  'Prefer arrow functions to function declarations',
];
export const harmful = 'Rewrite a file from scratch when you change it';
/** An estimate is corrected, too: reports cost twice what others do. */
export const dear = { module: 'reports', factor: 2, wish: 'Estimates for reports tasks are 2x too low' };

/** Of the tasks that a harmful line stands in, so many are broken by it; of all others, so many break by themselves. */
export const BREAKS = 0.97;
export const BREAKS_ANYWAY = 0.02;

/** Money. A task of the usual size in US dollars, its spread (of the logarithm), and what a fault costs: a second go at a quarter of the task. */
export const USD = 2;
export const SPREAD = 0.3;
export const FAULT_COSTS = 0.25;
/** A broken one is done again. */
export const BROKEN_COSTS = 1;
/** To be sent back by the gate. */
export const ROUND_COSTS = 0.1;

/**
 * Tokens that a task's calls carry anyway, at least: system prompt and tools of the CLI take about this much before the
 * first word of the task. What lessons add is measured against it, so that long tasks do not hide it.
 */
export const BASE_TOKENS = 20_000;
/** A page that is read first: about five thousand characters. */
export const PAGE_TOKENS = 1200;

/** The tasks of a day, the same for all arms. */
export function tasksOf(seed: number, day: number): TaskSpec[] {
  const random = numbers(`tasks ${seed} ${day}`);
  return Array.from({ length: TASKS_A_DAY }, (_, n) => {
    const [module, topic] = [random.pick(modules), random.pick(topics)];
    return taskSpec(`t${n + 1}`, {
      ...{ name: `${topic} for ${module}, part ${day * TASKS_A_DAY + n}`, description: `The ${topic} of ${module}.` },
      ...{ module, tags: [topic], complexity: 'medium', project: 'app', estimate: { hours: 2 } },
    });
  });
}

/** The files of the project that people name. */
export const projectFiles = ['ERRORS.md', 'FONTS.md', 'PAGINATION.md', 'COLOURS.md'];
