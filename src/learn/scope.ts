import type { TaskSpec } from '../journal/index.ts';
import type { Scope } from './structure.ts';
import { wordsOf } from './words.ts';

export type Subject = Pick<
  TaskSpec,
  'project' | 'module' | 'tags' | 'name' | 'description' | 'deliverables' | 'contextFiles'
>;

/** Whether a lesson is about a task: all that its scope names must fit; of a list, one. */
export function fits(scope: Scope, task: Subject): boolean {
  if (scope.project !== undefined && !same(scope.project, task.project)) return false;
  if (scope.module !== undefined && !same(scope.module, task.module)) return false;
  if (scope.tags !== undefined && scope.tags.length > 0) {
    const words = new Set(wordsOf([task.name, task.description, task.module ?? '', ...task.tags].join(' ')));
    if (
      !scope.tags.some((tag) => wordsOf(tag).some((word) => words.has(word)) || task.tags.some((own) => same(own, tag)))
    )
      return false;
  }
  if (scope.paths === undefined || scope.paths.length === 0) return true;
  const named = [...task.deliverables, ...task.contextFiles].flatMap((text) => text.split(/[\s,;`"']+/));
  return scope.paths.some((pattern) => named.some((path) => meets(pattern, path)));
}

/** `src/api/**` and the like; a folder means all that is in it. */
function meets(pattern: string, path: string): boolean {
  const source = pattern
    .replace(/\/$/, '/**')
    .split('**')
    .map((part) => part.split('*').map(escaped).join('[^/]*'))
    .join('.*');
  return new RegExp(`^(?:\\./)?${source}$`).test(path);
}

/** Whether two lessons may be about the same task. */
export function overlap(a: Scope, b: Scope): boolean {
  const apart = (one: string | undefined, other: string | undefined) =>
    one !== undefined && other !== undefined && !same(one, other);
  if (apart(a.project, b.project) || apart(a.module, b.module)) return false;
  const [tags = [], others = []] = [a.tags, b.tags];
  return tags.length === 0 || others.length === 0 || tags.some((tag) => others.some((other) => same(tag, other)));
}

/** Whether a lesson with the one scope is about every task that one with the other is about. */
export function covers(wide: Scope, narrow: Scope): boolean {
  const holds = (one: string | undefined, other: string | undefined) => one === undefined || same(one, other);
  if (!holds(wide.project, narrow.project) || !holds(wide.module, narrow.module)) return false;
  const within = (all: readonly string[] = [], some: readonly string[] = []) =>
    all.length === 0 || (some.length > 0 && some.every((one) => all.some((other) => same(one, other))));
  return within(wide.tags, narrow.tags) && within(wide.paths, narrow.paths);
}

/** A scope in a few words. */
export function scopeWords({ project, module, tags, paths }: Scope): string {
  const parts = [
    project === undefined ? undefined : `project ${project}`,
    module === undefined ? undefined : `module ${module}`,
    tags === undefined || tags.length === 0 ? undefined : `tasks about ${tags.join(' or ')}`,
    paths === undefined || paths.length === 0 ? undefined : `tasks on ${paths.join(' or ')}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? 'every task' : parts.join(', ');
}

function same(a: string, b: string | undefined): boolean {
  return a.toLowerCase() === b?.toLowerCase();
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}
