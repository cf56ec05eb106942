import { printable } from '../base/index.ts';
import { tidyProblems, type Problem } from '../document/index.ts';
import { aboutOf, type About } from './heading.ts';
import { labelOf, readLine, signAt, type Label, type Line } from './line.ts';
import { readStars } from './stars.ts';
import { cellsOf, columnsOf, type Columns } from './table.ts';
import type { Feedback, KnownTask, OtherSection, Said, Sign, TaskFeedback, Wish } from './types.ts';

export interface FeedbackContext {
  /** How the file is named to people: `feedback/2026-11-23.md`. */
  file: string;
  /** The day that the file's name says. */
  date: string;
  tasks: readonly KnownTask[];
}

/** Where the lines that come next belong. */
interface Place {
  said: Said;
  /** A line of `## Tomorrow's Adjustments` is a wish whatever it begins with. */
  wishes?: Wish[];
  /** What a heading or a label above says that bare lines are. */
  mood: Label | undefined;
  /** The remark or wish that a line without a beginning of its own goes on with. */
  last: { text: string } | undefined;
}

/**
 * Reads a feedback file as people write it. Never throws; whatever it does not understand is a problem with its place,
 * and stands in one of the lists all the same.
 */
export function parseFeedback(text: string, { file, date, tasks }: FeedbackContext): Feedback {
  const problems: Problem[] = [];
  const problem = (line: number, column: number, message: string, severity: Problem['severity'] = 'warning') =>
    problems.push({ file, line, column, path: '', message, severity });
  const said = new Map<string, TaskFeedback>();
  const others: OtherSection[] = [];
  const performance: Said = { remarks: [], actions: [] };
  const adjustments: Wish[] = [];
  const top: OtherSection = { heading: '', line: 1, remarks: [], actions: [] };
  let place: Place = at(top);
  let columns: Columns | undefined;
  let fence: string | undefined;

  const lines = withoutComments(text.replace(/^\ufeff/, '')).split(/\r\n|\n|\r/);
  for (const [index, raw] of lines.entries()) {
    const number = index + 1;
    const mark = /^\s{0,3}(`{3,}|~{3,})/.exec(raw.slice(0, 40))?.[1];
    if (fence !== undefined || mark !== undefined) {
      // What stands in a fence is quoted: kept, and not looked at.
      if (fence === undefined) fence = mark;
      else if (mark?.startsWith(fence) === true) fence = undefined;
      else if (raw.trim() !== '') remark('note', raw.trimEnd(), number);
      place.last = undefined;
      continue;
    }
    const row = columns === undefined ? undefined : cellsOf(raw);
    if (columns !== undefined && row !== undefined) {
      if (!/^[\s|:-]+$/.test(raw)) tableRow(columns, raw, number);
      continue;
    }
    columns = columnsOf(raw, lines[index + 1]);
    if (columns === undefined) take(readLine(raw), raw, number);
  }
  for (const one of said.values()) {
    if (one.rating === undefined && one.remarks.length + one.actions.length > 0)
      problem(one.line, 1, `${one.task} has no rating: add a line such as "Rating: 4/5"`);
  }
  if (top.remarks.length + top.actions.length > 0 || top.rating !== undefined) others.unshift(top);
  return { tasks: [...said.values()], performance, adjustments, others, problems: tidyProblems(problems) };

  function take(line: Line, raw: string, number: number): void {
    switch (line.type) {
      case 'blank':
        place.last = undefined;
        return;
      case 'heading':
        heading(line, number);
        return;
      case 'labelled':
        labelled(line, number);
        return;
      case 'words':
        words(line, raw, number);
    }
  }

  function heading({ level, text: title, column }: Line & { type: 'heading' }, number: number): void {
    const about = aboutOf(title, tasks);
    const label = labelOf(title.replace(/^[^\p{L}]+/u, ''));
    // A heading within a section: `### Actions`, `### What went well`.
    if (level > 2 && label !== undefined && about.kind !== 'task') {
      place = { ...place, mood: label, last: undefined };
      return;
    }
    if (level > 2 && about.kind === 'unknown' && place.said !== top) {
      place.last = undefined;
      remark('note', title, number);
      return;
    }
    place = placeOf(about, title, number, column);
  }

  function placeOf(about: About, title: string, number: number, column: number): Place {
    switch (about.kind) {
      case 'task': {
        const one = section(about, number, column);
        if (about.stars !== undefined) rate(one, about.stars, number);
        return at(one);
      }
      case 'performance':
        return at(performance);
      case 'adjustments':
        return { said: performance, wishes: adjustments, mood: undefined, last: undefined };
      case 'title':
        if (about.date !== undefined && about.date !== date)
          problem(number, column, `the title says ${about.date}, the file’s name ${date}: the name counts`);
        return at(top);
      case 'unknown': {
        const other: OtherSection = { heading: printable(title).slice(0, 200), line: number, remarks: [], actions: [] };
        others.push(other);
        problem(number, column, unknownTask(title, about.near));
        return at(other);
      }
    }
  }

  function unknownTask(title: string, near: string | undefined): string {
    const ids = tasks.map(({ id }) => id);
    const known = ids.length === 0 ? `${date} has no tasks in the journal` : `tasks of ${date}: ${shortList(ids)}`;
    const meant = near === undefined ? '' : `: did you mean ${JSON.stringify(near)}?`;
    return `${JSON.stringify(printable(title).slice(0, 60))} is no task of this day${meant} (${known}); kept as a note`;
  }

  function section({ task, written }: About & { kind: 'task' }, number: number, column: number): TaskFeedback {
    if (written !== undefined) problem(number, column, `${JSON.stringify(written)} is taken for ${task}`);
    let one = said.get(task);
    if (one === undefined) said.set(task, (one = { task, line: number, remarks: [], actions: [] }));
    return one;
  }

  function labelled({ label, text: rest, column }: Line & { type: 'labelled' }, number: number): void {
    place.last = undefined;
    if (label === 'rating') {
      rating(place.said, rest, number, column);
      return;
    }
    // `Actions:` with its list below.
    if (rest === '') {
      place.mood = label;
      return;
    }
    if (label === 'action') wish(rest, number);
    else remark(moodSign(label), rest, number);
  }

  function words({ sign, text: rest, item, indent }: Line & { type: 'words' }, raw: string, number: number): void {
    const loose = !item && sign === undefined;
    if (rest === '') return;
    if (loose && place.last !== undefined) {
      place.last.text = `${place.last.text} ${printable(rest)}`;
      return;
    }
    const stars = loose && isOnlyRating(raw) ? readStars(rest) : undefined;
    if (stars !== undefined && place.said !== top && place.wishes === undefined) {
      rate(place.said, stars.stars, number);
      return;
    }
    // A paragraph of its own is no part of the list above.
    if (loose && indent < 2) place.mood = undefined;
    if (place.mood === 'action' && sign === undefined) wish(rest, number);
    else remark(sign ?? moodSign(place.mood), rest, number);
  }

  function rating(of: Said, rest: string, number: number, column: number): void {
    const read = readStars(rest);
    if (read === undefined) {
      problem(number, column, `expected a rating from 0 to 5 such as 4/5 or ★★★★☆, found ${quoted(rest)}`, 'error');
      if (rest !== '') remark('note', rest, number);
      return;
    }
    if (of === performance && place.wishes !== undefined) {
      wish(rest, number);
      return;
    }
    rate(of, read.stars, number);
    if (read.rest !== '') remark(signAt(read.rest)?.sign ?? 'note', read.rest, number);
  }

  function rate(of: Said, stars: number, number: number): void {
    if (of.rating !== undefined && of.rating !== stars)
      problem(number, 1, `a second rating: ${stars} counts, not the ${of.rating} of line ${of.ratingLine ?? 0}`);
    of.rating = stars;
    of.ratingLine = number;
  }

  function remark(sign: Sign, words: string, line: number): void {
    if (place.wishes !== undefined) {
      wish(words, line);
      return;
    }
    const one = { sign, text: printable(words), line };
    place.said.remarks.push(one);
    place.last = one;
  }

  function wish(words: string, line: number): void {
    const one = { text: printable(words), line };
    (place.wishes ?? place.said.actions).push(one);
    place.last = one;
  }

  function tableRow(kinds: Columns, raw: string, number: number): void {
    const cells = cellsOf(raw) ?? [];
    const name = cells[kinds.indexOf('task')];
    if (name === undefined || name.text === '') {
      if (raw.replace(/[\s|]/g, '') !== '') {
        problem(number, 1, 'this row names no task; kept as a note');
        remark('note', raw.trim(), number);
      }
      return;
    }
    const outside = place;
    const about = aboutOf(name.text, tasks);
    place = placeOf(about.kind === 'task' ? about : { kind: 'unknown' }, name.text, number, name.column);
    for (const [index, cell] of cells.entries()) {
      const kind = kinds[index];
      if (kind === 'task' || cell.text === '') continue;
      place.last = undefined;
      const sign = signAt(cell.text);
      if (kind === 'rating') rating(place.said, cell.text, number, cell.column);
      else if (kind === 'action') wish(cell.text, number);
      else remark(sign?.sign ?? moodSign(kind), cell.text.slice(sign?.length ?? 0), number);
    }
    place = { ...outside, last: undefined };
  }
}

function at(said: Said): Place {
  return { said, mood: undefined, last: undefined };
}

function moodSign(label: Label | undefined): Sign {
  return label === 'good' || label === 'warning' || label === 'bad' ? label : 'note';
}

/** A line that is a rating and nothing else: stars, or `4/5`. A bare number may be anything. */
function isOnlyRating(line: string): boolean {
  return /^\s*(?:(?:[★⭐🌟☆✩½]\uFE0F?\s?){1,12}|\d(?:[.,]\d{1,2})?\s?(?:\/|of|von)\s?\d{1,3})\s*$/u.test(
    line.slice(0, 100),
  );
}

/** The text with what stands in `<!-- -->` as blanks: lines and columns stay. One that is never closed is no comment. */
function withoutComments(text: string): string {
  let out = '';
  let done = 0;
  for (;;) {
    const from = text.indexOf('<!--', done);
    const to = from === -1 ? -1 : text.indexOf('-->', from + 4);
    if (to === -1) return out + text.slice(done);
    out += text.slice(done, from) + text.slice(from, to + 3).replace(/[^\r\n]/g, ' ');
    done = to + 3;
  }
}

function shortList(ids: readonly string[]): string {
  return ids.length <= 8 ? ids.join(', ') : `${ids.slice(0, 8).join(', ')} and ${ids.length - 8} more`;
}

function quoted(text: string): string {
  return text === '' ? 'nothing' : JSON.stringify(printable(text).slice(0, 40));
}
