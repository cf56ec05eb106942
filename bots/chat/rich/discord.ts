import type { Rich, Span } from '../../../src/journal/index.ts';

/** An invisible character that no markup goes over. */
const GAP = '\u200b';

/** A text in Discord's markdown. Whatever stands in it, it shows as it is: no mention, no heading, no markup of others. */
export function toDiscord(rich: Rich): string {
  return rich
    .map((block) => {
      switch (block.type) {
        case 'text':
          return linesOf(block.spans);
        case 'pre':
          return `\`\`\`${/^[A-Za-z0-9+-]{1,20}$/.test(block.language ?? '') ? (block.language ?? '') : ''}\n${fenced(block.text)}\n\`\`\``;
        case 'quote':
          return linesOf(block.spans)
            .split('\n')
            .map((one) => `> ${one}`)
            .join('\n');
      }
    })
    .join('\n');
}

function fenced(text: string): string {
  return text.replaceAll('```', `\`${GAP}\`${GAP}\``);
}

function linesOf(spans: readonly Span[]): string {
  return spans
    .map(spanOf)
    .join('')
    .split('\n')
    .map((one) => one.replace(/^(\s*)(#{1,3}|>{1,3}|-#|[-*+]|\d+\.)(?=\s)/, '$1\\$2'))
    .join('\n');
}

function spanOf(span: Span): string {
  if (span.text === '') return '';
  if (span.code === true) return codeOf(span.text);
  const text = escaped(span.text);
  const strong = span.bold === true ? around(text, '**') : text;
  const styled = span.italic === true ? around(strong, '*') : strong;
  const web = span.link !== undefined && /^https?:\/\/[^\s()<>]+$/.test(span.link);
  return web ? `[${styled.replace(/\n/g, ' ')}](<${span.link ?? ''}>)` : styled;
}

/** Marks stand at words, not at white space, and do not go over lines. */
function around(text: string, mark: string): string {
  return text.replace(/[^\s](?:[^\n]*[^\s])?/g, (words) => `${mark}${words}${mark}`);
}

function codeOf(text: string): string {
  const flat = text.replace(/\n+/g, ' ');
  if (!flat.includes('`')) return `\`${flat}\``;
  return `\`\` ${flat.replaceAll('``', `\`${GAP}\``)} \`\``;
}

/** An address is one to its end: marks in it are none, and one that was escaped would lead elsewhere. */
const ADDRESS = /(https?:\/\/[^\s<>()[\]{}*|`~\\"']+)/;

function escaped(text: string): string {
  // Every second one is an address.
  return text
    .split(ADDRESS)
    .map((words, index) => (index % 2 === 1 ? words : unmarked(words)))
    .join('');
}

function unmarked(text: string): string {
  return text.replace(/[\\*_~`|[\]<]/g, '\\$&').replace(/@(?=everyone|here)/g, `@${GAP}`);
}
