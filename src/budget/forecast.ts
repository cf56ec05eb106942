import type { Complexity, TaskRecord, TaskSpec } from '../journal/index.ts';
import { addUp, quantiles, type LogNormal } from './log-normal.ts';

/**
 * What a task costs and takes where nothing is known yet: guesses, wide on purpose, that a home's own days replace. The hours are
 * the task file's (low, medium, high: about 1, 2.5, 4 of a person's; an agent works about a third of that).
 */
const table: Record<Complexity, { usd: number; minutes: number }> = {
  low: { usd: 1, minutes: 20 },
  medium: { usd: 3, minutes: 50 },
  high: { usd: 7, minutes: 80 },
};
/** Spread of the logarithm without history: eight in ten tasks lie under 2.2 times the median. */
const priorSpread = 0.95;
/** So many tasks of one's own weigh as much as what is believed before: the shrinkage, at each level. */
const priorWeight = 3;
/** So many tasks of one's own weigh as much as the prior spread. */
const spreadWeight = 4;

/** A median and what eight of ten stay under. */
export interface Range {
  p50: number;
  p80: number;
}

export interface Forecast {
  usd: Range;
  minutes: Range;
  /** What tasks like it turned out to be, beside all of this home's: by their cost. Without history, what the file says. */
  complexity: { p50: Complexity; p80: Complexity };
  /** Ended tasks that it rests on; 0: the built-in table alone. */
  tasks: number;
  /** Of those, the ones most like it: same module, complexity and model as far as it names them. */
  alike: number;
}

/** What a person says of forecasts: they are too low by `factor`. `since`: the day that they said it of. */
export interface Correction {
  factor: number;
  since?: string;
}

type Subject = Pick<TaskSpec, 'module' | 'complexity' | 'model' | 'project'>;

/**
 * Forecasts one task. The log ratio of what tasks cost to what the table says is shrunk level by level: all tasks, then those of the
 * same complexity, the same module, the same model; each level starts from the one above as if that were `priorWeight` tasks (an
 * empirical-Bayes estimate with a normal prior). The spread is pooled over all tasks with a prior of its own, and predictions are
 * widened by the uncertainty of the mean (Student's t). O(records).
 */
export function forecastTask(records: readonly TaskRecord[], task: Subject, correction: Correction = NONE): Forecast {
  const model = taskModels(records, task, correction);
  const usd = quantiles(model.usd);
  return {
    usd,
    minutes: quantiles(model.minutes),
    complexity: { p50: complexityAt(usd.p50, model.scale), p80: complexityAt(usd.p80, model.scale) },
    tasks: model.tasks,
    alike: model.alike,
  };
}

/** Forecasts what a day's tasks cost together; their errors are taken for independent but for the shared mean. */
export function forecastDay(
  records: readonly TaskRecord[],
  tasks: readonly Subject[],
  corrections: readonly Correction[] = [],
): Range {
  return quantiles(addUp(tasks.map((task, index) => taskModels(records, task, corrections[index] ?? NONE).usd)));
}

const NONE: Correction = { factor: 1 };

function taskModels(records: readonly TaskRecord[], task: Subject, correction: Correction) {
  // What was stopped says how long somebody let it run, not what it takes.
  const ended = records.filter((one) => one.outcome !== 'stopped' && one.usd > 0);
  const levels = levelsOf(ended, task);
  const seen =
    correction.since === undefined ? [] : (levels.at(-1) ?? []).filter(({ day }) => day >= (correction.since ?? ''));
  const before =
    seen.length === 0
      ? levels
      : levelsOf(
          ended.filter(({ day }) => day < (correction.since ?? '')),
          task,
        );
  const modelOf = (median: number, ratioOf: (one: TaskRecord) => number) =>
    corrected(model(levels, median, ratioOf), Math.log(correction.factor), {
      was: model(before, median, ratioOf).mu,
      truth: seen.map((one) => Math.log(median * ratioOf(one))),
    });
  return {
    usd: modelOf(table[task.complexity].usd, (one) => one.usd / table[one.complexity].usd),
    minutes: modelOf(
      table[task.complexity].minutes,
      (one) => Math.max(one.workedMs / 60_000, 0.1) / table[one.complexity].minutes,
    ),
    tasks: ended.length,
    alike: levels.at(-1)?.length ?? 0,
    scale: middle(ended.map((one) => one.usd / table[one.complexity].usd)) ?? 1,
  };
}

