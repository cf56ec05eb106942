import { distance } from 'fastest-levenshtein';
import { nearest } from '../document/index.ts';
import { readStars } from './stars.ts';
import type { KnownTask } from './types.ts';

/** What a heading is about. */
export type About =
  | {
      kind: 'task';
      task: string;
      /** It was written so, and taken for the task. */
      written?: string;
      /** A rating at the end of the heading; `from` and `to` are its place in the text. */
      rating?: { stars: number; from: number; to: number };
    }
  | { kind: 'performance' | 'adjustments' }
  /** `# Feedback - 2026-11-23`. */
  | { kind: 'title'; date?: string }
  /** `near`: the task that it may have meant. */
  | { kind: 'unknown'; near?: string };

/** The tasks that a file can be about. */
export interface Day {
  /** The day that the file's name says. */
  date: string;
  tasks: readonly KnownTask[];
}

/** Which task of the day, or what else, a heading or a table's cell names. */
export function aboutOf(title: string, day: Day): About {
  const text = title.trim();
  const found = taskOf(text, day);
  if (found?.kind === 'task') return { ...found, ...ratingAtEnd(title, found, day.tasks) };
  const plain = bare(text);
  const feedback =
    /^(?:feedback|rückmeldung)\b\s{0,4}(?:(?:[-–—:]|for|of|für|vom|zum)\s{0,4})?(?:(\d{4}-\d{2}-\d{2})|\d{1,2}\.\d{1,2}\.(?:\d{2,4})?)?\s*$/i.exec(
      plain,
    );
  if (feedback !== null) return { kind: 'title', ...(feedback[1] === undefined ? {} : { date: feedback[1] }) };
  if (/^(?:the )?(?:orchestrator|dayshift)\b.{0,40}$/i.test(plain)) return { kind: 'performance' };
  if (/^(?:tomorrow\S{0,2}\s+)?(?:adjustments?|anpassungen)\b.{0,40}$|^tomorrow\S{0,2}$/i.test(plain))
    return { kind: 'adjustments' };
  return found ?? { kind: 'unknown' };
}

