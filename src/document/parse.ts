import type { z } from 'zod';
import { messageOf } from '../base/index.ts';
import { describeFound, findSpot, kindOf } from './locate.ts';
import { didYouMean } from './nearest.ts';
import { formatPath, tidyProblems, type Path, type Problem } from './problem.ts';
import { descriptionAt, keysAt } from './shape.ts';
import { readSyntax, type Syntax, type YamlDocument } from './syntax.ts';
import { expectation } from './words.ts';

export interface ParseOptions {
  /** What an empty file stands for; without it an empty file is an error. */
  empty?: unknown;
  /** Keys whose mapping has text as values: numbers and booleans there stay as they are written (`1.10`, `0x1F`). */
  textUnder?: readonly string[];
  /** The problems say where and what was expected, and quote nothing of the text: it may be any file of the machine. */
  quoteNothing?: boolean;
}

export interface Parsed<T> {
  /** There only where no problem is an error. */
  value?: T;
  /** All of them, in the order of the file. */
  problems: Problem[];
  /** What the file says, not looked at by the schema: for checks that should not wait for its other errors. */
  raw: unknown;
  /** Where `path` stands: its value, or its key. The nearest parent where there is no such thing. */
  locate(path: Path, what?: 'value' | 'key'): { line: number; column: number };
}

/** Text to a value of `schema`, or everything that is wrong with it. Never throws; schemas with async parts do not work. */
export function parseDocument<T>(
  text: string,
  file: string,
  schema: z.ZodType<T>,
  options: ParseOptions = {},
): Parsed<T> {
  const syntax = readSyntax(text, file, options.textUnder ?? []);
  const { document } = syntax;
  const locate: Parsed<T>['locate'] = (path, what = 'value') => {
    if (document === undefined) return { line: 1, column: 1 };
    const spot = findSpot(document, path);
    return syntax.place(what === 'key' ? (spot.keyOffset ?? spot.offset) : spot.offset);
  };
  const done = (problems: Problem[], value?: T): Parsed<T> => {
    const tidy = tidyProblems([...syntax.problems, ...problems]);
    const good = value !== undefined && !tidy.some((problem) => problem.severity === 'error');
    return { ...(good ? { value } : {}), problems: tidy, raw: syntax.value, locate };
  };
  if (document === undefined || !('value' in syntax)) return done([]);
  const raw = syntax.value ?? options.empty;
  if (raw === undefined || raw === null) {
    return done([{ file, line: 1, column: 1, path: '', message: 'the file is empty', severity: 'error' }]);
  }
  try {
    const result = schema.safeParse(raw, { error: expectation });
    if (result.success) return done([], result.data);
    const quote = options.quoteNothing !== true;
    return done(
      result.error.issues.slice(0, 1000).flatMap((issue) => explain(issue, file, schema, document, syntax, quote)),
    );
  } catch (error) {
    const message = `not readable: ${messageOf(error)}`;
    return done([{ file, line: 1, column: 1, path: '', message, severity: 'error' }]);
  }
}

/** One issue of the schema's as problems with their places. */
function explain(
  issue: z.core.$ZodIssue,
  file: string,
  schema: z.core.$ZodType,
  document: YamlDocument,
  syntax: Syntax,
  quote: boolean,
): Problem[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  const at = (where: Path, offset: number, message: string): Problem => ({
    file,
    ...syntax.place(offset),
    path: formatPath(where),
    message,
    severity: 'error',
  });
  const spot = findSpot(document, path);
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    // Merge keys are told where the text is read.
    const unknown = issue.keys.filter((key) => key !== '<<');
    return unknown.slice(0, 1000).map((key) => {
      const { keyOffset, offset } = findSpot(document, [...path, key]);
      const hint = didYouMean(key, known) || (known.length === 0 ? '' : `; known here: ${known.join(', ')}`);
      return at([...path, key], keyOffset ?? offset, `unknown key${hint}`);
    });
  }
  if (issue.code === 'invalid_key') return [at(path, spot.keyOffset ?? spot.offset, issue.message)];
  if (spot.node === undefined && issue.code === 'invalid_type' && path.length > 0) {
    const about = descriptionAt(schema, path);
    return [at(path, spot.offset, `missing: ${about ?? issue.message}`)];
  }
  const found = quote ? describeFound(spot.node) : kindOf(spot.node);
  const message = issue.message.startsWith('expected ') ? `${issue.message}, found ${found}` : issue.message;
  const entry = keysAt(schema, issue.code === 'invalid_type' && issue.expected === 'array' ? [...path, 0] : path);
  return [at(path, spot.offset, `${message}${quote ? remedy(issue, spot.node, found, entry) : ''}`)];
}

/** What to do about it, where that is plain. */
function remedy(
  issue: z.core.$ZodIssue,
  node: ReturnType<typeof findSpot>['node'],
  found: string,
  /** What may be said in a mapping there, or in an entry of the list. */
  keys: readonly string[],
): string {
  const words = wordsOf(issue);
  const value: unknown = node !== undefined && 'value' in node ? node.value : undefined;
  if (words.length > 0 && typeof value === 'string') return didYouMean(value, words);
  const wantsText = issue.code === 'invalid_type' && issue.expected === 'string';
  if (wantsText && (typeof value === 'number' || typeof value === 'boolean'))
    return ': put quotes round it if it is meant';
  if (issue.code === 'invalid_type' && issue.expected === 'number' && typeof value === 'string' && isNumeric(value))
    return ': write it without quotes';
  if (issue.code === 'invalid_type' && keys.length > 0 && typeof value === 'string')
    return entryLike(issue.expected === 'array', keys, value);
  if (issue.code === 'invalid_type' && issue.expected === 'array' && typeof value === 'string')
    return `: write [${JSON.stringify(value.length > 40 ? '…' : value)}]`;
  if (wantsText && found.startsWith('a mapping with')) return ': put quotes round a text with ": " in it';
  return '';
}

/** How an entry looks that has an id and a name, in a line; of another list, what its entries have. */
function entryLike(isList: boolean, keys: readonly string[], value: string): string {
  if (!keys.includes('id') || !keys.includes('name'))
    return isList ? `: each entry is a mapping of ${keys.slice(0, 8).join(', ')}` : '';
  const words = value !== '' && value.length <= 40 ? JSON.stringify(value) : '…';
  return `: write ${isList ? '- ' : ''}{ id: a-short-one, name: ${words} }`;
}

function isNumeric(text: string): boolean {
  return /^[+-]?\d+(\.\d+)?$/.test(text);
}

/** The words that would have been right: an enum's, or those that a schema's own check names in `params.words`. */
function wordsOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'invalid_value') return issue.values.filter((value) => typeof value === 'string');
  if (issue.code !== 'custom') return [];
  const words: unknown = issue.params?.words;
  return Array.isArray(words) ? words.filter((word) => typeof word === 'string') : [];
}
