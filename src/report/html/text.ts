import { html } from 'hono/html';
import { cutEnd, printable } from '../../base/index.ts';

/** A piece of a page. What `html` fills in is escaped unless it is such a piece itself. */
export type Piece = ReturnType<typeof html>;

/** Words of agents, task files and people in one line: made printable, cut; `html` escapes them. */
export function words(text: string, max = 300): string {
  return cutEnd(printable(text).replace(/\s+/g, ' ').trim(), max);
}

/** The same with its lines. */
export function lines(text: string, max = 4000): string {
  return cutEnd(printable(text).trim(), max);
}

/** Words in which backticks set off code. */
export function coded(text: string): Piece {
  return html`${text.split('`').map((one, at) => (at % 2 === 0 ? one : html`<code>${one}</code>`))}`;
}
