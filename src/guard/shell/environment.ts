import { UNKNOWN, isKnown } from '../marks.ts';
import type { Machine } from '../machine.ts';
import { fork, type Frame } from './frame.ts';
import { variableNamed } from './variables.ts';

/** Files that a shell runs before its own script. */
const startFiles = /^(?:BASH_ENV|ENV)$/;
/** Prompts are expanded, substitutions included. */
const prompts = /^PS[0124]$/;
/** Tells what an assigned variable will run, for the variables that run something. */
export function checkVariable(name: string, value: string, frame: Frame, machine: Machine): void {
  if (value === '') return;
  checkSubscript(value, frame, machine);
  const scope = (): Frame => fork(frame, { via: [...frame.via, name] });
  if (prompts.test(name)) {
    if (/[$`\\]/.test(value)) runPrompt(value, frame, machine, name);
  } else if (startFiles.test(name)) {
    // Bash expands the name of the file first.
    if (isKnown(value) && /[$`]/.test(value)) runPrompt(value, frame, machine, name);
    machine.invoke(['source', value], scope());
  } else variableNamed(name)?.tell(value, scope(), machine, name);
}

/** A script that does with the text what bash does in double quotes, a quote in it being text. */
export const inQuotes = (text: string): string => {
  const end = text.includes('END_OF_TEXT') ? `END_OF_TEXT_${text.length}` : 'END_OF_TEXT';
  return `: <<${end}\n${text}\n${end}\n`;
};

/** Runs what is in a text that bash expands as it does a prompt: `PS4`, `${x@P}`. */
export function runPrompt(text: string, frame: Frame, machine: Machine, via: string): void {
  const scope = fork(frame, { via: [...frame.via, via] });
  if (!isKnown(text)) {
    machine.run(UNKNOWN, scope);
    return;
  }
  const read = text
    .replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8) & 0x7f))
    .replaceAll('\\$', '$');
  for (const one of new Set([text, read])) if (/[$`]/.test(one)) machine.run(inQuotes(one), scope);
}

/**
 * Bash evaluates the subscript of a name wherever it does arithmetic or takes a variable's name: text such as
 * `a[$(cmd)]` then runs `cmd`, although it was quoted.
 */
export function checkSubscript(text: string, frame: Frame, machine: Machine): void {
  const subscript = text.search(/\w\[/);
  if (subscript < 0 || !/\$\(|`/.test(text.slice(subscript))) return;
  machine.run(inQuotes(text), fork(frame, { via: [...frame.via, 'subscript'] }));
}
