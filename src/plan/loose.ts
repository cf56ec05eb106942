/** A task file as far as it can be read before it is known to be valid, so that every kind of error is told at once. */
export interface LooseTask {
  index: number;
  id: string | undefined;
  needs: { index: number; id: string }[];
  project: string | undefined;
  agent: string | undefined;
}

export interface LoosePlan {
  date: string | undefined;
  project: string | undefined;
  defaults: { project: string | undefined; agent: string | undefined };
  tasks: LooseTask[];
}

/** Reads what is there; everything of the wrong kind is passed over (the schema tells of it). */
export function loosePlan(raw: unknown): LoosePlan {
  const plan = mapping(raw);
  const defaults = mapping(plan.defaults);
  return {
    date: string(plan.date),
    project: string(plan.project),
    defaults: { project: string(defaults.project), agent: string(defaults.agent) },
    tasks: list(plan.tasks).map((entry, index) => {
      const task = mapping(entry);
      return {
        index,
        id: string(task.id),
        needs: list(task.needs).flatMap((need, at) =>
          typeof need === 'string' ? [{ index: at, id: need.trim() }] : [],
        ),
        project: string(task.project),
        agent: string(task.agent),
      };
    }),
  };
}

function mapping(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function string(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
