import { oneLine, printable } from '../base/index.ts';
import { aboutOf } from './heading.ts';
import { readLine } from './line.ts';
import { readStars, starsText } from './stars.ts';

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
  const sections = sectionsOf(lines, rating);
  const last = sections.at(-1);
  if (last === undefined) {
    const before = trimmedEnd(lines);
    return [...before, '', `## ${rating.task}: ${oneLine(rating.name)}`, ...sectionOf([], rating), ''].join(eol);
  }
  // Of several sections the last rating counts: that is the one to change.
  const { start, end } = last;
  const body = trimmedEnd(lines.slice(start + 1, end));
  return [...lines.slice(0, start + 1), ...sectionOf(body, rating), '', ...lines.slice(end)].join(eol);
}

/** The sections of a task: the index of the heading, and of the line after the section. */
function sectionsOf(lines: readonly string[], { task, name }: Rating): { start: number; end: number }[] {
  const sections: { start: number; end: number }[] = [];
  let open: { start: number; end: number } | undefined;
  let fence: string | undefined;
  for (const [index, text] of lines.entries()) {
    const mark = /^\s{0,3}(`{3,}|~{3,})/.exec(text.slice(0, 40))?.[1];
    if (mark !== undefined) fence = fence === undefined ? mark : mark.startsWith(fence) ? undefined : fence;
    if (fence !== undefined) continue;
    const line = readLine(text);
    if (line.type !== 'heading') continue;
    const about = aboutOf(line.text, [{ id: task, name }]);
    const mine = about.kind === 'task' && about.written === undefined;
    // `### Actions` stands within a section.
    if (open !== undefined && !mine && line.level > 2) continue;
    if (open !== undefined) open.end = index;
    open = mine ? { start: index, end: lines.length } : undefined;
    if (open !== undefined) sections.push(open);
  }
  return sections;
}

function sectionOf(body: readonly string[], { stars, remark, action }: Rating): string[] {
  const lines = [...body];
  if (stars !== undefined) {
    const at = lines.findLastIndex(isRating);
    const before = lines[at];
    if (before === undefined) lines.unshift(`Rating: ${starsText(stars)}`);
    else lines[at] = rated(before, stars);
  }
  const more = [
    ...(remark === undefined ? [] : printable(remark).trim().split('\n')),
    ...(action === undefined ? [] : [`Action: ${oneLine(action)}`]),
  ]
    .map((line) => line.trimEnd())
    // A heading in somebody's words would begin a section of its own, a fence would swallow what comes after.
    .map((line) => line.replace(/^(\s*)(#+(?:\s|$)|`{3,}|~{3,}|<!--)/, '$1\\$2'))
    .filter((line) => line !== '' && line !== 'Action:' && !lines.includes(line));
  if (more.length === 0) return lines;
  return [...lines, ...(lines.at(-1) === '' || lines.length === 0 ? [] : ['']), ...more];
}

function isRating(text: string): boolean {
  const line = readLine(text);
  return line.type === 'labelled' && line.label === 'rating';
}

/** The rating's line with other stars; what is written before and behind them stays. */
function rated(text: string, stars: number): string {
  const line = readLine(text);
  if (line.type !== 'labelled') return text;
  const rest = readStars(line.text)?.rest ?? '';
  const behind = rest === '' ? '' : text.slice(text.lastIndexOf(rest));
  return `${text.slice(0, line.column - 1)}${starsText(stars)}${behind === '' ? '' : ` ${behind}`}`;
}

function trimmedEnd(lines: readonly string[]): string[] {
  let end = lines.length;
  while (end > 0 && lines[end - 1]?.trim() === '') end -= 1;
  return lines.slice(0, end);
}
