import { UNKNOWN, isKnown } from '../marks.ts';
import type { Machine } from '../machine.ts';
import { loadBefore } from '../unwrap/interpreters.ts';
import { writePath } from '../paths.ts';
import { fork, type Frame } from './frame.ts';

/** Variables whose value some program runs as a command. */
const commands =
  /^(?:PAGER|MANPAGER|GIT_PAGER|EDITOR|VISUAL|GIT_EDITOR|GIT_SEQUENCE_EDITOR|GIT_SSH|GIT_SSH_COMMAND|GIT_ASKPASS|SSH_ASKPASS|SUDO_ASKPASS|GIT_EXTERNAL_DIFF|GIT_PROXY_COMMAND|LESSOPEN|LESSCLOSE|BROWSER|PROMPT_COMMAND|FCEDIT|RSYNC_RSH|CVS_RSH|TAR_OPTIONS|SHELLOPTS|PERL5DB)$/;
/** Files that a shell runs before its own script. */
const startFiles = /^(?:BASH_ENV|ENV)$/;
/** Prompts are expanded, substitutions included. */
const prompts = /^PS[0124]$/;
/** Libraries that every program then loads. */
const libraries = /^(?:LD_PRELOAD|LD_AUDIT|DYLD_INSERT_LIBRARIES)$/;

/** Tells what an assigned variable will run, for the variables that run something. */
export function checkVariable(name: string, value: string, frame: Frame, machine: Machine): void {
  if (value === '') return;
  checkSubscript(value, frame, machine);
  if (commands.test(name)) machine.run(value.replace(/^\|\s*/, ''), fork(frame, { via: [...frame.via, name] }));
  else if (prompts.test(name)) {
    if (/[$`\\]/.test(value)) runPrompt(value, frame, machine, name);
  } else if (startFiles.test(name)) machine.invoke(['source', value], fork(frame, { via: [...frame.via, name] }));
  else if (name.startsWith('GIT_TRACE') && value.startsWith('/')) writePath(value, frame, machine);
  else if (name.startsWith('GIT_TRACE') && value.startsWith('/')) writePath(value, frame, machine);
  else if (name === 'PYTHONSTARTUP') machine.invoke(['python3', value], fork(frame, { via: [...frame.via, name] }));
  else if (name === 'NODE_OPTIONS') loadBefore(value, 'node', fork(frame, { via: [...frame.via, name] }), machine);
  else if (name === 'RUBYOPT') loadBefore(value, 'ruby', fork(frame, { via: [...frame.via, name] }), machine);
  else if (name === 'PERL5OPT') loadBefore(value, 'perl', fork(frame, { via: [...frame.via, name] }), machine);
  else if (libraries.test(name))
    machine.emit({ kind: 'unknown', what: `${name} loads code into programs`, runs: true });
}

/** A script that does with the text what bash does in double quotes, a quote in it being text. */
const inQuotes = (text: string): string => {
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
  if (!/\w\[[\s\S]*(?:\$\(|`)/.test(text)) return;
  machine.run(inQuotes(text), fork(frame, { via: [...frame.via, 'subscript'] }));
}
