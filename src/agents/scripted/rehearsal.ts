import type { TaskSpec } from '../../journal/index.ts';
import { scriptOf } from './parse.ts';
import type { Script } from './schema.ts';

/** A word of a deliverable that looks like a path in the project: it has a slash or an ending, and stays inside. */
const PATH_WORD =
  /^(?!\/|~|-|[a-z]+:\/\/)(?!.*(?:^|\/)\.\.(?:\/|$))[\w@.()[\]+-]*(?:\/[\w@.()[\]+-]+)*(?:\/|\.\w{1,10})?$/u;

/**
 * A script for tasks that have none: each touches its deliverables, writes its summary and ends. What the files
 * hold is plausible and worthless: a rehearsal shows the day, not the work.
 */
export function rehearsalScript(tasks: Pick<TaskSpec, 'id' | 'name' | 'deliverables'>[]): Script {
  return scriptOf({
    tasks: tasks.map((task) => {
      const paths = [...new Set(task.deliverables.flatMap(pathsIn))];
      return {
        task: task.id,
        turns: [
          {
            say: `I look at the project first.`,
            tools: [{ name: 'Bash', input: { command: 'git status --short; ls' } }],
          },
          // Bash and not Write: the CLI wants a file to be read before it is overwritten.
          ...paths.map((path) => ({
            say: `Now ${path}.`,
            tools: [{ name: 'Bash', input: { command: touch(path, task.name), description: `Write ${path}` } }],
          })),
          {
            tools: [
              {
                name: 'Write',
                input: { file_path: '{{out}}/summary.md', content: summary(task.name, paths) },
              },
            ],
          },
          { say: `Rehearsed: ${task.name}.` },
        ],
      };
    }),
  });
}

/** The paths that a deliverable's text names. */
export function pathsIn(deliverable: string): string[] {
  return deliverable
    .split(/[\s,;]+/u)
    .map((word) => word.replace(/^["'`]+|["'`.:]+$/gu, ''))
    .filter((word) => /[/.]/u.test(word) && PATH_WORD.test(word) && /\w/u.test(word));
}

/** Adds a line to the file, or a file to the folder, in the comment style that does the least harm. */
function touch(path: string, name: string): string {
  const file = path.endsWith('/') ? `${path}rehearsal.md` : path;
  const slash = file.lastIndexOf('/');
  const folder = slash === -1 ? '' : `mkdir -p ${quote(file.slice(0, slash))} && `;
  return `${folder}printf '%s\\n' ${quote(lineFor(file, `Rehearsal of "${name}"`))} >> ${quote(file)}`;
}

function lineFor(file: string, text: string): string {
  const plain = text.replaceAll(/[\r\n]+/gu, ' ');
  if (/\.(?:[cm]?[jt]sx?|css|scss|go|rs|java|kt|swift|c|cc|cpp|h|php)$/u.test(file)) return `// ${plain}`;
  if (/\.(?:sql|lua|hs)$/u.test(file)) return `-- ${plain}`;
  if (/\.(?:md|txt|html|rst)$/u.test(file)) return plain;
  return `# ${plain}`;
}

function summary(name: string, paths: string[]): string {
  const done = paths.length === 0 ? ['- nothing: the task names no files'] : paths.map((path) => `- ${path}`);
  return ['# Summary', '', `A rehearsal of "${name}": no model was asked.`, '', '## Files', ...done, ''].join('\n');
}

/** One word of a shell command. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
