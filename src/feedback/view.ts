/** A line of a file as it is read. */
export interface Row {
  /** Without its end; what stands in a comment is blanks, so that columns stay. */
  text: string;
  /** Offsets in the whole text: of its first character, and of the one behind its last. */
  start: number;
  end: number;
  /**
   * `own`: the person's words. Quoted is what others said: in a fence, behind `>`, or indented like code. `edge`: the
   * line that begins or ends a fence.
   */
  kind: 'own' | 'fenced' | 'quote' | 'code' | 'edge';
}

export interface View {
  rows: Row[];
  /** A fence or a comment that is opened and never closed, 1-based. All lines below such a fence are in it; such a comment is text. */
  unclosed: { what: 'fence' | 'comment'; line: number; column: number }[];
}

const ITEMS = /^\s{0,200}(?:(?:[-*+•]|\d{1,4}[.)])\s{1,40}){0,8}/;
const OPENS = /^(`{3,}|~{3,})/;

/** The lines of a Markdown file, and which of them are quoted. Never throws; linear in the text's length. */
export function viewOf(text: string): View {
  const rows: Row[] = [];
  const unclosed: View['unclosed'] = [];
  const lastClose = text.lastIndexOf('-->');
  let comment = false;
  let fence: { mark: string; line: number; column: number } | undefined;
  /** What stands indented below a list item is part of it. */
  let list = false;
  let gap = true;
  let code = false;
  const ends = /\r\n|\n|\r/g;
  for (let start = text.startsWith('\ufeff') ? 1 : 0; ;) {
    ends.lastIndex = start;
    const found = ends.exec(text);
    const end = found?.index ?? text.length;
    const row = { start, end, ...lineOf(text.slice(start, end), start, rows.length + 1) };
    rows.push(row);
    if (found === null) break;
    start = end + found[0].length;
  }
  if (fence !== undefined) unclosed.push({ what: 'fence', line: fence.line, column: fence.column });
  return { rows, unclosed };

  function lineOf(raw: string, offset: number, line: number): Pick<Row, 'text' | 'kind'> {
    if (fence !== undefined) {
      const mark = /^\s*(`{3,}|~{3,})\s*$/.exec(raw)?.[1];
      if (mark?.startsWith(fence.mark) !== true) return { text: raw, kind: 'fenced' };
      fence = undefined;
      return { text: raw, kind: 'edge' };
    }
    const shown = withoutComments(raw, offset, line);
    const before = ITEMS.exec(shown)?.[0] ?? '';
    const rest = shown.slice(before.length);
    const mark = OPENS.exec(rest)?.[1];
    // "```code```" is a span in a line.
    if (mark !== undefined && (mark.startsWith('~') || !rest.slice(mark.length).includes('`'))) {
      fence = { mark, line, column: before.length + 1 };
      return { text: shown, kind: 'edge' };
    }
    if (rest.trim() === '' && before.trim() === '') {
      gap = true;
      return { text: shown, kind: 'own' };
    }
    const indented = /^(?: {4}| {0,3}\t)/.test(shown);
    const item = before.trim() !== '';
    code = indented && !list && (gap || code);
    if (!code) list = item || (list && (indented || !gap || /^\s{2}/.test(shown)) && !shown.startsWith('#'));
    gap = false;
    return { text: shown, kind: rest.startsWith('>') ? 'quote' : code ? 'code' : 'own' };
  }

  function withoutComments(raw: string, offset: number, line: number): string {
    if (!comment && !raw.includes('<!--')) return raw;
    let out = '';
    let at = 0;
    while (at < raw.length) {
      if (comment) {
        const close = raw.indexOf('-->', at);
        const to = close === -1 ? raw.length : close + 3;
        out += ' '.repeat(to - at);
        at = to;
        comment = close === -1;
        continue;
      }
      const open = raw.indexOf('<!--', at);
      if (open === -1) return out + raw.slice(at);
      // Only what is closed somewhere is one; `<!--` in a span of code, or behind a backslash, speaks of one.
      const said = raw[open - 1] === '\\' || inCode(raw, at, open);
      comment = !said && lastClose >= offset + open + 4;
      if (!said && !comment && unclosed.at(-1)?.line !== line)
        unclosed.push({ what: 'comment', line, column: open + 1 });
      const to = open + 4;
      out += comment ? raw.slice(at, open) + '    ' : raw.slice(at, to);
      at = to;
    }
    return out;
  }
}

function inCode(raw: string, from: number, to: number): boolean {
  // Only what lies between is looked at: a search to the line's end, again for each, would take for ever.
  return (raw.slice(from, to).split('`').length - 1) % 2 === 1;
}
