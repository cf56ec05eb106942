import { posix } from 'node:path';
import { createRedactor } from '../base/index.ts';
import type { Plan, TaskSpec } from '../journal/index.ts';
import { namedPaths } from '../review/index.ts';
import type { PlanContext } from './context.ts';
import type { Finding } from './cross.ts';

/** What is worth a word before the day begins: warnings, but for credentials that are written out. */
export function remarks(
  plan: Plan,
  raw: {
    tasks: readonly { context_files?: readonly string[] | undefined; deliverables?: readonly string[] | undefined }[];
  },
  context: PlanContext,
): Finding[] {
  if (plan.tasks.length === 0) return [warning(['tasks'], 'there are no tasks: nothing will run on this day')];
  return plan.tasks.flatMap((task, index) => [
    ...missingFiles(task, index, raw.tasks[index]?.context_files !== undefined, context),
    ...unclearDeliverables(task, index, raw.tasks[index]?.deliverables ?? [], context),
    ...budget(task, index, plan),
    ...openSecrets(task, index),
  ]);
}

function missingFiles(task: TaskSpec, index: number, own: boolean, context: PlanContext): Finding[] {
  return task.contextFiles.flatMap((file, at) => {
    const path = own ? ['tasks', index, 'context_files', at] : ['defaults', 'context_files', at];
    if (liesOutside(file)) {
      return [warning(path, `${file} lies outside the project: the agent cannot see it`)];
    }
    return context.exists(task.project, posix.normalize(file))
      ? []
      : [warning(path, `${file} is not in the project ${task.project}`)];
  });
}

/** Deliverables that nobody can look for: outside the project, in a submodule, or of which it is not clear which file they name. */
function unclearDeliverables(task: TaskSpec, index: number, raw: readonly string[], context: PlanContext): Finding[] {
  return task.deliverables.flatMap((text) => {
    const path = ['tasks', index, 'deliverables', Math.max(0, raw.indexOf(text))];
    return namedPaths(text, (one) => context.exists(task.project, one)).flatMap((named) => {
      if (liesOutside(named.path))
        return [
          warning(path, `${named.path} lies outside the project: the agent cannot write it, so the task would fail`),
        ];
      const nested = nestedRepository(named.path, (one) => context.exists(task.project, one));
      if (nested !== undefined) {
        const message = `${named.path} lies in the submodule ${nested}: changes there are not taken along, so the task would fail`;
        return [warning(path, message)];
      }
      if (named.unsure !== true) return [];
      const message = `it is not clear which file is meant by ${named.path}: where a path has spaces, put it in quotes, such as 'Updated "services/bill ing/GUIDE.md"'`;
      return [warning(path, message)];
    });
  });
}

function liesOutside(file: string): boolean {
  const plain = posix.normalize(file);
  return posix.isAbsolute(plain) || plain === '..' || plain.startsWith('../') || plain.startsWith('~');
}

/** The folder above `file` that is a repository of its own; none where the submodule has not been cloned. */
function nestedRepository(file: string, exists: (path: string) => boolean): string | undefined {
  const parts = posix.normalize(file).split('/');
  const above = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
  return above.find((folder) => exists(`${folder}/.git`));
}

function budget(task: TaskSpec, index: number, plan: Plan): Finding[] {
  if (task.maxCostUsd === undefined || task.maxCostUsd <= plan.maxCostUsd) return [];
  return [
    warning(
      ['tasks', index, 'max_cost_usd'],
      `the task may cost $${task.maxCostUsd}, the whole day only $${plan.maxCostUsd}`,
    ),
  ];
}

/** As short as a word: more likely one for a test than a secret. */
const shortSecret = 12;
const redact = createRedactor([]);

/**
 * The value of `env` goes into the journal as it is written; `$NAME` does not. So one that has the shape of a credential
 * is an error, and one that may be a harmless stand-in is a warning.
 */
function openSecrets(task: TaskSpec, index: number): Finding[] {
  return Object.entries(task.env).flatMap(([name, value]): Finding[] => {
    if (value === '' || value.startsWith('$')) return [];
    const isNamed = /(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD)$/i.test(name);
    const isShaped = redact(value) !== value || (isNamed && value.length >= shortSecret && /\d/.test(value));
    if (!isNamed && !isShaped) return [];
    const severity = isShaped ? 'error' : 'warning';
    const message = `${isShaped ? 'is' : 'looks like'} a secret written out: put it in the .env of the home and write "$${name}" here`;
    return [{ path: ['tasks', index, 'env', name], message, severity }];
  });
}

function warning(path: Finding['path'], message: string): Finding {
  return { path, message, severity: 'warning' };
}
