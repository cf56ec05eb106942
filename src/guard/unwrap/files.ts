import { STAR_DOT, UNKNOWN, hasGlob, isKnown, shown } from '../marks.ts';
import { matcherOf } from '../wildcards.ts';
import type { Machine } from '../machine.ts';
import { below } from '../places.ts';
import { resolve } from '../paths.ts';
import { childOf, fork, type Frame } from '../shell/frame.ts';
import { maxLength } from '../shell/parse.ts';
import { scanCode } from './code.ts';
import type { Language } from './languages.ts';
import { scanSources } from './compiled.ts';
import { scanWritten } from './written.ts';

const byExtension: Record<string, Language | 'shell'> = {
  sh: 'shell',
  bash: 'shell',
  zsh: 'shell',
  ksh: 'shell',
  py: 'python',
  js: 'node',
  mjs: 'node',
  cjs: 'node',
  ts: 'node',
  mts: 'node',
  cts: 'node',
  tsx: 'node',
  jsx: 'node',
  rb: 'ruby',
  pl: 'perl',
  php: 'php',
  lua: 'lua',
  awk: 'awk',
};

/** As many files does a glob of scripts stand for at most. */
const mostFiles = 64;

/** Files that set a shell up; not there, or harmless, in the agent's own home. */
export function harmlessStartFile(file: string, home: string): boolean {
  const path = file.startsWith(`${home}/`) ? `~/${file.slice(home.length + 1)}` : file;
  return /^~\/\.(?:bashrc|profile|bash_profile|zshrc|nvm\/nvm\.sh|cargo\/env|asdf\/asdf\.sh|sdkman\/bin\/sdkman-init\.sh)$|^\/etc\/(?:profile|profile\.d\/.*|bash\.bashrc|bashrc|bash_completion|os-release|lsb-release|environment|default\/locale)$|^\/usr\/share\/bash-completion\//.test(
    path,
  );
}

/**
 * Walks a file that is run as a program. Undefined where there is nothing to read: a binary, or no such file.
 * `language` is given where an interpreter was named (`bash x`, `python x`).
 */
export function runFile(
  path: string,
  args: readonly string[],
  frame: Frame,
  machine: Machine,
  language?: Language | 'shell',
): string | undefined {
  if (frame.foreign) return undefined;
  if (/^\/dev\/(?:stdin|fd\/0)$|^\/proc\/self\/fd\/0$/.test(path))
    return runText(frame.stdin, args, frame, machine, language ?? 'shell', path);
  const several = matching(path, machine);
  if (several !== undefined) {
    for (const file of several) runFile(file, args, frame, machine, language);
    return UNKNOWN;
  }
  const { text, changed } = machine.file(path);
  const sources = machine.builtFrom(path);
  if (text === undefined && sources !== undefined) {
    scanSources(sources, frame, machine);
    return undefined;
  }
  if (text === undefined) {
    if (changed || machine.scattered)
      machine.emit({
        kind: 'unknown',
        what: `${shown(path)} was written by this very command, and is run`,
        runs: true,
      });
    else if (!isKnown(path) || isHidden(path, machine)) {
      machine.emit({ kind: 'unknown', what: `${shown(path)} cannot be read beforehand, and is run`, runs: false });
    }
    return undefined;
  }
  if (machine.scattered && !changed)
    machine.emit({
      kind: 'unknown',
      what: `${shown(path)} may be what this very command wrote, and is run`,
      runs: false,
    });
  // A program of the system's that an interpreter is told to run goes by its name.
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (machine.knows(name) === 'dangerous' && isHidden(path, machine)) return machine.start([name, ...args], frame);
  const shebang = language === undefined ? toldByFirstLine(text) : undefined;
  if (shebang !== undefined && machine.knows(shebang[0] ?? '') !== 'nothing')
    return machine.start([...shebang, path, ...args], frame);
  const kind = language ?? languageOf(path, text);
  if (changed && kind !== 'shell') scanWritten(text, kind, fork(frame, { via: [...frame.via, shown(path)] }), machine);
  return runText(text, args, frame, machine, kind, path);
}

