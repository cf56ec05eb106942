import { shown } from '../marks.ts';
import type { Machine } from '../machine.ts';
import { resolve } from '../paths.ts';
import { fork, type Frame } from '../shell/frame.ts';
import { unescape } from '../shell/text.ts';
import { scanWritten } from './written.ts';

/** More source files of a program than this are not searched, and said so. */
const mostFiles = 100;

/** Go, Rust, Java, Kotlin, C, C#, Swift, Dart, Zig, Nim, Crystal, D, V, Haskell: how each starts a program. */
const starting =
  /\b(?:exec\.Command(?:Context)?|syscall\.Exec|os\.StartProcess|Command::new|getRuntime\(\)\s*\.\s*exec|ProcessBuilder|System\.(?:cmd|shell)|Process(?:StartInfo|\.(?:run|runSync|start|Start|new|exec))|Child\.(?:init|run)|execCmd(?:Ex)?|execShellCmd|startProcess|execProcess|execute(?:Shell|WithFullPath)?|spawn(?:Process|Shell)|os\.(?:execute|system)|system|popen|exec[lv]p?e?|posix_spawnp?|call(?:Command|Process)|read(?:Process|CreateProcess)|spawnCommand|execute_command_line)\b/g;
/** C# and Swift give the program and its words to two properties. */
const properties =
  /\b(?:FileName|launchPath|executableURL)\s*=[^"\n]{0,60}("[^"\n]{1,200}")[\s\S]{0,300}?\b[Aa]rguments\s*=\s*([^;\n]{1,300})/g;
const strings = /"((?:\\.|[^"\\\n])*)"|`([^`]*)`|'((?:\\.|[^'\\\n]){2,})'/g;

const visible = /\S/g;

/** The code from here to the end of its statement: brackets are shut, and no `.arg(…)` goes on below. */
function statement(code: string, from: number): string {
  const text = code.slice(from, from + 600);
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if ('([{'.includes(char)) depth += 1;
    else if (')]}'.includes(char)) depth -= 1;
    if (depth < 0 || (depth === 0 && char === ';')) return text.slice(0, at);
    if (depth > 0 || char !== '\n') continue;
    visible.lastIndex = at;
    const next = visible.exec(text)?.index;
    if (next === undefined || !'.,'.includes(text[next] ?? '')) return text.slice(0, at);
    at = next;
  }
  return text;
}

/** Runs what the source of a compiled program plainly starts: its strings in the call that starts a program. */
export function scanCompiled(source: string, frame: Frame, machine: Machine): void {
  const code = source.replace(/(^|\s)\/\/[^\n]*/g, '$1');
  const seen = new Set<string>();
  const calls = [...code.matchAll(/("[^"\n]{1,200}")\s*\.\s*execute\s*\(/g)].map(([, text = '']) => text);
  const starts = [...code.matchAll(starting)];
  machine.spend(starts.length);
  calls.push(...starts.map((match) => statement(code, match.index + match[0].length)));
  calls.push(...[...code.matchAll(properties)].map(([, program = '', words = '']) => `${program} ${words}`));
  for (const call of calls) {
    let words = [...call.matchAll(strings)].map(([, double, raw, single]) => raw ?? unescape(double ?? single ?? ''));
    // `execlp("git", "git", …)`: the name that it goes by.
    if (words[0] !== undefined && words[0] === words[1]) words = words.slice(1);
    const [first = ''] = words;
    if (first === '' || seen.has(words.join('\n'))) continue;
    seen.add(words.join('\n'));
    const program = /^[\w./+-]+/.exec(first)?.[0] ?? '';
    if (machine.knows(program.slice(program.lastIndexOf('/') + 1)) !== 'dangerous') continue;
    if (first.includes(' ')) machine.run(first, fork(frame));
    else if (words.length > 1) machine.start(words, fork(frame));
  }
}

/** Scans these files of a program's source, as far as they can be read. */
export function scanSources(paths: readonly string[], frame: Frame, machine: Machine): void {
  if (frame.foreign) return;
  const unread = (what: string): void => {
    machine.emit({ kind: 'unknown', what: `${what} cannot be read beforehand, and is run`, runs: false });
  };
  if (paths.length > mostFiles) unread(`the source of a program in ${paths.length} files`);
  for (const path of paths.slice(0, mostFiles)) {
    const { text, changed } = machine.file(path);
    const scope = fork(frame, { via: [...frame.via, path] });
    if (text !== undefined && changed) scanWritten(text, 'compiled', scope, machine);
    if (text !== undefined) scanCompiled(text, scope, machine);
    else if (isThere(path, machine)) unread(shown(path));
  }
}

/** True where the folder names the file: it is too long, or a binary, if it gives no text all the same. */
function isThere(path: string, machine: Machine): boolean {
  const cut = path.lastIndexOf('/');
  return machine.list(path.slice(0, cut)).includes(path.slice(cut + 1));
}

const source = /\.(?:go|rs|java|kts?|scala|c|cc|cpp|cxx|m|csx?|swift|dart|zig|nims?|cr|d|v|hs|odin)$/;

/** Paths of the words that name source files. */
export const sourcesAmong = (words: readonly string[], frame: Frame, machine: Machine): string[] =>
  words.filter((word) => source.test(word)).flatMap((word) => resolve(word, frame, machine.context));

/** The source files of a package by its folder; Go's tests are no part of the program. */
export const sourcesIn = (folder: string, frame: Frame, machine: Machine): string[] =>
  resolve(folder, frame, machine.context).flatMap((path) =>
    machine
      .list(path)
      .filter((name) => source.test(name) && !name.endsWith('_test.go'))
      .map((name) => `${path}/${name}`),
  );
