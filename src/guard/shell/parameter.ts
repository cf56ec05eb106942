import type { ParameterExpansionPart, Word } from 'unbash';
import { FILES, SAFE, UNKNOWN, hasUnknown, isKnown } from '../marks.ts';
import { cutOf } from '../wildcards.ts';
import type { Frame, Value } from './frame.ts';
import { isShared } from './shared.ts';

const harmless = new Set(
  '# ? $ ! RANDOM SRANDOM SECONDS LINENO UID EUID BASHPID EPOCHSECONDS EPOCHREALTIME SHLVL USER LOGNAME HOSTNAME OSTYPE HOSTTYPE MACHTYPE'.split(
    ' ',
  ),
);
const fixed: Record<string, string> = {
  SHELL: '/bin/bash',
  BASH: '/bin/bash',
  IFS: ' \t\n',
  TMPDIR: '/tmp',
  PATH: '/usr/local/bin:/usr/bin:/bin',
  '0': 'bash',
  '-': 'hB',
};

/** A variable's value: undefined where it was never assigned (unset, or from the environment). */
export function valueOf(name: string, frame: Frame): Value | undefined {
  if (/^[1-9]\d*$/.test(name)) return frame.positional ? (frame.positional[Number(name) - 1] ?? '') : UNKNOWN;
  if (name === '@' || name === '*') return frame.positional ?? UNKNOWN;
  if (name === '_') return UNKNOWN;
  if (name === 'PWD') return frame.cwds.length === 1 ? (frame.cwds[0] ?? UNKNOWN) : UNKNOWN;
  // The shell's parent is the agent's own program: `kill` looks for it.
  if (name === 'PPID') return `${SAFE}parent`;
  if (isShared(name, frame)) return UNKNOWN;
  return frame.vars.get(name) ?? fixed[name] ?? (harmless.has(name) ? SAFE : undefined);
}

/** What it takes to expand a parameter. */
interface Means {
  /** Expands an operand to one string. */
  expand: (word: Word) => string;
  /** Runs what is in a text that is expanded as a prompt. */
  prompt: (text: string) => void;
  /** As `Machine` has it. */
  spend: (steps: number) => void;
}

/** What `${…}` gives. */
export function expandParameter(part: ParameterExpansionPart, frame: Frame, { expand, prompt, spend }: Means): Value {
  if (part.prefix === '#') return SAFE;
  if (part.operation?.type === 'Names') return UNKNOWN;
  let value = valueOf(part.parameter, frame);
  if (part.prefix === '!') {
    const name = Array.isArray(value) ? undefined : value;
    value = name !== undefined && isKnown(name) ? valueOf(name, frame) : UNKNOWN;
  }
  if (part.index !== undefined) value = element(value, expand(part.index));
  else if (Array.isArray(value) && part.parameter !== '@' && part.parameter !== '*') value = value[0] ?? '';
  if (part.operation === undefined) return value ?? UNKNOWN;
  if (part.operation.type === 'Default') return withDefault(part, value, frame, expand);
  if (part.operation.type === 'Transform' && expand(part.operation.operand) === 'P') {
    for (const text of Array.isArray(value) ? value : [value ?? UNKNOWN]) prompt(text);
    return UNKNOWN;
  }
  if (Array.isArray(value) && part.operation.type === 'Slice') {
    const { offset, length } = part.operation;
    const first = part.parameter === '@' || part.parameter === '*' ? [text0(frame)] : undefined;
    return sliceList(value, first, expand(offset).trim(), length && expand(length).trim());
  }
  const apply = (text: string): string => operate(part, text, expand, spend);
  return Array.isArray(value) ? value.map(apply) : apply(value ?? UNKNOWN);
}

function element(value: Value | undefined, index: string): Value | undefined {
  if (index === '@' || index === '*') return value;
  if (!Array.isArray(value)) return index === '0' ? value : value === undefined ? undefined : UNKNOWN;
  return /^\d+$/.test(index) ? (value[Number(index)] ?? '') : UNKNOWN;
}

function withDefault(
  part: ParameterExpansionPart,
  value: Value | undefined,
  frame: Frame,
  expand: (word: Word) => string,
): Value {
  if (part.operation?.type !== 'Default') return UNKNOWN;
  const operator = part.operation.operator;
  // The operand is expanded in any case: a substitution in it may run.
  const operand = expand(part.operation.operand);
  const unset = value === undefined || (operator.startsWith(':') && value.length === 0);
  if (value === UNKNOWN) return UNKNOWN;
  if (operator.endsWith('+')) return unset ? (value === undefined && !isOurs(part, frame) ? UNKNOWN : '') : operand;
  if (operator.endsWith('?')) return value ?? UNKNOWN;
  if (!unset) return value;
  if (operator.endsWith('=')) frame.vars.set(part.parameter, operand);
  return operand;
}

