import type { TaskSpec } from '../../journal/index.ts';
import { lookAtDeliverables, matchesPath } from '../../review/index.ts';
import { scriptOf } from './parse.ts';
import type { Script } from './schema.ts';

/** Nothing outside the project is touched. */
const OUTSIDE = /^[/~-]|(?:^|\/)\.\.(?:\/|$)/u;

/** What is there of a project, so that what names its files is known as the review will know it. Paths are relative to it. */
export interface ProjectLook {
  exists(path: string): boolean;
  isFolder(path: string): boolean;
  /** All its files, to find one that fits a glob. */
  files(): readonly string[];
}

const nothingThere: ProjectLook = { exists: () => false, isFolder: () => false, files: () => [] };

/** What a rehearsal touches where the deliverables name no file: a day with nothing changed would fail. */
const NOTE = 'REHEARSAL.md';

/**
 * A script for tasks that have none: each touches its deliverables, writes its summary and ends. What the files
 * hold is plausible and worthless: a rehearsal shows the day, not the work.
 */
export function rehearsalScript<T extends Pick<TaskSpec, 'id' | 'name' | 'deliverables'>>(
  tasks: T[],
  lookAt: (task: T) => ProjectLook = () => nothingThere,
): Script {
  return scriptOf({
    tasks: tasks.map((task) => {
      const look = lookAt(task);
      const named = [...new Set(task.deliverables.flatMap((text) => pathsOf(text, look)))];
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

/** The files that the review will look for, of a glob one that fits. A text that begins with a folder is one path, blanks and all. */
function pathsOf(text: string, look: ProjectLook): string[] {
  const whole = /^[^\s/]+\/.*\.\w{1,10}$/u.test(text);
  const isInside = (path: string) => !OUTSIDE.test(path);
  const [looked] = lookAtDeliverables([text], {
    exists: (path) => (whole && path === text) || (isInside(path) && look.exists(path)),
    changed: () => false,
  });
  return (looked?.paths ?? []).filter(isInside).flatMap((path) => {
    if (/[*?{]/u.test(path)) return fitting(path, look);
    return [look.isFolder(path) && !path.endsWith('/') ? `${path}/` : path];
  });
}

/** A file that fits a glob: one that is there, else a new one, where one can be thought of. */
function fitting(glob: string, look: ProjectLook): string[] {
  const there = look.files().find((path) => matchesPath(glob, path));
  if (there !== undefined) return [there];
  const made = glob
    .replaceAll(/\{([^{},]*)[^{}]*\}/gu, '$1')
    .replaceAll('**/', '')
    .replaceAll(/\*+/gu, 'rehearsal')
    .replaceAll('?', 'x');
  return !/[*?{}]/u.test(made) && matchesPath(glob, made) ? [made] : [];
}

/** Adds a line to the file, or a file to the folder, in the way that does the least harm. */
function touch(path: string, name: string): string {
  const file = path.endsWith('/') ? `${path}rehearsal.md` : path;
  const slash = file.lastIndexOf('/');
  const folder = slash === -1 ? '' : `mkdir -p ${quote(file.slice(0, slash))} && `;
  const to = `>> ${quote(file)}`;
  const { fresh, more } = linesFor(file, `Rehearsal of "${name}"`);
  if (fresh === more) return `${folder}printf '%s\\n' ${quote(fresh)} ${to}`;
  return `${folder}if [ -s ${quote(file)} ]; then printf '%s\\n' ${quote(more)} ${to}; else printf '%s\\n' ${quote(fresh)} ${to}; fi`;
}

/** The line that a new file begins with, and the one that a file gets more: an empty one where any other could break it. */
function linesFor(file: string, text: string): { fresh: string; more: string } {
  const plain = text.replaceAll(/[\r\n]+/gu, ' ');
  const both = (line: string) => ({ fresh: line, more: line });
  if (/\.(?:[cm]?[jt]sx?|s[ac]ss|less|go|rs|java|kts?|swift|c|cc|cpp|h|hpp|cs|dart|zig|proto|prisma)$/u.test(file))
    return both(`// ${plain}`);
  if (file.endsWith('.css')) return both(`/* ${plain.replaceAll('*/', '* /')} */`);
  if (/\.(?:sql|lua|hs)$/u.test(file)) return both(`-- ${plain}`);
  if (/\.(?:md|txt|rst|adoc)$/u.test(file)) return both(plain);
  if (/\.(?:html?|vue)$/u.test(file)) return both(`<!-- ${plain.replaceAll(/--+/gu, '-')} -->`);
  if (/\.(?:ya?ml|toml|py|rb|sh|bash|zsh|fish|tf|nix|r|exs?|properties|mk|graphql|gql|conf|cfg)$/u.test(file))
    return both(`# ${plain}`);
  if (/\.(?:json|ipynb)$/u.test(file)) return { fresh: '{}', more: '' };
  if (file.endsWith('.php')) return { fresh: `<?php // ${plain}`, more: '' };
  // The name says nothing for sure: Dockerfile, LICENSE, x.bin, x.png.
  return { fresh: `# ${plain}`, more: '' };
}

function summary(name: string, paths: string[]): string {
  const done = paths.length === 0 ? ['- nothing: the task names no files'] : paths.map((path) => `- ${path}`);
  return ['# Summary', '', `A rehearsal of "${name}": no model was asked.`, '', '## Files', ...done, ''].join('\n');
}

/** One word of a shell command. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
