import type { HLJSApi } from 'highlight.js';
import { createRequire } from 'node:module';
import { html as piece, raw } from 'hono/html';
import { printable } from '../../base/index.ts';
import { lines, words, type Piece } from './text.ts';

const require = createRequire(import.meta.url);
/** Loaded when the first file with colours is shown: it is the slowest to load of all, and most commands show none. */
const hljs = () => require('highlight.js/lib/common') as HLJSApi;
/** Endings of files that have no colours. */
const PLAIN = ['txt', 'text', 'lock', 'log', 'csv'];

/** What a page shows of a patch; the rest is in the patch itself. */
const MOST_FILES = 60;
const MOST_LINES = 400;
const MOST_LINES_OF_ALL = 3000;
const LONGEST_LINE = 400;

interface FileDiff {
  name: string;
  /** `new`, `deleted`, `renamed`, `binary`. */
  notes: string[];
  added: number;
  removed: number;
  rows: DiffRow[];
  /** Rows that are not shown. */
  left: number;
}

interface DiffRow {
  kind: 'hunk' | 'add' | 'del' | 'same';
  old?: number;
  new?: number;
  text: string;
}

/** A patch of `git diff` as folded tables with the colours of each file's language. `path`: where the whole of it is. */
export function diffView(patch: string, path: string): Piece {
  const files = partsOf(patch.split('\n'));
  let room = MOST_LINES_OF_ALL;
  const shown = files.slice(0, MOST_FILES).map((part) => {
    const file = readPart(part, Math.min(MOST_LINES, room));
    room -= file.rows.length;
    return file;
  });
  const more = files.length - shown.length;
  return piece`${shown.map((file) => fileView(file, path, shown.length <= 3))}${more > 0 ? piece`<p class="soft">${more} more files: see <code>${path}</code></p>` : ''}`;
}

function fileView(file: FileDiff, path: string, open: boolean): Piece {
  const language = languageOf(file.name);
  const rest = file.left > 0 ? piece`<p class="soft">${file.left} more lines: see <code>${path}</code></p>` : '';
  return piece`<details class="diff" ${open && file.rows.length <= 80 ? raw('open') : ''}>
    <summary>
      <code>${file.name}</code> ${file.notes.map((note) => piece`<span class="note">${note}</span> `)}<span class="add"
        >+${file.added}</span
      >
      <span class="del">−${file.removed}</span>
    </summary>
    <table>
      ${file.rows.map((row) => rowView(row, language))}
    </table>
    ${rest}
  </details>`;
}

const signs = { add: '+', del: '−', same: ' ', hunk: '' };

function rowView(row: DiffRow, language: string | undefined): Piece {
  if (row.kind === 'hunk') return piece`<tr class="hunk"><td></td><td></td><td>${row.text}</td></tr>`;
  const cells = piece`<td>${row.old ?? ''}</td><td>${row.new ?? ''}</td>`;
  // No space of ours inside: the cell shows all that is there.
  const line = piece`<span class="sign">${signs[row.kind]}</span>${coloured(row.text, language)}`;
  return piece`<tr class="${row.kind}">${cells}<td>${line}</td></tr>`;
}

/** Line by line: what begins on a line before (a long comment) is not known. */
function coloured(text: string, language: string | undefined): Piece | string {
  if (language === undefined || text.length > LONGEST_LINE) return text;
  // The library escapes what it is given.
  return raw(hljs().highlight(text, { language, ignoreIllegals: true }).value);
}

function languageOf(name: string): string | undefined {
  const base = name.slice(name.lastIndexOf('/') + 1).toLowerCase();
  const ending = base.includes('.') ? base.slice(base.lastIndexOf('.') + 1) : base;
  return PLAIN.includes(ending) || hljs().getLanguage(ending) === undefined ? undefined : ending;
}

/** One file's part of a patch: what git says of it, and its hunks. */
interface Part {
  head: string[];
  hunks: string[];
}

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/**
 * The files' parts. Only `\n` ends a line of a patch, and within a hunk its own count of lines says what belongs to it:
 * whatever a file's text looks like, it begins no other file.
 */
