import type { Priority, TaskSpec } from '../journal/index.ts';

const rank: Record<Priority, number> = { urgent: 0, high: 1, normal: 2, low: 3 };

/**
 * The order in which tasks are begun: by priority, then as in the file, and each after those that it needs (which
 * are moved up for it). Total: ids that nobody has and cycles are passed over.
 */
export function orderTasks(tasks: readonly TaskSpec[]): TaskSpec[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const sorted = tasks
    .map((task, index) => ({ task, index }))
    .sort((a, b) => rank[a.task.priority] - rank[b.task.priority] || a.index - b.index)
    .map(({ task }) => task);
  const position = new Map(sorted.map((task, index) => [task.id, index]));
  const order: TaskSpec[] = [];
  const seen = new Set<string>();
  // Depth first with a stack of its own: a chain of thousands of needs must not end the process.
  for (const start of sorted) {
    const stack = [{ task: start, open: false }];
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      if (top.open) order.push(top.task);
      else if (!seen.has(top.task.id)) {
        seen.add(top.task.id);
        stack.push({ task: top.task, open: true });
        const needs = top.task.needs.flatMap((id) => byId.get(id) ?? []).filter((need) => !seen.has(need.id));
        needs.sort((a, b) => (position.get(b.id) ?? 0) - (position.get(a.id) ?? 0));
        stack.push(...needs.map((task) => ({ task, open: false })));
      }
    }
  }
  return order;
}
