import { oneLine, printable } from '../base/index.ts';

/** What somebody says of a task: stars, words, what shall be different. */
interface Rating {
  task: string;
  /** The task's name, for the heading of a new section. */
  name: string;
  /** 1 to 5, halves allowed. */
  stars?: number;
  /** A line each: a remark as it was written. */
  remark?: string;
  /** What shall be different from now on. */
  action?: string;
}

/**
 * The feedback file with one more rating in it. Everything else stays as it was written, to the byte: a later rating
 * of the same task takes the place of the earlier one's stars, words are added to its section, and the same twice is
 * there once.
 */
export function withRating(text: string, date: string, rating: Rating): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text.trim() === '' ? [`# Feedback - ${date}`, ''] : text.split(/\r?\n/);
  const start = lines.findIndex((line) => headingOf(line) === rating.task.toLowerCase());
  if (start === -1) {
    const before = trimmedEnd(lines);
    return [...before, '', `## ${rating.task}: ${oneLine(rating.name)}`, ...sectionOf([], rating), ''].join(eol);
  }
  const next = lines.findIndex((line, index) => index > start && /^#{1,2}\s/.test(line));
  const end = next === -1 ? lines.length : next;
  const body = trimmedEnd(lines.slice(start + 1, end));
  const rest = lines.slice(end);
  return [...lines.slice(0, start + 1), ...sectionOf(body, rating), '', ...rest].join(eol);
}

/** The task that a section's heading names, in lower case. */
function headingOf(line: string): string | undefined {
  return /^#{2,3}\s+([^\s:]+)\s*(?::.*)?$/.exec(line)?.[1]?.toLowerCase();
}

function sectionOf(body: readonly string[], { stars, remark, action }: Rating): string[] {
  const lines = [...body];
  if (stars !== undefined) {
    const rated = `Rating: ${stars}/5`;
    const at = lines.findIndex((line) => /^\s*rating\s*:/i.test(line));
    if (at === -1) lines.unshift(rated);
    else lines[at] = rated;
  }
  const more = [
    ...(remark === undefined ? [] : printable(remark).trim().split('\n')),
    ...(action === undefined ? [] : [`Action: ${oneLine(action)}`]),
  ].filter((line) => line.trim() !== '' && !lines.includes(line));
  if (more.length === 0) return lines;
  // A heading in somebody's words would begin a section of its own.
  const safe = more.map((line) => line.replace(/^(\s*)(#+\s)/, '$1\\$2'));
  return [...lines, ...(lines.at(-1) === '' || lines.length === 0 ? [] : ['']), ...safe];
}

function trimmedEnd(lines: readonly string[]): string[] {
  let end = lines.length;
  while (end > 0 && lines[end - 1]?.trim() === '') end -= 1;
  return lines.slice(0, end);
}
