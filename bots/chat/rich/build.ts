import { printable } from '../../../src/base/index.ts';
import type { Block, Rich, Span } from '../../../src/journal/index.ts';

type Words = string | Span;

/** A run of text; control characters and marks that turn its direction go. */
const span = (words: Words): Span => (typeof words === 'string' ? { text: printable(words) } : words);

export const bold = (text: string): Span => ({ text: printable(text), bold: true });
export const italic = (text: string): Span => ({ text: printable(text), italic: true });
export const code = (text: string): Span => ({ text: printable(text), code: true });

/** A line of words; none make an empty line. */
export function line(...words: Words[]): Block {
  return { type: 'text', spans: words.map(span).filter(({ text }) => text !== '') };
}

/** Text as it is, in a fixed width. */
export function pre(text: string, language?: string): Block {
  return { type: 'pre', text: printable(text), ...(language === undefined ? {} : { language }) };
}

/** Somebody else's words. `folded`: long ones show only their beginning, where the chat can do that. */
export function quote(text: string, folded = false): Block {
  return { type: 'quote', spans: [span(text)], ...(folded ? { folded } : {}) };
}

/** Blocks and plain strings (a line each) as one text. */
export function rich(...parts: (Block | string | undefined)[]): Rich {
  return parts.flatMap((part) => (part === undefined ? [] : typeof part === 'string' ? [line(part)] : [part]));
}

/** A text's own lines, fenced code in it kept as code: what Dayshift's own words look like. */
export function paragraphs(text: string): Rich {
  return printable(text)
    .split('\n')
    .map((one) => line(one));
}

/** The words alone. */
export function plainOf(text: Rich): string {
  return text
    .map((block) => {
      switch (block.type) {
        case 'text':
          return wordsOf(block.spans);
        case 'pre':
          return block.text;
        case 'quote':
          return wordsOf(block.spans)
            .split('\n')
            .map((one) => `> ${one}`)
            .join('\n');
      }
    })
    .join('\n');
}

function wordsOf(spans: readonly Span[]): string {
  return spans
    .map(({ text, link: address }) => (address === undefined || address === text ? text : `${text} (${address})`))
    .join('');
}
