import {
  parse,
  type ArithmeticExpression,
  type DoubleQuotedChild,
  type ParsedScript,
  type Word,
  type WordPart,
} from 'unbash';
import { ONE, SAFE, STAR, STAR_DOT, UNKNOWN, asKnown, hasUnknown } from '../marks.ts';
import type { Machine } from '../machine.ts';
import { walkArithmetic } from './arithmetic.ts';
import { expandBraces } from './braces.ts';
import { checkSubscript, runPrompt } from './environment.ts';
import { fork, type Frame, type Value } from './frame.ts';
import { ownShell } from './traps.ts';
import { expandParameter, valueOf } from './parameter.ts';

/** A piece of a word: quoted text stays whole, other text is split into words and globbed. */
interface Piece {
  value: Value;
  quoted: boolean;
}

/** The words that one word of a command becomes. */
export function expandFields(word: Word, frame: Frame, machine: Machine): string[] {
  if (word.parts === undefined) return [tilde(word.text, asKnown(word.value), frame)];
  const plain = plainText(word.parts);
  if (plain !== undefined && !word.text.startsWith('~')) return [plain];
  if (word.parts.some((part) => part.type === 'BraceExpansion')) return braces(word, frame, machine);
  return fieldsOf(pieces(word, word.parts, frame, machine), frame);
}

/** The one string that a word becomes where it is not split: an assignment's value, a redirection's target. */
export function expandOne(word: Word, frame: Frame, machine: Machine): string {
  if (word.parts === undefined) return tilde(word.text, asKnown(word.value), frame);
  return pieces(word, word.parts, frame, machine).map(joined).join('');
}

/** The text of parts in which nothing is expanded, as most quoted words are; undefined where something is. */
function plainText(parts: readonly WordPart[]): string | undefined {
  let text = '';
  for (const part of parts) {
    if (part.type === 'Literal' || part.type === 'SingleQuoted' || part.type === 'AnsiCQuoted') text += part.value;
    else if (part.type === 'DoubleQuoted')
      for (const child of part.parts) {
        if (child.type !== 'Literal') return undefined;
        text += child.value;
      }
    else return undefined;
  }
  return asKnown(text);
}

/** A heredoc's body after its expansions. */
export function expandParts(parts: readonly WordPart[], frame: Frame, machine: Machine): string {
  return parts
    .flatMap((part) => piecesOf(part, frame, machine, true))
    .map(joined)
    .join('');
}

function braces(word: Word, frame: Frame, machine: Machine): string[] {
  const sources = expandBraces(word.text);
  if (sources === undefined) return [UNKNOWN];
  return sources.flatMap((source) => {
    const command = parse(`: ${source}`).commands[0]?.command;
    if (command?.type !== 'Command') return [UNKNOWN];
    return command.args.flatMap((arg) => {
      if (arg.type !== 'Word') return [UNKNOWN];
      if (arg.parts === undefined) return [tilde(arg.text, asKnown(arg.value), frame)];
      return fieldsOf(pieces(arg, arg.parts, frame, machine), frame);
    });
  });
}

function pieces(word: Word, parts: readonly WordPart[], frame: Frame, machine: Machine): Piece[] {
  const list = parts.flatMap((part) => piecesOf(part, frame, machine, false));
  const first = parts[0];
  if (first?.type === 'Literal' && first.text.startsWith('~') && list[0] !== undefined) {
    const whole = parts.length === 1 || first.text.includes('/');
    if (whole) list[0] = { value: tilde(first.text, asKnown(first.value), frame), quoted: true };
  }
  return list;
}

function piecesOf(part: WordPart, frame: Frame, machine: Machine, quoted: boolean): Piece[] {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return [{ value: asKnown(part.value), quoted: true }];
    case 'DoubleQuoted':
    case 'LocaleString':
      return [
        { value: '', quoted: true },
        ...part.parts.flatMap((child: DoubleQuotedChild) => piecesOf(child, frame, machine, true)),
      ];
    case 'Glob':
      // An IPv6 address in a URL: no file is called so.
      if (/^\[[\da-f.]*:[\da-f:.]*\]$/i.test(part.text)) return [{ value: part.text, quoted: true }];
      return [{ value: part.kind === 'star' ? star(frame) : ONE, quoted: true }];
    case 'ExtendedGlob':
      for (const child of part.parts ?? []) piecesOf(child, frame, machine, true);
      return [{ value: STAR_DOT, quoted: true }];
    case 'BraceExpansion':
      // Only left where this word cannot be split into several: then it is no expansion in bash either.
      return [{ value: asKnown(part.text), quoted: true }];
    case 'SimpleExpansion':
      return [{ value: valueOf(part.text.slice(1), frame) ?? UNKNOWN, quoted }];
    case 'ParameterExpansion': {
      const expand = (word: Word): string => expandOne(word, frame, machine);
      const prompt = (text: string): void => runPrompt(text, frame, machine, '@P');
      return [{ value: expandParameter(part, frame, { expand, prompt, spend: machine.spend }), quoted }];
    }
    case 'ArithmeticExpansion':
      evaluate(part.expression, frame, machine);
      return [{ value: SAFE, quoted: true }];
    case 'CommandExpansion':
      return [{ value: substitution(part.script, frame, machine), quoted }];
    case 'ProcessSubstitution':
      return [{ value: processSubstitution(part.operator, part.script, frame, machine), quoted: true }];
  }
}

