import { oneLine, printable } from '../base/index.ts';

/**
 * Text from agents, task files and people as Markdown. Whatever it holds, it stays text: no heading, no table
 * cell, no HTML, no image, and no end of the block that it stands in.
 */

/** In one line, for running text, headings, list items and table cells. */
export function inline(text: string, max = 300): string {
  return lineStart(escaped(cut(oneLine(text), max)));
}

/** The same, but `code` in backticks stays code: for reasons and other sentences. Not for table cells. */
export function sentence(text: string, max = 300): string {
  return lineStart(spans(cutAround(oneLine(text), max), escaped));
}

function escaped(text: string): string {
  return text
    .replace(/[\\`*[\]<>|~]/g, '\\$&')
    .replace(/&(?=#?[A-Za-z0-9]{1,32};)/g, '&amp;')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_');
}

function lineStart(text: string): string {
  if (text === '') return '(empty)';
  return text.replace(/^([#+=-])/, '\\$1').replace(/^(\d{1,9})([.)])/, '$1\\$2');
}

/** A code span in one line: commands and paths. Not for table cells. */
export function code(text: string, max = 300): string {
  const plain = cut(
    printable(text)
      .trim()
      .replace(/\s*\n\s*/g, ' ⏎ ')
      .replace(/\s/g, ' '),
    max,
  );
  if (plain === '') return '(empty)';
  const mark = '`'.repeat(longestRun(plain, /`+/g) + 1);
  const pad = /^[` ]|[` ]$/.test(plain) ? ' ' : '';
  return `${mark}${pad}${plain}${pad}${mark}`;
}

/** A code block with a fence that nothing inside can close. */
export function fence(text: string): string[] {
  const lines = printable(text).replaceAll('\t', '    ').split('\n');
  const mark = '`'.repeat(Math.max(3, longestRun(text, /`+/g) + 1));
  return [`${mark}text`, ...lines, mark];
}

/** What an agent or a person wrote, as a quotation: lists, emphasis, links and code stay, all else is text. */
export function quotation(text: string, maxLines = 60): string[] {
  const source = printable(text).trim().replaceAll('\t', '    ').split('\n');
  const lines = quoted(source.slice(0, maxLines).map((line) => cut(line, 1000)));
  if (source.length > maxLines) lines.push('', `… (${source.length - maxLines} more lines)`);
  return lines.map((line) => (line === '' ? '>' : `> ${line}`));
}

function quoted(source: string[]): string[] {
  const out: string[] = [];
  const mark = '`'.repeat(Math.max(3, longestRun(source.join('\n'), /`+/g) + 1));
  let open: string | undefined;
  for (const line of source) {
    const [, edge] = /^\s*(`{3,}|~{3,})/.exec(line) ?? [];
    if (open === undefined && edge !== undefined) {
      // The block gets a fence of ours, longer than any inside: where it ends is decided here alone.
      open = edge;
      out.push(`${mark}text`);
    } else if (open !== undefined && edge?.startsWith(open) === true && line.trim() === edge) {
      open = undefined;
      out.push(mark);
    } else {
      out.push(open === undefined ? proseLine(line) : line);
    }
  }
  if (open !== undefined) out.push(mark);
  return out;
}

function proseLine(line: string): string {
  const [, indent = '', bullet = '', rest = ''] = /^( *)([-*+] +|\d{1,3}[.)] +)?(.*)$/.exec(line.trimEnd()) ?? [];
  // Four spaces would make a code block of a paragraph, in which escapes show.
  const before = bullet === '' ? '' : `${' '.repeat(Math.min(indent.length, 8))}${bullet}`;
  const [, heading] = /^#{1,6}\s+(.*?)[\s#]*$/.exec(rest) ?? [];
  if (heading !== undefined)
    return heading === '' ? before.trimEnd() : `${before}**${spans(heading, prose).replaceAll('**', '')}**`;
  const safe = spans(rest, prose).replace(/^([#>=+-])/, '\\$1');
  return `${before}${safe}`.trimEnd();
}

/** Code spans that are closed in the line are kept, what stands between goes through `escape`. */
function spans(text: string, escape: (text: string) => string): string {
  let out = '';
  let done = 0;
  for (const { start, end, mark } of codeSpans(text)) {
    const inside = text.slice(start + mark.length, end - mark.length);
    out += escape(text.slice(done, start)) + (inside.trim() === '' ? '' : code(inside, 1000));
    done = end;
  }
  return out + escape(text.slice(done));
}

/** Where the code spans that are closed in the line begin and end, with their run of backticks. */
function codeSpans(text: string): { start: number; end: number; mark: string }[] {
  const found: { start: number; end: number; mark: string }[] = [];
  const runs = [...text.matchAll(/`+/g)];
  for (const [index, { 0: mark, index: start }] of runs.entries()) {
    if (start < (found.at(-1)?.end ?? 0)) continue;
    const close = runs.slice(index + 1).find(([run]) => run === mark);
    if (close !== undefined) found.push({ start, end: close.index + mark.length, mark });
  }
  return found;
}

/** Cut so that code which the cut goes through is still code. */
function cutAround(text: string, max: number): string {
  const short = cut(text, max);
  const through = codeSpans(text).find(({ start, end, mark }) => start + mark.length < max && max <= end);
  return short === text || through === undefined ? short : `${short}${through.mark}`;
}

function prose(text: string): string {
  return text
    .replace(/\\/g, '\\\\')
    .replace(/[`<|~]/g, '\\$&')
    .replace(/!\[/g, '!\\[')
    .replace(/\]:/g, ']\\:')
    .replace(/&(?=#?[A-Za-z0-9]{1,32};)/g, '&amp;');
}

function longestRun(text: string, pattern: RegExp): number {
  let longest = 0;
  for (const [run] of text.matchAll(pattern)) longest = Math.max(longest, run.length);
  return longest;
}

/** Cut with a mark, never through a surrogate pair. */
function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
