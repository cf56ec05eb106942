import { takesPlan, withGiven, type DayState, type Plan, type TaskState } from '../journal/index.ts';

/** What a changed task file means for a day that runs. */
export interface PlanChanges {
  added: string[];
  /** Not begun, so they go. */
  removed: string[];
  /** Not begun, so they will be done as the file now says. */
  changed: string[];
  /** Begun, and now otherwise in the file, or gone from it: that is ignored. */
  ignored: string[];
  /** The day's own settings that are new, in words. */
  settings: string[];
}

/** Compares a day as it runs with a new plan of it. */
export function planChanges(day: DayState, plan: Plan): PlanChanges {
  const changes: PlanChanges = { added: [], removed: [], changed: [], ignored: [], settings: [] };
  const news = new Map(plan.tasks.map((task) => [task.id, task]));
  for (const [id, spec] of news) {
    const task = day.tasks[id];
    if (task === undefined) changes.added.push(id);
    else if (JSON.stringify(task.spec) !== JSON.stringify(withGiven(spec, task)))
      (takesPlan(task, spec) ? changes.changed : changes.ignored).push(id);
  }
  for (const [id, task] of Object.entries(day.tasks)) {
    if (news.has(id) || isOver(task)) continue;
    // What was removed before and is at work still is no news.
    if (!day.plan.tasks.some((spec) => spec.id === id)) continue;
    (isBegun(task) ? changes.ignored : changes.removed).push(id);
  }
  if (plan.maxCostUsd !== day.plan.maxCostUsd) changes.settings.push(`the day’s budget is $${plan.maxCostUsd}`);
  if (plan.concurrency !== day.plan.concurrency) changes.settings.push(`up to ${plan.concurrency} at the same time`);
  return changes;
}

/** The changes in a sentence; empty where there are none. */
export function changesText({ added, removed, changed, ignored, settings }: PlanChanges): string {
  return [
    ...(added.length === 0 ? [] : [`added: ${added.join(', ')}`]),
    ...(removed.length === 0 ? [] : [`removed: ${removed.join(', ')}`]),
    ...(changed.length === 0 ? [] : [`changed: ${changed.join(', ')}`]),
    ...settings,
    ...(ignored.length === 0 ? [] : [`begun already, so that its changes are ignored: ${ignored.join(', ')}`]),
  ].join('; ');
}

/** A checkout that was made ahead is no beginning. */
function isBegun(task: TaskState): boolean {
  return task.attempt > 0 || (task.status !== 'queued' && task.status !== 'preparing');
}

function isOver(task: TaskState): boolean {
  return task.status === 'done' || task.status === 'failed' || task.status === 'stopped';
}
