import type { TaskSpec } from '../../journal/index.ts';
import { pathsIn } from '../../review/index.ts';
import { scriptOf } from './parse.ts';
import type { Script } from './schema.ts';

/** Globs name no file, and nothing outside the project is touched. */
const OUTSIDE = /[*?{]|^[/~-]|(?:^|\/)\.\.(?:\/|$)/u;

/** What a rehearsal touches where the deliverables name no file: a day with nothing changed would fail. */
const NOTE = 'REHEARSAL.md';

/**
 * A script for tasks that have none: each touches its deliverables, writes its summary and ends. What the files
 * hold is plausible and worthless: a rehearsal shows the day, not the work.
 */
export function rehearsalScript(tasks: Pick<TaskSpec, 'id' | 'name' | 'deliverables'>[]): Script {
  return scriptOf({
    tasks: tasks.map((task) => {
      const named = [...new Set(task.deliverables.flatMap(pathsOf))];
      const paths = named.length === 0 && task.deliverables.length > 0 ? [NOTE] : named;
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

/** The files that a deliverable's text names, as far as they can be touched. A text that begins with a folder is one path, blanks and all. */
function pathsOf(text: string): string[] {
  const whole = /^[^\s/]+\/.*\.\w{1,10}$/u.test(text);
  return pathsIn(text, (path) => whole && path === text).filter((path) => !OUTSIDE.test(path));
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
