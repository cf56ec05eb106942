import { oneLine } from '../base/index.ts';

/** Something wrong in a file that a person wrote, with the place where it stands. */
export interface Problem {
  /** As it is shown to people: relative to the home where it lies inside. */
  file: string;
  /** 1-based. */
  line: number;
  /** 1-based, in UTF-16 units. */
  column: number;
  /** Where in the document: `tasks[2].module`; empty for the whole of it. */
  path: string;
  /** What was expected and what was found. No secret ever. */
  message: string;
  severity: 'error' | 'warning';
}

/** The way from the root of a document to one of its values. */
export type Path = readonly (string | number)[];

/** One line: `tasks/2026-11-23.yaml:14:5  tasks[2].module: expected a string, found a list of 2`. */
export function formatProblem(problem: Problem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const path = problem.path === '' ? '' : `${problem.path}: `;
  const severity = problem.severity === 'warning' ? 'warning: ' : '';
  return `${oneLine(place)}  ${oneLine(`${severity}${path}${problem.message}`)}`;
}

/** `tasks[2].module`; a key that is no plain word stands in brackets and quotes. */
export function formatPath(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[A-Za-z_][A-Za-z0-9_-]*$/.test(part)) text += text === '' ? part : `.${part}`;
    else text += `[${JSON.stringify(part.length > 40 ? `${part.slice(0, 40)}…` : part)}]`;
  }
  return text;
}

/** More than this nobody reads, and a hostile file would have a million. */
const most = 200;

/** In the order of the file, without repetition; past 200 only their number is told. */
export function tidyProblems(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  const unique = problems.filter((problem) => {
    // What an alias names again stands at one place, however many entries it is.
    const key = JSON.stringify({ ...problem, path: problem.path.replace(/\[\d+\]/g, '[]') });
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  unique.sort((a, b) => a.line - b.line || a.column - b.column);
  const last = unique[most - 1];
  if (unique.length <= most || last === undefined) return unique;
  const rest = unique.slice(most);
  const severity = rest.some((problem) => problem.severity === 'error') ? 'error' : 'warning';
  return [
    ...unique.slice(0, most),
    { ...last, path: '', message: `and at least ${rest.length} more problems`, severity },
  ];
}

/** The files that have the errors, for a hint what to mend; `otherwise` where no error names one. */
export function filesOf(problems: readonly Problem[], otherwise: string): string {
  const files = new Set(problems.filter(({ severity }) => severity === 'error').map(({ file }) => file));
  return files.size === 0 ? otherwise : [...files].join(' and ');
}
