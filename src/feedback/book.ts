import { printable } from '../base/index.ts';
import type { Problem } from '../document/index.ts';
import type { Label } from './line.ts';
import { readStars } from './stars.ts';
import type { Feedback, OtherSection, Said, Sign, TaskFeedback, Wish } from './types.ts';

/** How a section was begun: by a heading, by a line that is one in all but its marks, by a list's item, by a row of a table. */
export type Opening = 'heading' | 'bold' | 'line' | 'item' | 'row';

/** Where a task's section stands; lines are 1-based. */
export interface Section {
  task: string;
  by: Opening;
  line: number;
  /** The last line that is not blank. */
  last: number;
}

/** Where the rating that counts stands in the file: 1-based line and column, length in characters. */
export interface RatingPlace {
  line: number;
  column: number;
  length: number;
}

/** Where the lines that come next belong. */
export interface Place {
  said: Said;
  /** The section of a task, where it is one. */
  section?: Section;
  /** Of the heading: 1 to 6, deeper for what is none; 0 above the first one. */
  level: number;
  /** A line of `## Tomorrow's Adjustments` is a wish whatever it begins with. */
  wishes?: Wish[];
  /** What a heading or a label above says that bare lines are. */
  mood: Label | undefined;
  /** The remark or wish that a line without a beginning of its own may go on with. */
  last: { text: string; sign?: Sign } | undefined;
  /** How wide the file's line is that `last` ends with, in characters. */
  width?: number;
  /** A list's item: how far it is indented, and what comes after it. */
  item?: { indent: number; gap: boolean; after: Place };
}

/** What is read so far, and where the next line belongs. Whatever is put into it is in one of its lists. */
export type Book = ReturnType<typeof newBook>;

/** @param file how the file is named to people */
export function newBook(file: string) {
  const problems: Problem[] = [];
  const said = new Map<string, TaskFeedback>();
  const others: OtherSection[] = [];
  const performance: Said = { remarks: [], actions: [] };
  const adjustments: Wish[] = [];
  const top: OtherSection = { heading: '', line: 1, remarks: [], actions: [] };
  const sections: Section[] = [];
  const ratings = new Map<string, RatingPlace>();
  let place: Place = { said: top, level: 0, mood: undefined, last: undefined };

  return {
    top,
    performance,
    adjustments,
    others,
    problems,
    said,
    sections,
    ratings,
    place: () => place,
    go: (to: Place) => {
      place = to;
    },
    problem,
    open,
    rating,
    rate,
    remark,
    wish,
    quote,
  };

  function problem(line: number, column: number, message: string, severity: Problem['severity'] = 'warning'): void {
    problems.push({ file, line, column, path: '', message, severity });
  }

  /** Begins a section: of a task by its id, or of whatever else. */
  function open(to: string | Said, by: Opening, level: number, line: number): Place {
    let of: Said;
    let section: Section | undefined;
    if (typeof to === 'string') {
      let one = said.get(to);
      if (one === undefined) said.set(to, (one = { task: to, line, remarks: [], actions: [] }));
      sections.push((section = { task: to, by, line, last: line }));
      of = one;
    } else of = to;
    place = { said: of, level, mood: undefined, last: undefined, ...(section === undefined ? {} : { section }) };
    return place;
  }

  /** Reads a rating and gives back the words behind it. */
  function rating(text: string, line: number, column: number): string {
    const read = readStars(text);
    if (read === undefined) {
      problem(line, column, `expected a rating from 0 to 5 such as 4/5 or ★★★★☆, found ${quoted(text)}`, 'error');
      if (text !== '') remark('note', text, line);
      return '';
    }
    if (place.wishes !== undefined) {
      wish(text, line);
      return '';
    }
    rate(read.stars, { line, column: column + read.from, length: read.to - read.from });
    return read.rest;
  }

  function rate(stars: number, where: RatingPlace): void {
    const of = place.said;
    const task = place.section?.task;
    if (task === undefined) {
      if (of === top) homeless(where.line, where.column, 'rating');
      // Nothing that was written is lost: such a section has room for one.
      if (of === performance || of.rating !== undefined) remark('note', `Rating: ${stars}/5`, where.line);
      else of.rating = stars;
      return;
    }
    if (of.rating !== undefined && of.rating !== stars)
      problem(where.line, 1, `a second rating: ${stars} counts, not the ${of.rating} of line ${of.ratingLine ?? 0}`);
    of.rating = stars;
    of.ratingLine = where.line;
    ratings.set(task, where);
  }

  function homeless(line: number, column: number, what: string): void {
    problem(
      line,
      column,
      `a ${what} above the first heading is nobody’s: put it below the heading of its task; kept as a note`,
    );
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

  function wish(words: string, line: number, column = 1): void {
    const one = { text: printable(words), line };
    if (place.said === top) homeless(line, column, 'wish');
    (place.wishes ?? place.said.actions).push(one);
    place.last = one;
  }

  /** Others' words: kept where they stand, and nothing else. */
  function quote(words: string, line: number): void {
    place.said.remarks.push({ sign: 'note', text: printable(words), line, quoted: true });
    place.last = undefined;
  }
}

/** What was found instead, for people: `nothing`, or its beginning. */
export function quoted(text: string): string {
  return text === '' ? 'nothing' : JSON.stringify(printable(text).slice(0, 40));
}

/** The lists as they are given on. */
export function feedbackOf({ said, performance, adjustments, others, top }: Book): Omit<Feedback, 'problems'> {
  const above = top.remarks.length + top.actions.length > 0 || top.rating !== undefined ? [top] : [];
  return { tasks: [...said.values()], performance, adjustments, others: [...above, ...others] };
}