function middle(numbers: readonly number[]): number | undefined {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

/** Which complexity costs about so much, where this home's tasks cost `scale` times what the table says. */
function complexityAt(usd: number, scale: number): Complexity {
  const off = (one: Complexity) => Math.abs(Math.log(usd / scale / table[one].usd));
  return (Object.keys(table) as Complexity[]).reduce((best, one) => (off(one) < off(best) ? one : best), 'low');
}

/**
 * A forecast with a person's word, as a logarithm. The word was about what was foreseen before (`was`): where what such tasks came to from that day
 * on (`truth`) says the same, it moves the forecast by itself, and the word carries it no further than there.
 */
function corrected(one: LogNormal, word: number, { was, truth }: { was: number; truth: number[] }): LogNormal {
  const wanted = one.mu + word;
  const came = truth.length === 0 ? was : sum(truth) / truth.length;
  if (word === 0 || (came - was) * word <= 0) return { ...one, mu: wanted };
  return { ...one, mu: word < 0 ? Math.max(wanted, Math.min(one.mu, came)) : Math.min(wanted, Math.max(one.mu, came)) };
}

/** From all to those most alike; a level that the task does not name is left out. */
function levelsOf(records: readonly TaskRecord[], task: Subject): TaskRecord[][] {
  const same: ((one: TaskRecord) => boolean)[] = [
    (one) => one.complexity === task.complexity,
    ...(task.module === undefined
      ? []
      : [(one: TaskRecord) => one.module === task.module && one.project === task.project]),
    ...(task.model === undefined ? [] : [(one: TaskRecord) => one.model === task.model]),
  ];
  const levels: TaskRecord[][] = [[...records]];
  for (const fits of same) levels.push((levels.at(-1) ?? []).filter(fits));
  return levels;
}

function model(levels: TaskRecord[][], median: number, ratioOf: (one: TaskRecord) => number): LogNormal {
  const all = levels[0] ?? [];
  let mean = 0;
  let weight = 0;
  for (const level of levels) {
    const logs = level.map((one) => Math.log(ratioOf(one)));
    mean = shrunken(logs, mean);
    weight = logs.length + priorWeight;
  }
  return {
    mu: Math.log(median) + mean,
    sigma: spread(levels, all, ratioOf, mean) * Math.sqrt(1 + 1 / weight),
    freedom: spreadWeight + all.length,
  };
}

/** The mean of these, drawn to what is believed without them. */
function shrunken(logs: readonly number[], prior: number): number {
  return (sum(logs) + priorWeight * prior) / (logs.length + priorWeight);
}

/** Within groups of like tasks, so that what differs between modules is not taken for noise. */
function spread(levels: TaskRecord[][], all: TaskRecord[], ratioOf: (one: TaskRecord) => number, mean: number): number {
  const groups = new Map<string, number[]>();
  for (const one of all) {
    const key = `${one.project}\n${one.module ?? ''}\n${one.complexity}\n${levels.length > 3 ? (one.model ?? '') : ''}`;
    const logs = groups.get(key);
    const log = Math.log(ratioOf(one));
    if (logs === undefined) groups.set(key, [log]);
    else logs.push(log);
  }
  let squares = 0;
  let freedom = 0;
  for (const logs of groups.values()) {
    const own = logs.length > 1 ? sum(logs) / logs.length : mean;
    squares += logs.reduce((total, log) => total + (log - own) ** 2, 0);
    freedom += logs.length > 1 ? logs.length - 1 : 0.5;
  }
  return Math.sqrt((spreadWeight * priorSpread ** 2 + squares) / (spreadWeight + freedom));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
