import {
  Composer,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  Parser,
  visit,
  type Alias,
  type Document,
  type ParsedNode,
} from 'yaml';
import { messageOf } from '../base/index.ts';
import type { Problem } from './problem.ts';

/** Largest document that is read, in bytes. */
export const MAX_BYTES = 1_000_000;
/** Deepest nesting; what people write needs six. The parser is slow or runs out of stack far below a megabyte of brackets. */
const MAX_DEPTH = 64;
/** How often aliases may be taken, so that a few lines cannot grow into gigabytes. */
const MAX_ALIASES = 50;
/** And in the whole file. */
const MAX_IN_FILE = 1000;

export type YamlDocument = Document.Parsed;

export interface Syntax {
  /** Absent where the text is no YAML document at all. */
  document?: YamlDocument;
  /** The plain value; absent where there are syntax errors. */
  value?: unknown;
  problems: Problem[];
  place(offset: number): { line: number; column: number };
}

/** Text to one YAML document and its value. Never throws, and takes time in proportion to the text. */
export function readSyntax(text: string, file: string, textUnder: readonly string[]): Syntax {
  const lines = new LineCounter();
  lines.addNewLine(0);
  const problems: Problem[] = [];
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const complain = (offset: number, message: string, severity: Problem['severity'] = 'error') =>
    problems.push({ file, ...place(offset), path: '', message, severity });

  if (Buffer.byteLength(text) > MAX_BYTES) {
    complain(0, `the file is too large: ${Buffer.byteLength(text)} bytes, at most ${MAX_BYTES} are read`);
    return { problems, place };
  }
  const plain = text.startsWith('\ufeff') ? text.slice(1) : text;
  try {
    const document = compose(plain, lines, complain);
    if (document === undefined) return { problems, place };
    for (const error of firstOfEachLine(document.errors, place)) complain(error.pos[0], wording(error));
    for (const warning of document.warnings.slice(0, 50)) complain(warning.pos[0], wording(warning), 'warning');
    if (document.errors.length > 0) return { document, problems, place };
    findDuplicates(document, complain);
    if (!aliasesHold(document, complain)) return { document, problems, place };
    keepText(document, textUnder);
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return { document, value, problems, place };
  } catch (error) {
    complain(0, refusal(messageOf(error)));
    return { problems, place };
  }
}

interface SyntaxFault {
  code: string;
  message: string;
  pos: [number, number];
}

/** What follows a syntax error in the same line is mostly its echo. */
function firstOfEachLine(errors: SyntaxFault[], place: Syntax['place']): SyntaxFault[] {
  const first = new Map<number, SyntaxFault>();
  for (const error of errors.slice(0, 1000)) {
    const { line } = place(error.pos[0]);
    if (!first.has(line)) first.set(line, error);
  }
  return [...first.values()];
}

type Complain = (offset: number, message: string, severity?: Problem['severity']) => void;

/** The first document, or undefined where the text was refused before it was composed. */
function compose(text: string, lines: LineCounter, complain: Complain): YamlDocument | undefined {
  const parser = new Parser(lines.addNewLine);
  const tokens = [];
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    offset += lexeme.length;
    if (parser.stack.length > MAX_DEPTH) {
      complain(Math.min(offset, text.length), `nested more than ${MAX_DEPTH} levels deep`);
      return undefined;
    }
  }
  tokens.push(...parser.end());
  const composer = new Composer<ParsedNode, true>({
    schema: 'core',
    stringKeys: true,
    uniqueKeys: false,
    resolveKnownTags: false,
    logLevel: 'silent',
  });
  const [first, second] = composer.compose(tokens, true, text.length);
  if (first === undefined || !('directives' in first)) return undefined;
  if (second !== undefined) {
    complain(second.range[0], 'a second document begins here ("---"): one file holds one document');
    return undefined;
  }
  return first;
}

