import { posix } from 'node:path';
import { createRedactor } from '../base/index.ts';
import type { Plan, TaskSpec } from '../journal/index.ts';
import type { PlanContext } from './context.ts';
import type { Finding } from './cross.ts';

/** What is worth a word before the day begins: warnings, but for credentials that are written out. */
export function remarks(
  plan: Plan,
  raw: { tasks: readonly { context_files?: readonly string[] | undefined }[] },
  context: PlanContext,
): Finding[] {
  if (plan.tasks.length === 0) return [warning(['tasks'], 'there are no tasks: nothing will run on this day')];
  return plan.tasks.flatMap((task, index) => [
    ...missingFiles(task, index, raw.tasks[index]?.context_files !== undefined, context),
    ...budget(task, index, plan),
    ...openSecrets(task, index),
  ]);
}

function missingFiles(task: TaskSpec, index: number, own: boolean, context: PlanContext): Finding[] {
  return task.contextFiles.flatMap((file, at) => {
    const path = own ? ['tasks', index, 'context_files', at] : ['defaults', 'context_files', at];
    const plain = posix.normalize(file);
    if (posix.isAbsolute(plain) || plain === '..' || plain.startsWith('../') || plain.startsWith('~')) {
      return [warning(path, `${file} lies outside the project: the agent cannot see it`)];
    }
    return context.exists(task.project, plain) ? [] : [warning(path, `${file} is not in the project ${task.project}`)];
  });
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