/** Walks a file that is run by `source`, in this very shell. */
export function sourceFile(file: string, frame: Frame, machine: Machine): string {
  for (const path of resolve(file, frame, machine.context)) {
    const { text, changed } = machine.file(path);
    frame.vars.set('BASH_SOURCE', [path]);
    if (text !== undefined && text.length <= maxLength) machine.run(text, frame);
    else if (path.startsWith('/dev/') && /stdin|fd\/0$/.test(path)) machine.run(frame.stdin, frame);
    else if (changed || text !== undefined || !isKnown(path) || isHidden(path, machine)) {
      machine.emit({ kind: 'unknown', what: `${shown(path)} cannot be read beforehand, and is run`, runs: changed });
    }
  }
  return UNKNOWN;
}

/** What builds a Python project of this folder: its `setup.py`, where it has one. */
export function buildPython(folder: string, frame: Frame, machine: Machine): void {
  for (const path of resolve(`${folder}/setup.py`, frame, machine.context)) {
    const { text, changed } = machine.file(path);
    if (text !== undefined || changed) runFile(path, [], frame, machine, 'python');
  }
}

/** Text that an interpreter runs: a file, a heredoc, a pipe. */
export function runText(
  text: string,
  args: readonly string[],
  frame: Frame,
  machine: Machine,
  language: Language | 'shell',
  origin: string,
): string {
  machine.spend(frame.vars.size >> 4);
  const scope = childOf(frame, { positional: [...args], via: [...frame.via, shown(origin)] });
  scope.vars.set('0', origin).set('BASH_SOURCE', [origin]);
  if (language !== 'shell') {
    scanCode(text, language, 'file', scope, machine);
    return UNKNOWN;
  }
  if (text.length > maxLength) {
    machine.emit({ kind: 'unknown', what: `${shown(origin)} is too long to be read`, runs: false });
    return UNKNOWN;
  }
  return machine.run(text, scope);
}

/** The words of a first line `#!program word` whose program is no shell and no language's: git, make, env with options. */
function toldByFirstLine(text: string): string[] | undefined {
  const words = /^#!\s*(\S[^\n]*)/.exec(text)?.[1]?.trim().split(/\s+/);
  if (words === undefined) return undefined;
  const named = /(?:^|\/)env$/.test(words[0] ?? '') ? words.slice(words[1] === '-S' ? 2 : 1) : words;
  const name = (named[0] ?? '').replace(/^.*\//, '');
  return /^(?:(?:ba|da|z|k|a)?sh$|python|node|deno|bun|tsx|ts-node|ruby|perl|php|lua)|awk$/.test(name)
    ? undefined
    : [name, ...named.slice(1)];
}

function languageOf(path: string, text: string): Language | 'shell' {
  const program = /^#!\s*(?:\S*\/)?([\w.+-]+)(?:\s+(?:-\S+\s+)*([\w.+-]+))?/.exec(text);
  if (program !== null) {
    const name = program[1] === 'env' ? (program[2] ?? '') : (program[1] ?? '');
    if (/^(?:ba|da|z|k|a)?sh$/.test(name)) return 'shell';
    if (name.startsWith('python')) return 'python';
    if (/^(?:node|deno|bun|tsx|ts-node)/.test(name)) return 'node';
    if (name.startsWith('ruby')) return 'ruby';
    if (name.startsWith('perl')) return 'perl';
    if (name.startsWith('php')) return 'php';
    if (name.startsWith('lua')) return 'lua';
    if (name.endsWith('awk')) return 'awk';
    return 'other';
  }
  return byExtension[path.slice(path.lastIndexOf('.') + 1).toLowerCase()] ?? 'shell';
}

/** The files that a glob in a path's last part stands for, where the folder can be listed; most are looked at. */
function matching(path: string, machine: Machine): string[] | undefined {
  const cut = path.lastIndexOf('/');
  const [folder, name] = [path.slice(0, cut), path.slice(cut + 1)];
  if (machine.context.list === undefined || !hasGlob(name) || !isKnown(folder) || /[\u0000\u0013\u0015]/.test(name))
    return undefined;
  if (isHidden(path, machine)) return undefined;
  const pattern = matcherOf(name);
  const dots = name.startsWith('.') || name.startsWith(STAR_DOT);
  const names = machine.context.list(folder);
  if (names === undefined) return undefined;
  const found = names
    .filter((file) => (dots || !file.startsWith('.')) && pattern(file))
    .map((file) => `${folder}/${file}`);
  return found.length > mostFiles ? undefined : found;
}

/** The sandbox's own /tmp is not the one that can be read from outside. */
function isHidden(path: string, machine: Machine): boolean {
  const { workspace, writable } = machine.context;
  const roots = [workspace, machine.context.realpath(workspace), ...writable];
  return !roots.some((root) => below(path, root) !== undefined);
}