function partsOf(all: readonly string[]): Part[] {
  const parts: Part[] = [];
  let [old, now] = [0, 0];
  for (const line of all) {
    const part = parts.at(-1);
    // git's counts hold; where they do not, nothing is hidden: what no hunk can have ends it.
    if (part !== undefined && (old > 0 || now > 0) && (line === '' || ' +-\\'.includes(line.charAt(0)))) {
      part.hunks.push(line);
      if (!line.startsWith('+') && !line.startsWith('\\')) old -= 1;
      if (!line.startsWith('-') && !line.startsWith('\\')) now -= 1;
      continue;
    }
    [old, now] = [0, 0];
    if (line.startsWith('diff --git ')) {
      parts.push({ head: [line], hunks: [] });
      continue;
    }
    const hunk = HUNK.exec(line);
    if (hunk !== null) [old, now] = [Number(hunk[2] ?? 1), Number(hunk[4] ?? 1)];
    if (part === undefined || (hunk === null && line === '')) continue;
    if (hunk !== null || part.hunks.length > 0) part.hunks.push(line);
    else part.head.push(line);
  }
  return parts;
}

/** Reads one file's part; keeps at most `most` rows. */
function readPart({ head, hunks }: Part, most: number): FileDiff {
  const file: FileDiff = { name: nameOf(head), notes: [], added: 0, removed: 0, rows: [], left: 0 };
  for (const line of head.slice(1)) {
    if (line.startsWith('new file mode')) file.notes.push('new');
    else if (line.startsWith('deleted file mode')) file.notes.push('deleted');
    else if (line.startsWith('rename from '))
      file.notes.push(`was ${words(plainName(line.slice('rename from '.length)), 120)}`);
    else if (line.startsWith('new mode 100755')) file.notes.push('may be run');
    else if (line === 'GIT binary patch' || line.startsWith('Binary files ')) file.notes.push('binary');
  }
  let [from, to] = [0, 0];
  for (const line of hunks) {
    const row = rowOf(line, from, to);
    if (row === undefined) continue;
    const hunk = row.kind === 'hunk' ? HUNK.exec(line) : null;
    if (hunk !== null) [from, to] = [Number(hunk[1]), Number(hunk[3])];
    if (row.kind === 'add' || row.kind === 'same') to += 1;
    if (row.kind === 'del' || row.kind === 'same') from += 1;
    if (row.kind === 'add') file.added += 1;
    if (row.kind === 'del') file.removed += 1;
    if (file.rows.length < most) file.rows.push(row);
    else file.left += 1;
  }
  return file;
}

function rowOf(line: string, from: number, to: number): DiffRow | undefined {
  const text = printable(marked(line.slice(1))).slice(0, LONGEST_LINE * 4);
  switch (line[0]) {
    case '@':
      return { kind: 'hunk', text: lines(line, 200) };
    case '+':
      return { kind: 'add', new: to, text };
    case '-':
      return { kind: 'del', old: from, text };
    case ' ':
      return { kind: 'same', old: from, new: to, text };
    default:
      return undefined;
  }
}

/**
 * What is not seen, or what a browser or an editor could take for the end of a line, as marks. A terminal's escapes are
 * shown as well: cut out, they could take code with them.
 */
function marked(text: string): string {
  return text
    .replace(/\r$/, '')
    .replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, (char) => {
      const code = char.charCodeAt(0);
      return code < 0x20
        ? String.fromCharCode(0x2400 + code)
        : `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
    });
}

/** The new name, else the old one. Looked for only in what git says before the first hunk. */
function nameOf(head: readonly string[]): string {
  for (const start of ['+++ ', 'rename to ', '--- ']) {
    const said = head.find((one) => one.startsWith(start))?.slice(start.length);
    // A name with a blank in it is followed by a tab.
    const name = said === undefined ? undefined : plainName(said.replace(/\t$/, ''));
    if (name === undefined || name === '/dev/null') continue;
    return words(start === 'rename to ' ? name : name.replace(/^[ab]\//, ''), 200);
  }
  const both = (head[0] ?? '').slice('diff --git '.length);
  return words(plainName(both.slice(both.length / 2 + 0.5)).replace(/^b\//, ''), 200);
}

/** A name as git writes it, without its quotes: `"b/\303\251.sh"` is `b/é.sh`. */
function plainName(said: string): string {
  if (!/^".*"$/.test(said)) return said;
  const bytes = [...said.slice(1, -1).matchAll(/\\([0-7]{3}|.)|[^\\]+/g)].map(([whole, escaped]) => {
    if (escaped === undefined) return Buffer.from(whole);
    if (escaped.length === 3) return Buffer.from([parseInt(escaped, 8) & 0xff]);
    return Buffer.from(letters[escaped] ?? escaped);
  });
  return Buffer.concat(bytes).toString('utf8');
}

const letters: Record<string, string> = { a: '\u0007', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' };
