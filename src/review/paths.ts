import { printable } from '../base/index.ts';

/** A text longer than this is prose, not a deliverable. */
const MAX_TEXT = 10_000;
const MAX_PATHS = 50;

/** Endings by which a bare name is a file's. `.com`, `.io` and the like are left out: they are hosts. */
const extensions = new Set(
  (
    'md mdx txt rst adoc json jsonc json5 yaml yml toml ini cfg conf env xml csv tsv sql prisma graphql gql proto lock log ' +
    'ts tsx mts cts js jsx mjs cjs vue svelte astro html htm css scss sass less svg png jpg jpeg gif webp ico pdf ' +
    'py pyi ipynb rb php go rs java kt kts swift c h cc cpp hpp cs fs ex exs erl hs scala clj lua pl r dart zig nim ' +
    'sh bash zsh fish ps1 bat tf hcl nix gradle properties mk snap patch diff tpl hbs ejs njk po pot wasm'
  ).split(' '),
);
const bareNames = /^(?:Dockerfile|Makefile|Gemfile|Rakefile|Procfile|Justfile|LICEN[CS]E|CODEOWNERS)$/;
const dotNames = /^\.(?:env|git|npm|nvm|editor|prettier|eslint|docker|babel|stylelint)[\w.-]*$/;
/** Products that are named like a file. */
const products =
  /^(?:node|next|vue|nuxt|react|express|three|d3|angular|ember|backbone|chart|alpine|nest|deno|bun|socket\.io)\.js$/i;
const hosts = /^(?:www\.|(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|app|ai|de|eu|uk)$)/i;

/**
 * The paths that a text names, each once, in order: `docs/NEW_DOC.md` of "Updated docs/NEW_DOC.md", folders
 * (`src/app/(main)/`), globs, quoted ones. Not "and/or", not URLs. `exists` decides what only a look can tell
 * (`src/lib`, a name with spaces).
 */
export function pathsIn(text: string, exists: (path: string) => boolean = () => false): string[] {
  return namedPaths(text, exists).map(({ path }) => path);
}

/** A path and where it stands in its text. */
export interface NamedPath {
  path: string;
  /** The text before it. */
  before: string;
  /** Nobody can say that it is not the end of a path with spaces: `ing/GUIDE.md` of "Updated services/bill ing/GUIDE.md". */
  unsure?: true;
}

/** The same with where each stands in `text` (in its printable form). */
export function namedPaths(text: string, exists: (path: string) => boolean): NamedPath[] {
  const whole = printable(text).slice(0, MAX_TEXT).trim();
  if (whole !== '' && !whole.includes('\n') && /[\s]/.test(whole) && whole.length < 500 && exists(whole)) {
    return [{ path: normal(whole), before: '' }];
  }
  const found: NamedPath[] = [];
  const add = (path: string, before: string, unsure = false) => {
    if (found.length >= MAX_PATHS || found.some((other) => other.path === path)) return;
    found.push({ path, before, ...(unsure ? { unsure } : {}) });
  };
  const alone = trimmed(whole);
  const pieces = piecesOf(whole);
  let passed = 0;
  let torn = false;
  for (const [index, piece] of pieces.entries()) {
    if (found.length >= MAX_PATHS) break;
    if (index < passed) continue;
    const before = whole.slice(Math.max(0, piece.at - 60), piece.at);
    if (piece.quoted && /\s/.test(piece.text)) {
      if (exists(piece.text) || isSpacedPath(piece.text, exists)) add(normal(piece.text), before);
      else for (const inner of pathsIn(piece.text, exists)) add(inner, before);
      continue;
    }
    const spaced = piece.quoted ? undefined : spacedPath(whole, pieces, index, exists);
    if (spaced !== undefined) {
      add(normal(spaced.path), before);
      passed = spaced.next;
      torn = false;
      continue;
    }
    const word = trimmed(piece.text);
    const known = isPath(word, word === alone || piece.quoted, exists);
    if (known) add(normal(word), before, torn && !piece.quoted && !exists(word));
    // A word like the beginning of a path, whose end may be the next one.
    torn = !known && !piece.quoted && word.includes('/') && !/[,;:.]$/.test(piece.text) && !isProse(word);
  }
  return found;
}

/** In a text of more words than this nobody names paths with spaces. */
const MAX_WORDS = 400;
const LONGEST_SPACED = 8;