const isOurs = (part: ParameterExpansionPart, frame: Frame): boolean => frame.vars.has(part.parameter);

function operate(part: ParameterExpansionPart, text: string, expand: Means['expand'], spend: Means['spend']): string {
  const operation = part.operation;
  if (operation === undefined) return text;
  spend(text.length >> 5);
  switch (operation.type) {
    case 'Remove':
      return remove(text, expand(operation.operand), operation.operator, spend);
    case 'Replace': {
      const [pattern, replacement] = [expand(operation.pattern), expand(operation.replacement)];
      return replace(text, pattern, replacement, operation.operator);
    }
    case 'Slice': {
      const [offset, length] = [expand(operation.offset).trim(), operation.length && expand(operation.length).trim()];
      return slice(text, offset, length);
    }
    case 'CaseModification':
      return changeCase(text, operation.operator);
    case 'Transform':
      return /^[QEAaKk]$/.test(expand(operation.operand)) && isKnown(text) ? text : UNKNOWN;
    case 'Default':
    case 'Names':
    case 'Unknown':
      return UNKNOWN;
  }
}

function remove(text: string, pattern: string, operator: '#' | '##' | '%' | '%%', spend: Means['spend']): string {
  if (text.includes(UNKNOWN)) return UNKNOWN;
  if (pattern.includes(UNKNOWN) || pattern.includes(SAFE))
    return isKnown(text) || text.includes(FILES) ? UNKNOWN : SAFE;
  const atStart = operator.startsWith('#');
  if (isKnown(pattern)) {
    if (atStart) return text.startsWith(pattern) ? text.slice(pattern.length) : text;
    return pattern.length > 0 && text.endsWith(pattern) ? text.slice(0, -pattern.length) : text;
  }
  spend(Math.min(text.length * pattern.length, 100_000) >> 7);
  const cut = cutOf(text, pattern, { atStart, longest: operator.length === 2 });
  if (cut === undefined) return text;
  if (cut === 'too long') return UNKNOWN;
  return atStart ? text.slice(cut) : text.slice(0, text.length - cut);
}

function replace(text: string, pattern: string, replacement: string, operator: string): string {
  if (text.includes(UNKNOWN) || !isKnown(pattern)) return UNKNOWN;
  if (pattern === '') return text;
  if (operator === '//') return text.replaceAll(pattern, () => replacement);
  if (operator === '/#') return text.startsWith(pattern) ? replacement + text.slice(pattern.length) : text;
  if (operator === '/%') return text.endsWith(pattern) ? text.slice(0, -pattern.length) + replacement : text;
  return text.replace(pattern, () => replacement);
}

function slice(text: string, offset: string, length: string | undefined): string {
  if (!isKnown(text)) return text.includes(UNKNOWN) || text.includes(FILES) ? UNKNOWN : SAFE;
  if (!/^-?\d+$/.test(offset) || (length !== undefined && !/^-?\d+$/.test(length))) return UNKNOWN;
  const start = Number(offset) < 0 ? Math.max(0, text.length + Number(offset)) : Number(offset);
  if (length === undefined) return text.slice(start);
  return Number(length) < 0 ? text.slice(start, Number(length)) : text.slice(start, start + Number(length));
}

const text0 = (frame: Frame): string => {
  const zero = valueOf('0', frame);
  return typeof zero === 'string' ? zero : UNKNOWN;
};

/**
 * `${list[@]:offset:length}`: whole elements. `first` is what stands before the first one: of the positional parameters,
 * `$0`. An element that is not known may be several, or none: from there on nothing is certain.
 */
function sliceList(
  list: readonly string[],
  first: readonly string[] = [],
  offset: string,
  length: string | undefined,
): Value {
  if (!/^-?\d+$/.test(offset) || (length !== undefined && !/^\d+$/.test(length))) return UNKNOWN;
  const all = [...first, ...list];
  const start = Number(offset) < 0 ? all.length + Number(offset) : Number(offset);
  if (start < 0) return [];
  const end = length === undefined ? all.length : start + Number(length);
  const uncertain = all.findIndex(hasUnknown);
  if (uncertain < 0 || (Number(offset) >= 0 && end <= uncertain)) return all.slice(start, end);
  if (Number(offset) < 0 || start > uncertain) return UNKNOWN;
  return length === undefined ? all.slice(start) : [...all.slice(start, uncertain), UNKNOWN];
}

function changeCase(text: string, operator: '^' | '^^' | ',' | ',,'): string {
  switch (operator) {
    case '^':
      return text.charAt(0).toUpperCase() + text.slice(1);
    case '^^':
      return text.toUpperCase();
    case ',':
      return text.charAt(0).toLowerCase() + text.slice(1);
    case ',,':
      return text.toLowerCase();
  }
}
