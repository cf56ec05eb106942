import { labelOf, type Label } from './line.ts';

/** A cell with its 1-based column. */
export interface Cell {
  text: string;
  column: number;
}

/** What a table's columns hold; undefined for one that is not known. */
export type Columns = (Label | 'task' | undefined)[];

/** The cells of a row; undefined where the line is none. `\|` is no border. */
export function cellsOf(line: string): Cell[] | undefined {
  if (!line.includes('|')) return undefined;
  const cells: Cell[] = [];
  let start = 0;
  for (let at = 0; at <= line.length; at += 1) {
    if (at < line.length && (line[at] !== '|' || line[at - 1] === '\\')) continue;
    const raw = line.slice(start, at);
    const edge = (start === 0 || at === line.length) && raw.trim() === '';
    if (!edge)
      cells.push({
        text: raw.trim().replaceAll('\\|', '|'),
        column: start + 1 + (raw.length - raw.trimStart().length),
      });
    start = at + 1;
  }
  return cells;
}

/** The columns of a table that begins with these two lines and names tasks; undefined where it is none. */
export function columnsOf(head: string, below: string | undefined): Columns | undefined {
  if (below === undefined || !/^[\s|:-]+$/.test(below) || !below.includes('-') || !below.includes('|'))
    return undefined;
  const columns = cellsOf(head)?.map(({ text }) =>
    /^(?:tasks?|id|task id|aufgabe)$/i.test(text.replace(/[*_`]/g, '')) ? 'task' : labelOf(text),
  );
  return columns?.includes('task') === true ? columns : undefined;
}
