import { printable } from '../base/index.ts';
import { tidyProblems } from '../document/index.ts';
import { feedbackOf, newBook, quoted, type Opening, type Place, type RatingPlace, type Section } from './book.ts';
import { aboutOf, beginsWith, hasUnreadRating, unreadBehindId, type About, type Day } from './heading.ts';
import { nameLine } from './name-line.ts';
import { labelOf, readLine, signAt, type Label, type Line } from './line.ts';
import { readStars } from './stars.ts';
import { cellsOf, columnsOf, type Columns } from './table.ts';
import type { Feedback, Sign } from './types.ts';
import { labelNames, severities, unclosed, unknownTask, whose } from './phrases.ts';
import { viewOf, type Row, type View } from './view.ts';

export interface FeedbackContext extends Day {
  /** How the file is named to people: `feedback/2026-11-23.md`. */
  file: string;
}

/** A feedback file with where in it everything stands, for whoever changes it. */
export interface ReadFeedback {
  feedback: Feedback;
  view: View;
  /** In the order of the file. */
  sections: Section[];
  /** By task, the rating that counts. */
  ratings: Map<string, RatingPlace>;
}

/**
 * Reads a feedback file as people write it. Never throws; whatever it does not understand is a problem with its place,
 * and stands in one of the lists all the same. What others said (a fence, a quote, what is indented like code) is kept
 * as a note and is neither a rating nor a wish.
 */
export function parseFeedback(text: string, context: FeedbackContext): Feedback {
  return readFeedback(text, context).feedback;
}