/** Whether each alias has an anchor before it, and there are not too many of them. */
function aliasesHold(document: YamlDocument, complain: Complain): boolean {
  const anchors = new Set<string>();
  let aliases = 0;
  let hold = true;
  const refuse = (node: Alias, message: string) => {
    hold = false;
    complain(node.range?.[0] ?? 0, message);
  };
  visit(document, {
    Node(_, node) {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.add(node.anchor);
        return undefined;
      }
      aliases += 1;
      const name = node.source.slice(0, 60);
      if (aliases > MAX_IN_FILE) {
        refuse(node, `more than ${MAX_IN_FILE} aliases (*name): write it out`);
        return visit.BREAK;
      }
      if (!anchors.has(node.source)) refuse(node, `the alias *${name} has no anchor &${name} before it`);
      return undefined;
    },
  });
  return hold;
}

/** Keys that stand twice. The library looks for them too, but in quadratic time. */
function findDuplicates(document: YamlDocument, complain: Complain): void {
  visit(document, {
    Map(_, map) {
      const seen = new Set<string>();
      for (const pair of map.items) {
        const key = isScalar(pair.key) ? String(pair.key.value) : undefined;
        if (key === undefined || !isScalar(pair.key)) continue;
        if (key === '<<' && pair.key.type === 'PLAIN')
          complain(
            pair.key.range?.[0] ?? 0,
            'merge keys (<<) are not read: write the fields out; what all tasks of a file share stands once under `defaults`',
          );
        if (key === '__proto__') complain(pair.key.range?.[0] ?? 0, '"__proto__" cannot be a key');
        if (seen.has(key)) {
          const shown = JSON.stringify(key.slice(0, 60));
          complain(pair.key.range?.[0] ?? 0, `${shown} stands here twice: keep one of them`);
        }
        seen.add(key);
      }
    },
  });
}

/** Plain scalars under these keys stay the text that was written: `VERSION: 1.10` is not 1.1. */
function keepText(document: YamlDocument, keys: readonly string[]): void {
  if (keys.length === 0) return;
  visit(document, {
    Pair(_, pair) {
      if (!isScalar(pair.key) || !keys.includes(String(pair.key.value))) return;
      const under = isAlias(pair.value) ? pair.value.resolve(document) : pair.value;
      if (isMap(under)) for (const inner of under.items) if (isPair(inner)) inner.value = textOf(document, inner.value);
      if (isSeq(under)) under.items = under.items.map((item) => textOf(document, item));
    },
  });
}

/** A number or a yes as it is written: an account's id has more digits than a number keeps. */
function textOf(document: YamlDocument, node: unknown): unknown {
  const found = isAlias(node) ? node.resolve(document) : node;
  if (!isScalar(found) || (typeof found.value !== 'number' && typeof found.value !== 'boolean')) return node;
  // Replacing an anchored value would leave its aliases without an anchor.
  if (isScalar(node) && node.anchor !== undefined) return node;
  const kept = document.createNode(found.source ?? String(found.value));
  kept.range = (isScalar(node) || isAlias(node) ? node.range : undefined) ?? null;
  return kept;
}

function wording(error: SyntaxFault): string {
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return 'a tab is used for indentation: YAML takes only spaces there';
    case 'NON_STRING_KEY':
      return 'a key must be a word, not a list or a mapping';
    case 'RESOURCE_EXHAUSTION':
      return 'nested too deeply';
    case 'TAG_RESOLVE_FAILED':
      return `a YAML tag has no meaning here: ${error.message}`;
    case 'BLOCK_AS_IMPLICIT_KEY':
      return `not valid YAML: a ":" inside a value; put quotes round the value (${error.message})`;
    case 'BAD_SCALAR_START':
      return `not valid YAML: put quotes round the value (${error.message})`;
    default:
      return `not valid YAML: ${error.message}`;
  }
}

function refusal(message: string): string {
  if (message.startsWith('Excessive alias count')) return 'the aliases (*name) in it grow to too much: write it out';
  return `not readable as YAML: ${message}`;
}
