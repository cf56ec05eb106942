import { isKnown } from '../marks.ts';
import type { Call, Machine } from '../machine.ts';
import { resolve } from '../paths.ts';
import { fork, type Frame } from '../shell/frame.ts';
import { scanCode } from './code.ts';
import type { Language } from './languages.ts';
import { runFile } from './files.ts';
import { squeezed } from './literals.ts';

/** Longer files are not searched for what they load, in UTF-16 units. */
const longest = 20_000;

/** Endings that a language adds to the name of what it loads. */
const endings: Partial<Record<Language, readonly string[]>> = {
  node: ['', '.js', '.cjs', '.mjs', '.ts', '/index.js'],
  ruby: ['.rb', ''],
  perl: ['', '.pm', '.pl'],
  python: ['.py', '/__init__.py'],
  lua: ['', '.lua'],
  awk: ['', '.awk'],
};

/** Runs a file of the project that another one loads by this path, with or without its ending, where there is one. */
function loadFile(file: string, language: Language, frame: Frame, machine: Machine): void {
  const plain = file.replace(/^file:\/\//, '');
  for (const ending of endings[language] ?? ['']) {
    for (const path of resolve(plain + ending, frame, machine.context)) {
      const { text, changed } = machine.file(path);
      // What an earlier ending names is what is loaded; of an unknown path only the first is asked about.
      if (text === undefined && !changed && (ending !== '' || isKnown(path))) continue;
      runFile(path, [], frame, machine, language);
      return;
    }
  }
}

/** The same for a module by its dotted name: one of the project's, in the folder or where its code mostly lies. */
export function loadModule(name: string, language: Language, frame: Frame, machine: Machine): void {
  const path = name
    .replace(/[=,\s].*$/s, '')
    .replaceAll('::', '/')
    .replaceAll('.', '/');
  if (!/^[\w/]+$/.test(path)) return;
  for (const folder of ['', 'lib/', 'src/']) loadFile(`./${folder}${path}`, language, frame, machine);
}

/** Files of the project that a one-liner loads: `require('./x')`, `import x`, `dofile("x")`. */
const loading: Partial<Record<Language, RegExp>> = {
  node: /\b(?:require|import)\s*\(\s*["'`](\.{0,2}\/[^"'`\n]+)["'`]\s*\)|\b(?:from|import)\s*["'](\.{0,2}\/[^"'\n]+)["']/g,
  ruby: /\b(?:require|require_relative|load)\s*\(?\s*["']([^"'\n]+)["']/g,
  perl: /\b(?:do|require)\s*\(?\s*["']([^"'\n]+)["']/g,
  php: /\b(?:include|require)(?:_once)?\s*\(?\s*["']([^"'\n:]+)["']/g,
  lua: /\b(?:dofile|loadfile|require)\s*\(?\s*["']([^"'\n]+)["']/g,
  awk: /@include\s+"([^"\n]+)"/g,
};
const importing = /(?:^|[\n;])[ \t]*(?:import\s+([\w.]+(?:\s*,\s*[\w.]+)*)|from\s+([\w.]+)\s+import\s+(\w+|\*))/g;

export function loadedBy(source: string, language: Language, frame: Frame, machine: Machine): void {
  const code = squeezed(source);
  for (const match of code.matchAll(loading[language] ?? /(?!)/g))
    loadFile(match[1] ?? match[2] ?? '', language, frame, machine);
  if (language !== 'python') return;
  for (const [, modules = '', from, name = ''] of code.matchAll(importing)) {
    for (const module of from === undefined ? modules.split(',') : [from, `${from}.${name}`])
      loadModule(module.trim(), language, frame, machine);
  }
}

/** The same of a file that is run; what those load in turn is not followed. */
export function loadedByFile(path: string, language: Language, frame: Frame, machine: Machine): void {
  const { text } = machine.file(path);
  if (text === undefined || text.length > longest) return;
  const folder = path.slice(0, path.lastIndexOf('/'));
  loadedBy(text, language, fork(frame, { cwds: language === 'python' ? [folder, ...frame.cwds] : [folder] }), machine);
}

/** What an interpreter is told to load first: by an option, or by a variable such as `NODE_OPTIONS`. */
export function loadBefore(text: string, language: Language, frame: Frame, machine: Machine): void {
  for (const match of text.matchAll(
    /(?:^|\s)(?:(?:-r|--require|--import|--loader|--experimental-loader)[ =]?|-M(?=\S))(\S+)/g,
  )) {
    const file = match[1] ?? '';
    if (file.startsWith('data:')) scanAddress(text.slice(text.indexOf(file)), language, frame, machine);
    if (/^[./~]/.test(file)) loadFile(file, language, frame, machine);
    else if (language === 'perl') loadModule(file, language, frame, machine);
  }
  const code = /(?:^|\s)(?:-e|--eval)[ =]?(.+)/.exec(text)?.[1];
  if (code !== undefined) scanCode(code, language, 'line', frame, machine);
}

/** `data:text/javascript,…`: code as an address. */
function scanAddress(address: string, language: Language, frame: Frame, machine: Machine): void {
  const [head = '', ...rest] = address.split(',');
  const text = rest.join(',');
  let code: string | undefined;
  try {
    code = head.endsWith(';base64') ? atob(text) : decodeURIComponent(text);
  } catch {
    // Not what it says it is.
  }
  if (code === undefined || !isKnown(code))
    machine.emit({ kind: 'unknown', what: `code given to ${language} as an address`, runs: true });
  else scanCode(code, language, 'line', frame, machine);
}

/** A file that an option names to be loaded before the code. */
export function load(file: string, language: Language, call: Call): void {
  if (file.startsWith('data:')) scanAddress(file, language, call.frame, call.machine);
  else if (/^[./~]/.test(file)) loadFile(file, language, call.frame, call.machine);
}