/** The same, with the places. */
export function readFeedback(text: string, context: FeedbackContext): ReadFeedback {
  const { file, date } = context;
  const book = newBook(file);
  const { problem, top } = book;
  const view = viewOf(text);
  const { rows } = view;
  let columns: Columns | undefined;

  for (const [index, row] of rows.entries()) {
    const number = index + 1;
    if (row.kind !== 'own') {
      quotedRow(row, number);
      columns = undefined;
    } else line(row, rows[index + 1], number);
    const { section } = book.place();
    book.place().width = row.text.trimEnd().length;
    if (section !== undefined && row.text.trim() !== '') section.last = number;
  }
  for (const { what, line: number, column } of view.unclosed) problem(number, column, unclosed[what], severities[what]);
  for (const one of book.said.values()) {
    if (one.rating === undefined && one.remarks.length + one.actions.length > 0)
      problem(one.line, 1, `${one.task} has no rating: add a line such as "Rating: 4/5"`);
  }
  const cut = view.unclosed.find(({ what }) => what === 'fence')?.line;
  const feedback = {
    ...feedbackOf(book),
    ...(cut === undefined ? {} : { cut }),
    problems: tidyProblems(book.problems),
  };
  return { feedback, view, sections: book.sections, ratings: book.ratings };

  function line(row: Row, next: Row | undefined, number: number): void {
    const { text: words } = row;
    const read = readLine(words);
    if (columns !== undefined && read.type !== 'heading' && cellsOf(words) !== undefined) {
      if (!/^[\s|:-]+$/.test(words)) tableRow(columns, words, number);
      return;
    }
    columns = columnsOf(words, next?.kind === 'own' ? next.text : undefined);
    if (columns !== undefined) return;
    leaveItem(read);
    if (read.type === 'words' && !read.item && isUnderlined(read.text, next)) {
      const level = next?.text.trim().startsWith('=') === true ? 1 : 2;
      heading({ type: 'heading', level, text: read.text, column: read.column }, number);
      return;
    }
    take(read, number);
  }

  /** Words with a rule of `=` below are a heading; with one of `-` where they name what a heading names. */
  function isUnderlined(words: string, next: Row | undefined): boolean {
    if (words === '' || next?.kind !== 'own') return false;
    if (/^ {0,3}={3,}\s*$/.test(next.text)) return true;
    if (!/^ {0,3}-{3,}\s*$/.test(next.text)) return false;
    const about = aboutOf(words, context);
    return about.kind === 'task' ? about.written === undefined : about.kind !== 'unknown' || about.near !== undefined;
  }

  /** What stands indented below a list's item is of it; the next item is not, nor a paragraph of its own. */
  function leaveItem(read: Line): void {
    const { item } = book.place();
    if (item === undefined) return;
    if (read.type === 'blank') item.gap = true;
    else if (read.type !== 'heading' && read.indent <= item.indent && (item.gap || isItem(read)))
      book.go({ ...item.after, last: undefined });
  }

  function quotedRow({ text: words, kind }: Row, number: number): void {
    book.place().last = undefined;
    if (kind === 'edge' || words.trim() === '') return;
    book.quote(words.trimEnd(), number);
    if (kind === 'fenced') return;
    const shown = words.replace(/^(?:[\s>]|[-*+•]\s|\d{1,4}[.)]\s)+/, '');
    const read = readLine(shown);
    if (read.type !== 'labelled' || (read.label !== 'rating' && read.label !== 'action')) return;
    const why = kind === 'quote' ? 'behind ">" it is somebody else’s' : 'four spaces before it make it code';
    problem(
      number,
      words.length - shown.length + 1,
      `a ${labelNames[read.label]} that does not count: ${why}; kept as a note`,
    );
  }

  function take(read: Line, number: number): void {
    switch (read.type) {
      case 'blank':
        book.place().last = undefined;
        return;
      case 'heading':
        heading(read, number);
        return;
      case 'labelled':
        labelled(read, number);
        return;
      case 'words':
        if (!namesTask(read, number)) words(read, number);
    }
  }

  function heading({ level, text: title, column }: Line & { type: 'heading' }, number: number): void {
    const about = aboutOf(title, context);
    const label = labelOf(title.replace(/^[^\p{L}]+/u, ''));
    const place = book.place();
    const within = place.level > 0 && level > place.level;
    // A heading within a section: `### Actions`, `### What went well`.
    if ((level > 2 || within) && label !== undefined && about.kind !== 'task') {
      book.go({ ...place, mood: label, last: undefined });
      return;
    }
    const owned = place.section !== undefined || place.said === book.performance;
    if (within && owned && about.kind === 'unknown' && about.near === undefined) {
      book.remark('note', title, number);
      place.last = undefined;
      return;
    }
    // Deeper than `##`, below a task's heading, only what names another one exactly is its own: `### Test` is no slip for `tests`.
    const unsure =
      about.kind === 'task' && about.written !== undefined && within && level > 2 && place.section !== undefined;
    begin(unsure ? { kind: 'unknown', near: about.task } : about, title, 'heading', level, number, column);
  }

  function begin(about: About, title: string, by: Opening, level: number, number: number, column: number): Place {
    switch (about.kind) {
      case 'task': {
        if (about.written !== undefined)
          problem(number, column, `${JSON.stringify(about.written)} is taken for ${about.task}`);
        const place = book.open(about.task, by, level, number);
        if (about.rating !== undefined) {
          const { stars, from, to } = about.rating;
          book.rate(stars, { line: number, column: column + from, length: to - from });
        } else if (unreadBehindId(title, context) !== undefined)
          problem(
            number,
            column,
            `${JSON.stringify(unreadBehindId(title, context))} is no rating from 0 to 5: say one number, such as "Rating: 4/5"`,
          );
        else if (
          hasUnreadRating(title, context.tasks.find(({ id }) => id === about.task) ?? { id: about.task, name: '' })
        )
          problem(
            number,
            column,
            'no rating is read within a heading: put it at its end, or below it as "Rating: 4/5"',
          );
        return place;
      }
      case 'performance':
        return book.open(book.performance, by, level, number);
      case 'adjustments': {
        const place = book.open(book.performance, by, level, number);
        place.wishes = book.adjustments;
        return place;
      }
      case 'title':
        if (about.date !== undefined && about.date !== date)
          problem(number, column, `the title says ${about.date}, the file’s name ${date}: the name counts`);
        return book.open(top, by, 0, number);
      case 'unknown': {
        const other = { heading: printable(title).slice(0, 200), line: number, remarks: [], actions: [] };
        book.others.push(other);
        problem(number, column, unknownTask(title, about.near, context));
        return book.open(other, by, level, number);
      }
    }
  }

  /** A line that names a task as a heading would (`**task-001**`, `- task-001: 5/5`). True where it was one. */
  function namesTask(read: Line & { type: 'words' }, number: number): boolean {
    const place = book.place();
    const found = nameLine(read, context);
    // In a section that was begun so, what is set off alike begins another one.
    if (found === undefined && read.bold && place.section?.by === 'bold' && labelOf(read.text) === undefined) {
      begin(aboutOf(read.text, context), read.text, 'bold', 7, number, read.column);
      return true;
    }
    if (found === undefined) {
      const begun = place.said === top ? beginsWith(read.text, context) : undefined;
      if (begun !== undefined && place.last === undefined)
        problem(
          number,
          read.column,
          `to say this of ${begun.task.id}, write it below a heading: "## ${begun.task.id}"; kept as a note`,
        );
      return false;
    }
    if (found.kind === 'unknown') {
      begin({ kind: 'unknown', near: found.near }, read.text, 'bold', 7, number, read.column);
      return true;
    }
    const { task, by, rating } = found;
    const inside = place.section !== undefined && (place.section.by === 'heading' || place.section.by === 'bold');
    if ((inside && by !== 'bold' && place.section?.task !== task) || place.said === book.performance) {
      problem(
        number,
        read.column,
        `${task} is named in ${whose(place)}: give it a heading of its own; kept as a note there`,
      );
      return false;
    }
    if (!inside || by === 'bold') {
      const after = place.item?.after ?? place;
      const opened = book.open(task, by, by === 'bold' ? 7 : 8, number);
      if (by === 'item') opened.item = { indent: read.indent, gap: false, after };
    }
    if (rating !== undefined) {
      const rest = book.rating(rating.text, number, read.column + rating.at);
      if (rest !== '') behind(rest, number);
    }
    return true;
  }

  function labelled({ label, text: rest, column }: Line & { type: 'labelled' }, number: number): void {
    const place = book.place();
    place.last = undefined;
    if (label === 'rating') {
      const more = book.rating(rest, number, column);
      if (more !== '') behind(more, number);
      return;
    }
    // `Actions:` with its list below.
    if (rest === '') {
      place.mood = label;
      return;
    }
    if (label === 'action') book.wish(rest, number, column);
    else remark(moodSign(label), rest, number, column);
  }

  /** What stands behind a rating: `Rating: 4/5, Action: …`, `Rating: 4/5 ✅ …`. */
  function behind(rest: string, number: number): void {
    const read = readLine(rest);
    if (read.type === 'labelled' && read.label !== 'rating' && read.text !== '') labelled(read, number);
    else {
      const sign = signAt(rest);
      remark(sign?.sign ?? 'note', rest.slice(sign?.length ?? 0), number, 1);
    }
  }

  function words(read: Line & { type: 'words' }, number: number): void {
    const { sign, text: rest, item, indent, column, like } = read;
    const place = book.place();
    const loose = !item && sign === undefined;
    if (rest === '') return;
    // It is one below a remark too: whoever wrote it on a line of its own did not mean a part of that.
    const onlyRating = loose && place.wishes === undefined && isOnlyRating(rest);
    const arrow = /^(?:[→⇒➜]|[-=]>)\s/u.test(rest);
    if (like !== undefined)
      problem(number, column, `${quoted(rest.slice(0, 20))} is read as a note: did you mean "${like}:"?`);
    else if (arrow && place.wishes === undefined)
      problem(
        number,
        column,
        'an arrow is read as a note: begin the line with "Action:" if it shall be done from now on',
      );
    else if (loose && !onlyRating && place.last !== undefined && goesOn(place, rest, indent)) {
      place.last.text = `${place.last.text} ${printable(rest)}`;
      inTheMiddle(rest, number, column);
      return;
    }
    // A number alone is one where nothing of the task is said yet but its name.
    const first = place.section !== undefined && place.said.rating === undefined && place.mood === undefined;
    const alone = loose && first && place.last === undefined && place.wishes === undefined && isBareNumber(rest);
    if (onlyRating || (alone && readStars(rest) !== undefined)) {
      book.rating(rest, number, column);
      place.last = undefined;
      return;
    }
    // A paragraph of its own is no part of the list above.
    if (loose && indent < 2) place.mood = undefined;
    const label = read.bold ? labelOf(rest) : undefined;
    if (label !== undefined && label !== 'rating') place.mood = label;
    else if (place.mood === 'action' && sign === undefined) book.wish(rest, number, column);
    else remark(sign ?? moodSign(place.mood), rest, number, column);
    // What only looks like something is a line of its own, and so is the next.
    if (arrow || like !== undefined || label !== undefined) place.last = undefined;
  }

  function remark(sign: Sign, text: string, number: number, column: number): void {
    book.remark(sign, text, number);
    inTheMiddle(text, number, column);
  }

  function inTheMiddle(text: string, number: number, column: number): void {
    const found = /[\s.,;](?:action|aktion)s?:\s/i.exec(text);
    if (found !== null)
      problem(number, column + found.index + 1, '"Action:" within a line is part of the remark: begin a line with it');
  }

  function tableRow(kinds: Columns, raw: string, number: number): void {
    const cells = cellsOf(raw) ?? [];
    const name = cells[kinds.indexOf('task')];
    if (name === undefined || name.text === '') {
      if (raw.replace(/[\s|]/g, '') !== '') {
        problem(number, 1, 'this row names no task; kept as a note');
        book.remark('note', raw.trim(), number);
      }
      return;
    }
    const outside = book.place();
    const about = aboutOf(name.text, context);
    begin(about.kind === 'task' ? about : { kind: 'unknown' }, name.text, 'row', 8, number, name.column);
    for (const [index, cell] of cells.entries()) {
      const kind = kinds[index];
      if (kind === 'task' || cell.text === '') continue;
      book.place().last = undefined;
      const sign = signAt(cell.text);
      if (kind === 'rating') {
        const rest = book.rating(cell.text, number, cell.column);
        if (rest !== '') behind(rest, number);
      } else if (kind === 'action') book.wish(cell.text, number, cell.column);
      else book.remark(sign?.sign ?? moodSign(kind), cell.text.slice(sign?.length ?? 0), number);
    }
    book.go({ ...outside, last: undefined });
  }
}

