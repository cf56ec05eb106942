import { unescape } from '../shell/text.ts';

/** A text in a TOML file: the names of the tables and keys that lead to it; those in one array have the same. */
interface Entry {
  path: readonly string[];
  text: string;
}

export interface Toml {
  entries: readonly Entry[];
  /** False where a part of the file could not be told. */
  whole: boolean;
}

const blank = /[ \t\r\n]*(?:#[^\n]*[ \t\r\n]*)*/y;
const name = /[ \t]*(?:([\w-]+)|"((?:\\.|[^"\\\n])*)"|'([^'\n]*)')[ \t]*(\.?)/y;
const token =
  /"""((?:"{0,2}(?:\\[\s\S]|[^"\\]))*"{0,2})"""|'''((?:'{0,2}[^'])*'{0,2})'''|"((?:\\.|[^"\\\n])*)"|'([^'\n]*)'|([\w+:.-]+)|[[\]{},=]|[ \t\r]+|#[^\n]*|\n/y;

const matched = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

/** A key of more parts is none that any program looks for. */
const mostNames = 16;

/** A dotted key from here on, and where it ends; no names where there is none. */
function keyAt(text: string, from: number): { names: string[]; end: number } {
  const names: string[] = [];
  for (let end = from; ;) {
    const part = matched(name, text, end);
    if (part === null || names.length >= mostNames) return { names: [], end };
    names.push(part[1] ?? unescape(part[2] ?? '') + (part[3] ?? ''));
    end += part[0].length;
    if (part[4] === '') return { names, end };
  }
}

/** The value from here on: its texts, and where it ends; `end` is undefined where it cannot be told. */
function valueAt(text: string, from: number, path: readonly string[]): { entries: Entry[]; end: number | undefined } {
  const entries: Entry[] = [];
  const brackets: { open: string; path: readonly string[] }[] = [];
  let word: string | undefined;
  for (let at = from; at < text.length;) {
    const found = matched(token, text, at);
    if (found === null) return { entries, end: undefined };
    const [whole, long, literal, basic, single, plain] = found;
    at += whole.length;
    const here = brackets.at(-1);
    const told = long?.replace(/^\r?\n/, '').replace(/\\[ \t]*\r?\n\s*/g, '') ?? basic;
    const value = told === undefined ? (literal?.replace(/^\r?\n/, '') ?? single) : unescape(told);
    if (whole === '\n' && here === undefined) return { entries, end: at };
    if (value !== undefined || plain !== undefined) {
      word = value ?? plain;
      if (value !== undefined) entries.push({ path: here?.path ?? path, text: value });
    } else if (whole === '=' && here?.open === '{' && word !== undefined) {
      // What was taken for a text was a key in quotes.
      if (entries.at(-1)?.text === word) entries.pop();
      brackets.push({ open: '=', path: [...here.path, ...word.split('.', mostNames)] });
    } else if (whole === '[' || whole === '{') {
      if (brackets.length >= mostNames) return { entries, end: undefined };
      brackets.push({ open: whole, path: here?.path ?? path });
    } else if (whole === ',' || whole === ']' || whole === '}') {
      if (here?.open === '=') brackets.pop();
      if (whole !== ',' && brackets.pop()?.open !== (whole === ']' ? '[' : '{')) return { entries, end: undefined };
    }
  }
  return { entries, end: brackets.length === 0 ? text.length : undefined };
}

/** The texts of a TOML file, by their tables and keys. A line that cannot be told is left out, and said so. */
export function readToml(text: string): Toml {
  const entries: Entry[] = [];
  let table: readonly string[] = [];
  let whole = true;
  for (let at = 0; ;) {
    at += matched(blank, text, at)?.[0].length ?? 0;
    if (at >= text.length) return { entries, whole };
    const line = text.indexOf('\n', at);
    const nextLine = line < 0 ? text.length : line + 1;
    const head = text.startsWith('[[', at) ? 2 : text.startsWith('[', at) ? 1 : 0;
    const key = keyAt(text, at + head);
    if (key.names.length > 0 && head > 0 && text[key.end] === ']') {
      table = key.names;
      at = nextLine;
    } else if (key.names.length > 0 && head === 0 && text[key.end] === '=') {
      const value = valueAt(text, key.end + 1, [...table, ...key.names]);
      entries.push(...value.entries);
      whole &&= value.end !== undefined;
      // A value without an end may hold all that follows.
      if (value.end === undefined) return { entries, whole };
      at = value.end;
    } else {
      whole = false;
      at = nextLine;
    }
  }
}
