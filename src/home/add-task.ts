import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isMap, isSeq, parseDocument, type Document } from 'yaml';
import { DayshiftError, hasCode, queues } from '../base/index.ts';
import { formatProblem } from '../document/index.ts';
import { dateOfFile, parsePlan } from '../plan/index.ts';
import { planContext } from './load-plan.ts';
import type { Home } from './types.ts';

/** A task as it is added to a file: what a task file says, as far as it is known. */
export interface NewTask {
  id: string;
  name: string;
  description: string;
  project?: string;
}

/**
 * Adds a task to a task file (a day's, or the backlog), which is made where there is none. Comments and order stay. Nothing
 * is written where the file would not be valid afterwards: throws DayshiftError (usage) that says why. A task with the
 * same words that is there already is not added again. Resolves with the id in the file, which is none of `taken`.
 */
export function addTask(
  home: Home,
  file: string,
  task: NewTask,
  taken: readonly string[] = [],
): Promise<{ id: string; added: boolean }> {
  // Two people, two chats, two taps: the second sees what the first has written.
  return inTurn(file, () => add(home, file, task, taken));
}

const inTurn = queues();

async function add(
  home: Home,
  file: string,
  task: NewTask,
  taken: readonly string[],
): Promise<{ id: string; added: boolean }> {
  const text = await textOf(file);
  const document = parseDocument(text);
  if (document.errors.length > 0)
    throw invalid(
      file,
      document.errors.map(({ message }) => message.split('\n')[0] ?? ''),
    );
  const known = tasksOf(document);
  const same = known.find((one) => one.description === task.description && one.name === task.name);
  if (same?.id !== undefined) return { id: same.id, added: false };
  const ids = [...known.flatMap((one) => one.id ?? []), ...taken];
  const id = freeId(task.id, new Set(ids.map((one) => one.toLowerCase())));
  put(document, { ...task, id });
  const next = document.toString({ lineWidth: 0 });
  const date = dateOfFile(basename(file));
  // The backlog has no day: any will do to see whether its tasks are whole.
  const { problems } = parsePlan(next, basename(file), planContext(home, date ?? '2000-01-01'));
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw invalid(file, errors.map(formatProblem));
  await mkdir(dirname(file), { recursive: true });
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.new`);
  await writeFile(temporary, next);
  await rename(temporary, file);
  return { id, added: true };
}

function invalid(file: string, problems: string[]): DayshiftError {
  return new DayshiftError('usage', `nothing was added: ${problems.join('\n')}`, { hint: `mend ${file}` });
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 'tasks:\n';
    throw error;
  }
}

function tasksOf(document: Document): { id?: string; name?: string; description?: string }[] {
  const tasks: unknown = (document.toJS() as { tasks?: unknown } | null)?.tasks;
  return Array.isArray(tasks)
    ? tasks.filter((task): task is { id?: string } => typeof task === 'object' && task !== null)
    : [];
}

function put(document: Document, task: NewTask): void {
  if (!isMap(document.contents)) document.contents = document.createNode({ tasks: [] });
  const node = document.createNode(task);
  const tasks: unknown = document.get('tasks', true);
  if (isSeq(tasks)) {
    tasks.flow = false;
    tasks.add(node);
  } else document.set('tasks', document.createNode([task]));
}

/** The id, with a number where it is taken. */
function freeId(id: string, taken: ReadonlySet<string>): string {
  if (!taken.has(id.toLowerCase())) return id;
  for (let number = 2; ; number += 1) if (!taken.has(`${id}-${number}`.toLowerCase())) return `${id}-${number}`;
}
