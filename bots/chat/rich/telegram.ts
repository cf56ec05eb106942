import type { Rich, Span } from '../../../src/journal/index.ts';

/** A text for the Bot API, with its markup as entities: nothing in it has to be escaped, so nothing can be refused for it. */
export interface TelegramText {
  text: string;
  entities: TelegramEntity[];
}

type Markup =
  | { type: 'bold' | 'italic' | 'code' | 'blockquote' | 'expandable_blockquote' }
  | { type: 'pre'; language?: string }
  | { type: 'text_link'; url: string };

/** Offsets and lengths in UTF-16 units, as the Bot API counts. */
export type TelegramEntity = { offset: number; length: number } & Markup;

/** Entities past this number are left out: the server ignores them, or refuses the message. */
const MOST_ENTITIES = 100;

export function toTelegram(rich: Rich): TelegramText {
  let text = '';
  const entities: TelegramEntity[] = [];
  const add = (from: number, entity: Markup) => {
    // White space at an entity's ends is trimmed by the server, and an empty one is refused.
    let start = from;
    let end = text.length;
    while (start < end && /\s/.test(text.charAt(start))) start += 1;
    while (end > start && /\s/.test(text.charAt(end - 1))) end -= 1;
    if (end > start) entities.push({ offset: start, length: end - start, ...entity });
  };
  const spans = (list: readonly Span[]) => {
    for (const span of list) {
      const from = text.length;
      text += span.text;
      if (span.code === true) add(from, { type: 'code' });
      if (span.code !== true && span.bold === true) add(from, { type: 'bold' });
      if (span.code !== true && span.italic === true) add(from, { type: 'italic' });
      if (span.link !== undefined && /^(?:https?|tg):/.test(span.link))
        add(from, { type: 'text_link', url: span.link });
    }
  };
  for (const [index, block] of rich.entries()) {
    if (index > 0) text += '\n';
    const from = text.length;
    switch (block.type) {
      case 'text':
        spans(block.spans);
        break;
      case 'pre':
        text += block.text;
        add(from, { type: 'pre', ...(block.language === undefined ? {} : { language: block.language }) });
        break;
      case 'quote':
        spans(block.spans);
        add(from, { type: block.folded === true ? 'expandable_blockquote' : 'blockquote' });
        break;
    }
  }
  entities.sort((a, b) => a.offset - b.offset || b.length - a.length);
  return { text, entities: entities.slice(0, MOST_ENTITIES) };
}