/** The longest run of words from `from` that is the path of something that exists, spaces and all. */
function spacedPath(
  whole: string,
  pieces: readonly Piece[],
  from: number,
  exists: (path: string) => boolean,
): { path: string; next: number } | undefined {
  const start = pieces[from];
  if (start === undefined || pieces.length > MAX_WORDS) return undefined;
  for (let to = Math.min(pieces.length, from + LONGEST_SPACED) - 1; to > from; to -= 1) {
    const last = pieces[to];
    if (last === undefined || pieces.slice(from, to + 1).some(({ quoted }) => quoted)) continue;
    const path = trimmed(whole.slice(start.at, last.at + last.text.length));
    if (/\s/.test(path) && /[/.]/.test(path) && !/[*?{\n]/.test(path) && exists(path)) return { path, next: to + 1 };
  }
  return undefined;
}

/** A quoted text that is one path with spaces: its first word begins a path, its last ends one. */
function isSpacedPath(text: string, exists: (path: string) => boolean): boolean {
  const words = text.split(/\s+/u);
  const [first = ''] = words;
  const last = words.at(-1) ?? '';
  if (words.length > LONGEST_SPACED || !text.includes('/') || /[,;:]\s|[*?{|<>=]/.test(text)) return false;
  return (
    !isPath(first, false, exists) &&
    /\.[A-Za-z][A-Za-z0-9]{0,9}$/.test(last) &&
    (first.includes('/') || !isPath(last, false, exists))
  );
}

/** `TCP/IP`, `and/or`: no beginning of a path. */
function isProse(word: string): boolean {
  return (
    /^[A-Z0-9]+(?:\/[A-Z0-9]+)*$/.test(word) ||
    /^(?:and\/or|yes\/no|n\/a|input\/output)$/i.test(word) ||
    word.includes('://')
  );
}

interface Piece {
  text: string;
  at: number;
  quoted: boolean;
}

/** Quoted runs, link targets, and the words between. */
function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  const pattern =
    /`([^`\n]{1,300})`|"([^"\n]{1,300})"|(?<![A-Za-z0-9])'([^'\n]{1,300})'|\]\(([^()\s]{1,300})\)|(?:(?!\]\()[^\s`"])+/g;
  for (const match of text.matchAll(pattern)) {
    const quoted = match[1] ?? match[2] ?? match[3] ?? match[4];
    if (quoted !== undefined) {
      pieces.push({ text: quoted.trim(), at: match.index, quoted: true });
      continue;
    }
    for (const word of splitList(match[0])) pieces.push({ ...word, at: match.index + word.at, quoted: false });
  }
  return pieces;
}

/** `a.md,b.md` at its commas and semicolons, but not inside braces or brackets. */
function splitList(word: string): { text: string; at: number }[] {
  const out: { text: string; at: number }[] = [];
  let depth = 0;
  let from = 0;
  for (let index = 0; index <= word.length; index += 1) {
    const char = word.charAt(index);
    if ('{(['.includes(char) && char !== '') depth += 1;
    else if ('})]'.includes(char) && char !== '') depth = Math.max(0, depth - 1);
    if (index < word.length && !(depth === 0 && (char === ',' || char === ';'))) continue;
    if (index > from) out.push({ text: word.slice(from, index), at: from });
    from = index + 1;
  }
  return out;
}

/** Without punctuation of the sentence, `:12:5`, `#L10`, `'s`. */
function trimmed(word: string): string {
  let out = word;
  for (let round = 0; round < 8; round += 1) {
    const before = out;
    out = out.replace(/^[*_~<>"'`“”‘’]+|[*_~<>"'`“”‘’,;:!?]+$/gu, (marks) =>
      /^\*+$/.test(marks) ? keepGlob(out, marks) : '',
    );
    out = out
      .replace(/\.+$/, '')
      .replace(/['’]s$/, '')
      .replace(/:\d+(?:[:-]\d+)*$/, '')
      .replace(/#[\w-]*$/, '');
    if (out.endsWith(')') && count(out, ')') > count(out, '(')) out = out.slice(0, -1);
    if (out.startsWith('(') && (count(out, '(') > count(out, ')') || /^\([^()]*\)$/.test(out))) out = out.slice(1);
    if (out.endsWith(']') && count(out, ']') > count(out, '[')) out = out.slice(0, -1);
    if (out.startsWith('[') && count(out, '[') > count(out, ']')) out = out.slice(1);
    if (out === before) break;
  }
  return out;
}

/** `*.md` and `docs/*` are globs, `**docs/x.md**` is bold. */
function keepGlob(word: string, marks: string): string {
  const glob = word.startsWith(`${marks}.`) || word.startsWith(`${marks}/`) || word.endsWith(`/${marks}`);
  return glob ? marks : '';
}

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}

function isPath(word: string, alone: boolean, exists: (path: string) => boolean): boolean {
  if (word === '' || word.length > 300 || word.includes('://') || /^(?:mailto:|-|@[\w-]+\/[\w-]+$)/.test(word))
    return false;
  if (/[|<>=;]|\(\)$/.test(word)) return false;
  return word.includes('/')
    ? isLongPath(word, alone, exists)
    : isBareName(word, alone) || ((alone || /[._-]/.test(word)) && exists(word));
}

/** A name without a folder: by what files are called. */
function isBareName(word: string, alone: boolean): boolean {
  if (bareNames.test(word) || dotNames.test(word)) return true;
  if (word.startsWith('.')) return alone && /^\.[a-z][\w.-]+$/i.test(word);
  const extension = /^[\p{L}\p{N}_@*{][\p{L}\p{N}_@.+*?{},[\]-]*\.([A-Za-z][A-Za-z0-9]{0,9})$/u.exec(word)?.[1];
  return extension !== undefined && extensions.has(extension.toLowerCase()) && !products.test(word);
}

function isLongPath(word: string, alone: boolean, exists: (path: string) => boolean): boolean {
  const parts = word.split('/');
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (hosts.test(first)) return exists(word);
  if (/^\.{0,2}$/.test(first) || last === '' || /[*?]/.test(word)) return /[\p{L}\p{N}*]/u.test(word);
  if (/\.[A-Za-z][A-Za-z0-9]{0,9}$/.test(last) || /^\.[A-Za-z]/.test(last) || bareNames.test(last)) return true;
  if (exists(word)) return true;
  // Standing alone, `src/lib` is a folder to come; "TCP/IP" and "A/B" are not.
  return alone && !/^[A-Z0-9]+(?:\/[A-Z0-9]+)*$/.test(word) && !/^(?:and\/or|yes\/no|n\/a)$/i.test(word);
}

/** Without `./` before it and doubled slashes. */
function normal(path: string): string {
  return path.replace(/\/{2,}/g, '/').replace(/^(?:\.\/)+(?=.)/, '');
}
