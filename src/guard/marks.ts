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

/** A whole-string pattern for a marked word; `SAFE` and `UNKNOWN` match anything. */
export function patternOf(text: string): RegExp {
  let out = '';
  for (const char of text) {
    if (char === STAR || char === STAR_DOT) out += '[^/]*';
    else if (char === ONE) out += '[^/]';
    else if (char === UNKNOWN || char === SAFE || char === FILES) out += '.*';
    else out += char.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
  }
  return new RegExp(`^${out}$`, 's');
}

/** Steps of a marked word: a character, one but a slash, any run but of slashes, any run at all. */
type Step = string | 1 | 2 | 3;

const stepOf = (char: string): Step => {
  if (char === STAR || char === STAR_DOT) return 2;
  if (char === ONE) return 1;
  return char === UNKNOWN || char === SAFE || char === FILES ? 3 : char;
};

/** Whether a marked word may stand for this text: as `patternOf`, for names that are asked once. */
export function mayBe(marked: string, text: string): boolean {
  if (isKnown(marked)) return marked === text;
  // Most names differ in their first or last letter.
  const [first, last] = [stepOf(marked[0] ?? ''), stepOf(marked.at(-1) ?? '')];
  if (typeof first === 'string' && first !== text[0]) return false;
  if (typeof last === 'string' && last !== text.at(-1)) return false;
  let reach = [true];
  for (const mark of marked) {
    const step = stepOf(mark);
    const next: boolean[] = [];
    for (let end = 0; end <= text.length; end += 1) {
      const char = text[end - 1];
      if (step === 2 || step === 3)
        next[end] = reach[end] === true || (end > 0 && next[end - 1] === true && (step === 3 || char !== '/'));
      else next[end] = end > 0 && reach[end - 1] === true && (step === 1 ? char !== '/' : step === char);
    }
    reach = next;
  }
  return reach[text.length] === true;
}
