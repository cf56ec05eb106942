import { distance } from 'fastest-levenshtein';
import type { Sign } from './types.ts';

/** What one line of the file is, read by itself. Columns are 1-based. */
export type Line =
  | { type: 'blank' }
  | { type: 'heading'; level: number; text: string; column: number }
  /** A label with what stands behind it: `Rating: 4`, `**Action:** …`, `- Good: …`. */
  | { type: 'labelled'; label: Label; text: string; column: number; indent: number }
  /**
   * Words, with the sign that they begin with. `item`: they begin a list item; `bold`: they are nothing but emphasis;
   * `like`: a label that they nearly begin with.
   */
  | {
      type: 'words';
      sign: Sign | undefined;
      text: string;
      column: number;
      indent: number;
      item: boolean;
      bold: boolean;
      like?: string;
    };

export type Label = 'rating' | 'action' | 'good' | 'warning' | 'bad' | 'note';

const labels: Record<string, Label> = {
  ...{ rating: 'rating', rate: 'rating', stars: 'rating', score: 'rating', bewertung: 'rating', sterne: 'rating' },
  ...{ action: 'action', actions: 'action', 'action item': 'action', 'action items': 'action' },
  ...{ aktion: 'action', aktionen: 'action', maßnahme: 'action', maßnahmen: 'action' },
  ...{ good: 'good', well: 'good', 'what went well': 'good', gut: 'good' },
  ...{
    improve: 'warning',
    improvement: 'warning',
    improvements: 'warning',
    warning: 'warning',
    besser: 'warning',
    verbessern: 'warning',
  },
  ...{ bad: 'bad', 'what went wrong': 'bad', schlecht: 'bad' },
  ...{ comment: 'note', comments: 'note', note: 'note', notes: 'note', remark: 'note', remarks: 'note' },
  ...{ kommentar: 'note', bemerkung: 'note' },
};

/** What a label or a column of a table means; undefined where it is no label. */
export function labelOf(words: string): Label | undefined {
  const plain = words
    .toLowerCase()
    .replace(/[*_`:]/g, '')
    .trim();
  return Object.hasOwn(labels, plain) ? labels[plain] : undefined;
}

const signs: [RegExp, Sign][] = [
  [/^(?:✅|✔|☑|👍|🟢)\uFE0F?\s*/u, 'good'],
  [/^(?:⚠|🟡|🟠)\uFE0F?\s*/u, 'warning'],
  [/^(?:❌|✗|✘|✖|👎|🔴|⛔)\uFE0F?\s*/u, 'bad'],
];

const BULLET = /^(?:[-*+•]\s+|\d{1,4}[.)]\s+)(?:\[[ xX]\]\s+)?/;
const LABELLED =
  /^([*_]{0,3})([\p{L}][\p{L} ]{1,20}?)(?:\s?#?\d{1,2})?([*_]{0,3})\s{0,4}[:：]\s{0,8}([*_]{0,3})\s{0,8}/u;
/** `Action - …`: only where a rating or a wish follows it is a label. */
const DASHED = /^([*_]{0,3})(action|aktion|rating|bewertung)([*_]{0,3})\s{1,4}[-–—→]\s{1,4}()/iu;
const BARE_RATING = /^[*_]{0,2}(?:rating|bewertung|stars|score)[*_]{0,2}\s+(?=[\d★⭐☆🌟])/iu;

/** Reads one line. Never throws; linear in its length. */
export function readLine(line: string): Line {
  const indent = line.length - line.trimStart().length;
  const heading = /^ {0,3}(#{1,6})(?:\s+|$)/.exec(line.slice(0, 64));
  if (heading?.[1] !== undefined) {
    const text = line
      .slice(heading[0].length)
      .trim()
      .replace(/\s#{1,6}$/, '')
      .trim();
    return { type: 'heading', level: heading[1].length, text, column: heading[0].length + 1 };
  }
  // Nothing, or a rule.
  if (line.trim() === '' || /^ {0,3}(?:(?:- ?){3,}|(?:\* ?){3,}|(?:_ ?){3,}|={3,})$/.test(line.trimEnd()))
    return { type: 'blank' };
  let at = indent;
  let closing = '';
  const skip = (pattern: RegExp): boolean => {
    const found = pattern.exec(line.slice(at, at + 200));
    if (found === null || found[0] === '') return false;
    at += found[0].length;
    return true;
  };
  const item = skip(BULLET);
  let sign = signAt(line.slice(at, at + 16));
  if (sign !== undefined) at += sign.length;
  const head = line.slice(at, at + 200);
  const rated = BARE_RATING.exec(head);
  if (rated !== null) return labelled('rating', at + rated[0].length);
  const found = LABELLED.exec(head) ?? DASHED.exec(head);
  const label = found?.[2] === undefined ? undefined : labelOf(found[2]);
  if (found !== null && label !== undefined) {
    at += found[0].length;
    // `**Action: do it**`: what is closed at the line's end belongs to neither.
    if (found[3] === '' && found[4] === '') closing = found[1] ?? '';
    const after = signAt(line.slice(at, at + 16));
    if (label === 'rating' || label === 'action' || (sign === undefined && after === undefined))
      return labelled(label, at);
    sign ??= after;
    at += after?.length ?? 0;
  }
  const text = textFrom(at);
  const like = label === undefined && found?.[2] !== undefined ? nearlyLabel(found[2]) : undefined;
  return {
    ...{ type: 'words', sign: sign?.sign, text, column: at + 1, indent, item },
    bold: /^(\*{2,3}|_{2,3})[^*]+\1:?$/.test(text),
    ...(like === undefined ? {} : { like }),
  };

  function labelled(label: Label, from: number): Line {
    return { type: 'labelled', label, text: textFrom(from), column: from + 1, indent };
  }

  function textFrom(from: number): string {
    const text = line.slice(from).trim();
    return closing !== '' && text.endsWith(closing) ? text.slice(0, -closing.length).trimEnd() : text;
  }
}

/** `Acton`, `Raiting`: a slip that would make a note of what was meant to count. */
function nearlyLabel(words: string): string | undefined {
  const plain = words.toLowerCase().trim();
  if (plain.length < 5 || labelOf(plain) !== undefined) return undefined;
  return ['Action', 'Rating', 'Bewertung'].find(
    (one) => distance(one.toLowerCase(), plain) <= 1 || isTurned(one, plain),
  );
}

/** The same letters, two of them in each other's place. */
function isTurned(one: string, other: string): boolean {
  const sorted = (text: string) => Array.from(text.toLowerCase()).sort().join('');
  return one.length === other.length && sorted(one) === sorted(other) && distance(one.toLowerCase(), other) === 2;
}

/** The sign that a text begins with. */
export function signAt(text: string): { sign: Sign; length: number } | undefined {
  for (const [pattern, sign] of signs) {
    const found = pattern.exec(text);
    if (found !== null) return { sign, length: found[0].length };
  }
  return undefined;
}
