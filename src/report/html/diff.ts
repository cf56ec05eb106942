import hljs from 'highlight.js/lib/common';
import { html as piece, raw } from 'hono/html';
import { printable } from '../../base/index.ts';
import { lines, words, type Piece } from './text.ts';

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
  const files = patch.split(/^(?=diff --git )/m).filter((part) => part.startsWith('diff --git '));
  let room = MOST_LINES_OF_ALL;
  const shown = files.slice(0, MOST_FILES).map((part) => {
    const file = readFile(part, Math.min(MOST_LINES, room));
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
  return raw(hljs.highlight(text, { language, ignoreIllegals: true }).value);
}

function languageOf(name: string): string | undefined {
  const base = name.slice(name.lastIndexOf('/') + 1).toLowerCase();
  const ending = base.includes('.') ? base.slice(base.lastIndexOf('.') + 1) : base;
  return hljs.getLanguage(ending) === undefined ? undefined : ending;
}

/** Reads one file's part; keeps at most `most` rows. */
function readFile(part: string, most: number): FileDiff {
  const all = part.split('\n');
  const file: FileDiff = { name: nameOf(all), notes: [], added: 0, removed: 0, rows: [], left: 0 };
  const start = all.findIndex((line) => line.startsWith('@@ '));
  for (const line of all.slice(1, start === -1 ? undefined : start)) {
    if (line.startsWith('new file mode')) file.notes.push('new');
    else if (line.startsWith('deleted file mode')) file.notes.push('deleted');
    else if (line.startsWith('rename from ')) file.notes.push(`was ${words(line.slice('rename from '.length), 120)}`);
    else if (line.startsWith('new mode 100755')) file.notes.push('may be run');
    else if (line === 'GIT binary patch' || line.startsWith('Binary files ')) file.notes.push('binary');
  }
  if (start === -1) return file;
  let [from, to] = [0, 0];
  for (const line of all.slice(start)) {
    const row = rowOf(line, from, to);
    if (row === undefined) continue;
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(line);
    if (hunk !== null) [from, to] = [Number(hunk[1]), Number(hunk[2])];
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
  const text = printable(line.slice(1)).slice(0, LONGEST_LINE * 4);
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

/** The new name, else the old one, as git wrote it. */
function nameOf(all: readonly string[]): string {
  const names = ['+++ b/', 'rename to ', '--- a/', '+++ "b/', '--- "a/'];
  for (const start of names) {
    const line = all.find((one) => one.startsWith(start));
    if (line !== undefined) return words(line.slice(start.length).replace(/"$/, ''), 200);
  }
  const both = (all[0] ?? '').slice('diff --git '.length);
  return words(both.slice(both.length / 2 + 0.5).replace(/^"?b\//, ''), 200);
}