/** The task whose id a text begins with, however it is set off (`**task-001**`, `1. task-001:`); `rest` is what stands behind. */
export function beginsWith(text: string, { date, tasks }: Day): { task: KnownTask; rest: string } | undefined {
  for (const said of [text.trim(), bare(text), bare(text).replace(/^(?:task|aufgabe)\s*[:#]?\s+(?=\S)/i, '')]) {
    const first = said.split(/[\s:]/, 1)[0] ?? '';
    const other = /^(\d{4}-\d{2}-\d{2})\//.exec(first)?.[1];
    // Another day's task is none of this one.
    if (other !== undefined && other !== date) continue;
    const id = first.slice(other === undefined ? 0 : 11).replace(/[.,;)\]*`]+$/, '');
    const task = tasks.find((one) => one.id === id) ?? tasks.find((one) => one.id.toLowerCase() === id.toLowerCase());
    if (task !== undefined && id !== '') return { task, rest: said.slice(first.length).trim() };
  }
  return undefined;
}

/** By id, then by name, then by what is nearly an id. */
function taskOf(text: string, day: Day): About | undefined {
  const exact = beginsWith(text, day);
  if (exact !== undefined) return { kind: 'task', task: exact.task.id };
  const plain = bare(text);
  const whole = [text, plain, ...[text, plain].map((one) => one.replace(RATING_AT_END, ''))].map(comparable);
  for (const one of whole) {
    const named = day.tasks.filter(({ id, name }) => comparable(name) === one || comparable(id) === one);
    if (named.length === 1 && named[0] !== undefined) return { kind: 'task', task: named[0].id };
  }
  const word = plain.replace(/^(?:task|aufgabe)\s*[:#]?\s+(?=\S)/i, '').split(/[\s:]/, 1)[0] ?? '';
  const first = word.replace(/[.,;)]+$/, '');
  const near = nearest(
    first,
    day.tasks.map(({ id }) => id),
  );
  if (near === undefined) return undefined;
  return isSlip(first, near) ? { kind: 'task', task: near, written: first } : { kind: 'unknown', near };
}

/**
 * `task-1` is `task-001`, `tsak-002` is `task-002`; `task-004` is not `task-001`, nor `logging` `login`: with other numbers
 * or other letters it may be somebody else's task, or no task at all.
 */
function isSlip(written: string, id: string): boolean {
  const [a, b] = [letters(written), letters(id)];
  if (id.length < 4 || numbersOf(written) !== numbersOf(id)) return false;
  const sorted = (text: string) => Array.from(text).sort().join('');
  const steps = distance(a, b);
  return steps <= 1 || (steps === 2 && (sorted(a) === sorted(b) || b.length >= 12));
}

function letters(id: string): string {
  return id
    .toLowerCase()
    .replace(/[-_\s]/g, '')
    .replace(/\d+/g, (number) => String(Number(number)));
}

function numbersOf(id: string): string {
  return (id.match(/\d+/g) ?? []).map(Number).join(' ');
}

const RATING_AT_END =
  /(?:\s|[(:])((?:[★⭐🌟☆✩½]\uFE0F?){1,12}|\d{1,2}(?:[.,]\d)?\s?\/\s?(?:5|10)|\d(?:[.,]\d)?\s(?:of|von)\s5)\)?[*_`]{0,3}\s*$/u;

/**
 * A rating at the end of a heading; right behind the id any that a line could have (`## task-001: 4`, `## task-001 80 %`). None where the
 * end of the heading is the end of the task's name: "Migration part 2/5".
 */
function ratingAtEnd(
  title: string,
  { task, written = task }: { task: string; written?: string },
  tasks: readonly KnownTask[],
): Pick<About & { kind: 'task' }, 'rating'> {
  const name = comparable(tasks.find(({ id }) => id === task)?.name ?? '');
  const whole = comparable(title);
  if (name !== '' && (whole === name || whole.endsWith(` ${name}`))) return {};
  return behindId(title, written) ?? atEnd(title) ?? {};
}

/** What stands behind the id is a rating and nothing else. */
function behindId(title: string, id: string): Pick<About & { kind: 'task' }, 'rating'> | undefined {
  const at = title.toLowerCase().indexOf(id.toLowerCase());
  if (at === -1) return undefined;
  const after = title.slice(at + id.length);
  const lead = /^[\s:–—(*_`\])-]+/u.exec(after.slice(0, 40))?.[0];
  if (lead === undefined || after.length > 60) return undefined;
  const read = readStars(after.slice(lead.length));
  if (read === undefined || !/^[\s)*_`.!]*$/.test(read.rest)) return undefined;
  const from = at + id.length + lead.length;
  return { rating: { stars: read.stars, from: from + read.from, to: from + read.to } };
}

function atEnd(title: string): Pick<About & { kind: 'task' }, 'rating'> | undefined {
  const start = Math.max(0, title.length - 60);
  const found = RATING_AT_END.exec(title.slice(start));
  const read = found?.[1] === undefined ? undefined : readStars(found[1]);
  if (found?.[1] === undefined || read === undefined) return undefined;
  const from = start + found.index + found[0].indexOf(found[1]);
  return { rating: { stars: read.stars, from, to: from + read.to } };
}

/** What stands behind the id in a heading, where it begins as a rating does and is none: `3-4`. */
export function unreadBehindId(title: string, { date, tasks }: Day): string | undefined {
  const found = beginsWith(title, { date, tasks });
  const rest = found?.rest.replace(/^[\s:–—(*_`\])-]+|[\s)*_`]+$/gu, '') ?? '';
  if (!/^[\d★⭐🌟☆✩][\s\d.,/★⭐🌟☆✩½–—-]*$/u.test(rest) || rest.length > 40) return undefined;
  return comparable(found?.task.name ?? '') === comparable(rest) ? undefined : rest;
}

/** Whether a heading that names a task has something in it that looks like a rating and was not read as one. */
export function hasUnreadRating(title: string, task: KnownTask): boolean {
  const name = comparable(task.name);
  const rest = ` ${comparable(title)} `
    .replace(name === '' ? ' ' : ` ${name} `, '  ')
    .replace(comparable(task.id), ' ');
  return /[★⭐🌟]|(?<![\w.])\d(?:[.,]\d)?\s?\/\s?(?:5|10)(?![\w/.])/u.test(rest);
}

/**
 * Without what sets a heading off: emphasis, a link's brackets, a tick, a number, a box. `_` counts only at the ends of
 * words: `add_user_page` is an id.
 */
function bare(text: string): string {
  let plain = text
    .replace(/\[([^[\]]{1,200})\](?:\([^()]{0,500}\)|\[[^[\]]{0,200}\])?/g, (all, inner: string) =>
      /^[ xX]$/.test(inner) ? all : inner,
    )
    .replace(/[*`]{1,3}/g, '')
    .replace(/(?<![\p{L}\p{N}_])_{1,3}(?=[^\s_])|(?<=[^\s_])_{1,3}(?![\p{L}\p{N}_])/gu, '')
    .trim();
  for (let round = 0; round < 4; round += 1) {
    const found =
      /^(?:\[[ xX]\]|\d{1,3}[.)](?=\s)|[\p{Extended_Pictographic}\p{So}✓✗\uFE0F]+|[-–—•]+(?=\s)|\()\s*/u.exec(plain);
    if (found === null || found[0].length === plain.length) break;
    plain = plain.slice(found[0].length);
  }
  return plain;
}

function comparable(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[*`]/g, '')
    .split(/[\s_-]+/u)
    .filter(Boolean)
    .join(' ');
}