/** Lines are broken at about this width by editors, and by people who do as these do. */
const WRAPPED = 60;

/**
 * Whether a line without a beginning of its own goes on with the remark or wish above it: a note always does; what has a sign or is a wish
 * where it was broken (the line above was long, and no sentence ends there), or where this one is indented or begins in the middle of a sentence.
 */
function goesOn({ last, width = 0 }: Place, words: string, indent: number): boolean {
  if (last?.sign === 'note' || indent >= 2 || /^[\p{Ll}\d("'`,;–-]/u.test(words)) return true;
  return width >= WRAPPED && !/[.!?]$/.test(last?.text ?? '');
}

function isItem(read: Line): boolean {
  return read.type === 'words' && read.item;
}

function moodSign(label: Label | undefined): Sign {
  return label === 'good' || label === 'warning' || label === 'bad' ? label : 'note';
}

/** `4`, `4.5`, `80 %`, `3 stars`. */
function isBareNumber(words: string): boolean {
  return /^[*_]{0,3}(?:[0-5](?:[.,]\d)?(?:\s?(?:stars?|sterne?))?|\d{1,3}\s?%)[*_]{0,3}[.!]?$/i.test(words);
}

/** Words that are a rating and nothing else: stars, or `4/5`. A bare number may be anything. */
function isOnlyRating(words: string): boolean {
  return words.length <= 60 && /[★⭐🌟☆✩½]|\d\s?(?:\/|of|von)\s?\d/u.test(words) && readStars(words)?.rest === '';
}