/** What `$(…)` gives: the output without its last newlines. */
function substitution(script: ParsedScript | undefined, frame: Frame, machine: Machine): string {
  if (script === undefined) return UNKNOWN;
  const output = withoutLastLines(ownShell(fork(frame), machine, (scope) => machine.walk(script, scope)));
  if (hasUnknown(output)) machine.computed = true;
  return output;
}

/** (An expression would begin anew at each of many newlines.) */
function withoutLastLines(text: string): string {
  let end = text.length;
  while (text[end - 1] === '\n') end -= 1;
  return text.slice(0, end);
}

function processSubstitution(
  operator: '<' | '>',
  script: ParsedScript | undefined,
  frame: Frame,
  machine: Machine,
): string {
  const output =
    script === undefined
      ? UNKNOWN
      : ownShell(fork(frame, { stdin: UNKNOWN }), machine, (scope) => machine.walk(script, scope));
  if (operator === '>') return '/dev/null';
  return machine.pipe(hasUnknown(output) ? undefined : output);
}

/** Runs what an arithmetic expression runs; its value is a number that nobody knows. */
export function evaluate(expression: ArithmeticExpression | undefined, frame: Frame, machine: Machine): void {
  if (expression === undefined) return;
  const texts: string[] = [];
  walkArithmetic(expression, frame, {
    substitute: (script) => void substitution(script, frame, machine),
    expand: (parts) => void texts.push(expandParts(parts, frame, machine)),
    name: (name) => void texts.push(...namedBy(name, frame)),
  });
  // Bash reads the expression as one text, and the value of a variable in it as another one.
  for (const text of [...texts, ...(texts.length > 1 ? [texts.join('+')] : [])]) checkSubscript(text, frame, machine);
}

/** The values that bash looks into where a name stands in an arithmetic expression: a value may be a name again. */
function namedBy(name: string, frame: Frame): string[] {
  const values: string[] = [];
  for (let at: string | undefined = name; at !== undefined && values.length < 8;) {
    const variable: string | undefined = /^(?:\$\{?(\w+|[@*])\}?|[A-Za-z_]\w*)$/
      .exec(at)
      ?.slice(0, 2)
      .findLast(Boolean);
    const value: Value | undefined = variable === undefined ? undefined : valueOf(variable, frame);
    if (value === undefined) break;
    values.push(...[value].flat());
    at = typeof value === 'string' ? value : undefined;
  }
  return values;
}

const star = (frame: Frame): string => (frame.vars.has('shopt dotglob') ? STAR_DOT : STAR);

function joined(piece: Piece): string {
  return Array.isArray(piece.value) ? piece.value.join(' ') : piece.value;
}

function fieldsOf(list: readonly Piece[], frame: Frame): string[] {
  const separators = frame.vars.get('IFS') ?? ' \t\n';
  const fields: string[] = [];
  let current: string | undefined;
  const flush = (): void => {
    if (current !== undefined) fields.push(current);
    current = undefined;
  };
  for (const { value, quoted } of list) {
    if (quoted && !Array.isArray(value)) {
      current = (current ?? '') + value;
      continue;
    }
    const items = Array.isArray(value) ? value : [value];
    items.forEach((item, index) => {
      if (index > 0) flush();
      if (quoted) {
        current = (current ?? '') + item;
        return;
      }
      const parts = splitAt(item, typeof separators === 'string' ? separators : ' \t\n');
      parts.forEach((part, at) => {
        if (at > 0) flush();
        if (part !== '') current = (current ?? '') + globbed(part, frame);
      });
    });
  }
  flush();
  return fields;
}

/** The text cut at each of these characters. */
export function splitAt(text: string, separators: string): string[] {
  if (separators === '' || separators === UNKNOWN) return [text];
  const parts: string[] = [''];
  for (const char of text) {
    if (separators.includes(char)) parts.push('');
    else parts[parts.length - 1] = (parts[parts.length - 1] ?? '') + char;
  }
  return parts;
}

function globbed(text: string, frame: Frame): string {
  if (!/[*?[]/.test(text)) return text;
  const marked = text.replaceAll('*', star(frame)).replaceAll('?', ONE);
  // Behind the last `]` no set is shut.
  const end = marked.lastIndexOf(']') + 1;
  return marked.slice(0, end).replace(/\[[^\]]*\]/g, ONE) + marked.slice(end);
}

/** `~`, `~/x`, `~user/x`, `~+`; `source` is the word as written, which shows what is quoted. */
function tilde(source: string, value: string, frame: Frame): string {
  if (!source.startsWith('~')) return value;
  const prefix = /^~([^/'"\\$`]*)(?=\/|$)/.exec(source);
  if (prefix === null) return value;
  const user = prefix[1] ?? '';
  const rest = value.slice(prefix[0].length);
  if (user === '') return String(valueOf('HOME', frame) ?? UNKNOWN) + rest;
  if (user === '+') return String(valueOf('PWD', frame) ?? UNKNOWN) + rest;
  if (user === '-') return UNKNOWN + rest;
  return (user === 'root' ? '/root' : `/home/${user}`) + rest;
}
