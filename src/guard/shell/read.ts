import { FILES, SAFE, UNKNOWN, hasUnknown, isKnown, isNames } from '../marks.ts';
import type { Call } from '../machine.ts';
import { checkSubscript } from './environment.ts';
import { splitAt } from './expand.ts';
import { fork, type Frame } from './frame.ts';
import { unescape } from './text.ts';

/** The value of a one-letter option, attached or as the next word: `-d:`, `-d ':'`. */
function valueOf(letter: string, args: readonly string[]): string | undefined {
  const at = args.findIndex((arg) => arg.startsWith('-') && !arg.startsWith('--') && arg.includes(letter));
  if (at < 0) return undefined;
  const arg = args[at] ?? '';
  const attached = arg.slice(arg.indexOf(letter) + 1);
  return attached === '' ? (args[at + 1] ?? '') : attached;
}

/** What separates words where this runs; undefined where nobody knows. */
function separatorsOf(frame: Frame): string | undefined {
  const value = frame.vars.get('IFS') ?? ' \t\n';
  return typeof value === 'string' && isKnown(value) ? value : undefined;
}

/** A line in the words that `read` makes of it: white space runs together, any other separator stands alone. */
function wordsOf(line: string, separators: string): string[] {
  const blank = separators.replace(/\S/g, '');
  if (separators === blank) return splitAt(line, separators).filter((word) => word !== '');
  return splitAt(line, separators.replace(/\s/g, '')).flatMap((part) =>
    blank === '' ? [part] : splitAt(part, blank).filter((word) => word !== ''),
  );
}

/** Text in the parts that a character ends. No known text holds the NUL that `-d ''` means. */
const cutAt = (text: string, end: string): string[] => (end === '' ? [text] : text.split(end));

/** `read`: the names get what one line of standard input gives, as far as that is known. */
export function read({ args, frame, machine }: Call): string {
  for (const arg of args) checkSubscript(arg, frame, machine);
  const names: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    if (/^-[dinNptu]$/.test(arg) || /^-[ers]+[dinNptu]$/.test(arg)) i += 1;
    else if (!arg.startsWith('-')) names.push(arg);
  }
  const array = args.some((arg) => /^-[ers]*a$/.test(arg));
  const end = valueOf('d', args) ?? '\n';
  const lines = cutAt(end === '\n' ? frame.stdin.replace(/\n$/, '') : frame.stdin, end);
  // Of text with another end the first part is meant; of several lines nobody knows which turn this is.
  const first = lines.length === 1 || (end !== '\n' && isKnown(end)) ? (lines[0] ?? '') : UNKNOWN;
  const line = args.some((arg) => /^-[a-z]*r/.test(arg)) ? first : first.replace(/\\(.)/gs, '$1');
  const separators = separatorsOf(frame);
  const words = separators === undefined ? [UNKNOWN] : wordsOf(line.trim(), separators);
  if (hasUnknown(line)) machine.computed = true;
  if (array) frame.vars.set(names[0] ?? 'REPLY', isKnown(line) ? words : [line]);
  else if (names.length <= 1)
    frame.vars.set(names[0] ?? 'REPLY', isNames(line) ? line.trim() : frame.stdin === SAFE ? SAFE : line.trim());
  else {
    names.forEach((name, index) => {
      const rest = index === names.length - 1 ? words.slice(index).join(' ') : (words[index] ?? '');
      const known = isKnown(line) && separators !== undefined;
      frame.vars.set(name, line === SAFE || line === FILES ? line : known ? rest : UNKNOWN);
    });
  }
  return '';
}

/** `mapfile`, `readarray`: an array of the lines, or of what another character ends. */
export function readLines({ args, frame, machine }: Call): string {
  const at = args.findIndex((arg) => /^-[a-zA-Z]*C/.test(arg));
  if (at >= 0) {
    const command = args[at]?.replace(/^-[a-zA-Z]*?C/, '') ?? '';
    machine.run(`${command === '' ? (args[at + 1] ?? '') : command} 0 line`, fork(frame));
  }
  const name = args.filter((arg) => !arg.startsWith('-')).at(-1) ?? 'MAPFILE';
  const end = unescape(valueOf('d', args) ?? '\n');
  const known = isKnown(frame.stdin) && isKnown(end);
  if (!known) machine.computed = true;
  const stdin = frame.stdin.replace(/\n$/, '');
  frame.vars.set(name, known ? cutAt(stdin, end) : [isNames(frame.stdin) ? frame.stdin.trim() : UNKNOWN]);
  return '';
}
