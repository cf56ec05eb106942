/**
 * Expanded words are strings in which five characters that no real word holds stand for what is not known.
 * Input that holds one of them is refused before it is parsed.
 */

/** Any text at all, or none. */
export const UNKNOWN = '\u0000';
/** An unquoted `*` (or a pattern as wide). */
export const STAR = '\u0011';
/** An unquoted `?` or `[…]`. */
export const ONE = '\u0012';
/** Text that nobody knows but that is harmless as a word: a number, a date, the name of a file below the current folder. */
export const SAFE = '\u0013';
/** A `*` that matches names with a leading dot too (`shopt -s dotglob`). */
export const STAR_DOT = '\u0014';
/** Like `SAFE`, but of every file below the current folder, those of `.git` too. */
export const FILES = '\u0015';

const anyMark = /[\u0000\u0011-\u0015]/;

const globMark = /[\u0011\u0012\u0014]/;

/** True where every character of the word is known. */
export const isKnown = (text: string): boolean => !anyMark.test(text);
export const hasUnknown = (text: string): boolean => text.includes(UNKNOWN);
export const hasGlob = (text: string): boolean => globMark.test(text);

/** Known text as it may enter a word: control characters that would look like marks become unknown. */
export const asKnown = (text: string): string =>
  anyMark.test(text) ? text.replace(/[\u0000\u0011-\u0015]/g, UNKNOWN) : text;

/** True for a list of names of files: of which nothing is unknown but which they are. */
export const isNames = (text: string): boolean => /[\u0013\u0015]/.test(text) && !hasUnknown(text);

/** The word as people read it. */
export function shown(text: string): string {
  if (isKnown(text)) return text;
  let out = '';
  for (const char of text) {
    if (char === UNKNOWN || char === SAFE || char === FILES) out += '…';
    else if (char === STAR || char === STAR_DOT) out += '*';
    else out += char === ONE ? '?' : char;
  }
  return out;
}
