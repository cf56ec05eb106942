import type { TaskState } from '../../../src/journal/index.ts';
import { taskRef, type Action } from '../actions.ts';
import type { Message } from '../input.ts';
import { bold, line, pre, rich } from '../rich/index.ts';
import { diffPage } from './diff-page.ts';

/** Patches up to so many characters stand in the message itself. */
const SHORT = 1200;
/** Files that are named. */
const MOST_FILES = 30;

/** A task's changes: in the message where they are short, as a patch to apply and a page to read where they are not. */
export function diffMessage(day: string, task: TaskState, patch: string, sign: (action: Action) => string): Message {
  const { id, name } = task.spec;
  const { files, insertions, deletions, paths } = task.work?.stat ?? {
    files: 0,
    insertions: 0,
    deletions: 0,
    paths: [],
  };
  const named = paths.slice(0, MOST_FILES).map((path) => `${path.status} ${path.path}`);
  if (paths.length > MOST_FILES) named.push(`… and ${paths.length - MOST_FILES} more`);
  const ref = taskRef(day, id);
  return {
    rich: rich(
      line(bold(id), `: ${files} ${files === 1 ? 'file' : 'files'}, +${insertions} −${deletions}`),
      named.length === 0 ? undefined : pre(named.join('\n')),
      patch !== '' && patch.length <= SHORT ? pre(patch.trimEnd(), 'diff') : undefined,
    ),
    ...(files === 0 ? {} : { buttons: [[{ label: '📥 Apply', data: sign({ do: 'task', verb: 'apply', ref }) }]] }),
    ...(patch.length <= SHORT
      ? {}
      : {
          files: [
            { name: `${id}.html`, bytes: Buffer.from(diffPage(`${id}: ${name}`, patch)), as: 'document' as const },
            { name: `${id}.patch`, bytes: Buffer.from(patch), as: 'document' as const },
          ],
        }),
  };
}
