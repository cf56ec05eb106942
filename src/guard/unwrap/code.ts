import { UNKNOWN, hasUnknown } from '../marks.ts';
import type { Machine } from '../machine.ts';
import { connect } from '../effects/host.ts';
import { plainPath } from '../effects/programs.ts';
import { resolve, writePath } from '../paths.ts';
import { childOf, fork, type Frame } from '../shell/frame.ts';
import { codeFiles, filesElsewhere } from './code-files.ts';
import {
  backticks,
  changesStore,
  connects,
  decodes,
  drivers,
  gitLibraries,
  hides,
  connectsSocket,
  findsPort,
  network,
  tellsVersions,
  opensStore,
  plainNames,
  sqliteFile,
  starts,
  writesGit,
} from './code-marks.ts';
import { withPlainPaths } from './code-paths.ts';
import type { Language } from './languages.ts';
import type { Masked } from './masked.ts';
import { commandsIn, isTangled, literalsIn, squeezed, untangled, withoutComments } from './literals.ts';

/**
 * Reads another language's code by its marks. `line` is a one-liner: what cannot be told there is unknown. A
 * `file` of the project is only stopped for what is plainly there: it is reviewed like the rest of the change.
 */
export function scanCode(
  source: string,
  language: Language,
  mode: 'line' | 'file',
  frame: Frame,
  machine: Machine,
): void {
  if (isTangled(source))
    machine.emit({ kind: 'unknown', what: `${language} code with very many escaped quotes`, runs: false });
  // What stands there plainly counts all the same: nobody turns a denial into a question by padding.
  const written = withoutComments(squeezed(isTangled(source) ? untangled(source) : source), language);
  const plain = withPlainPaths(written, machine.context.home);
  const code = mode === 'line' ? withoutEvals(plain, language, frame, machine) : plain;
  machine.spend(frame.vars.size >> 4);
  const scope = childOf(frame, {
    stdin: UNKNOWN,
    ...(mode === 'line' ? { cwds: foldersOf(code, frame, machine) } : {}),
  });
  if (hasUnknown(code) && (mode === 'line' || code.trimStart().startsWith(UNKNOWN))) {
    machine.emit({
      kind: 'unknown',
      what: `a part of the ${language} code is not known`,
      runs: code.trim() === UNKNOWN,
    });
  }
  const literals = literalsIn(code);
  if (language === 'other') commandsElsewhere(code, literals, scope, machine);
  const shells = language !== 'node' && language !== 'python' && language !== 'awk' && backticks.test(code);
  if (starts.test(code) || shells) {
    const understood = runLiterals(code, mode, scope, machine);
    // Quotes inside a string can look like two strings that are put together: what is really written counts too.
    if (mode === 'line' && plain !== written) runLiterals(written, mode, scope, machine);
    if (mode === 'line' && (!understood || hides.test(code) || decodes.test(code))) {
      machine.emit({
        kind: 'unknown',
        what: `a ${language} one-liner starts programs that cannot be told`,
        runs: false,
      });
    }
  } else if (mode === 'line' && hides.test(code)) {
    machine.emit({ kind: 'unknown', what: `a ${language} one-liner hides what it runs`, runs: false });
  }
  if (gitLibraries.test(code)) {
    if (writesGit.test(code)) machine.emit({ kind: 'git_write', command: `${language} with a git library` });
    else if (mode === 'line')
      machine.emit({ kind: 'unknown', what: `a ${language} one-liner uses a git library`, runs: false });
  }
  if (
    mode === 'line'
      ? uses(code) ||
        opensStore.test(code) ||
        sqliteFile.test(code) ||
        (language !== 'awk' && changesStore.test(code) && !code.includes(':memory:'))
      : changesData(code, frame.via.at(-1) ?? '')
  ) {
    machine.emit({ kind: 'database', how: 'driver', command: `${language} with a database driver` });
  }
  if (language === 'other' && mode === 'line') filesElsewhere(code, literals, scope, machine);
  codeFiles(code, mode === 'line' ? literals : [], scope, machine);
  if (mode === 'line' && network.test(code) && !staysHere(code)) hosts(code, literals, language, machine);
}

/** It names a library of the network and connects to nothing: told by all that it says. */
const staysHere = (code: string): boolean =>
  tellsVersions.test(code) || (findsPort.test(code) && !connectsSocket.test(code));

/** Files that code in a string may be about. */
const delicate = /["'`(\s](?:\/|~|\.\.)|\.(?:git|env|ssh|aws)\b/;

/** Marks of what code would do if it were run. */
const doing: readonly RegExp[] = [starts, hides, gitLibraries, drivers, changesStore, sqliteFile, network];

/**
 * The same for a one-liner that does nothing but plain work on text and files (`plainWork`): what its strings say
 * is no call. Where they say what would be stopped, the files that it writes with them are not known afterwards.
 */
export function scanPlainWork(work: Masked, language: Language, frame: Frame, machine: Machine): void {
  const text = withPlainPaths(work.text, machine.context.home);
  const scope = childOf(frame, { stdin: UNKNOWN, cwds: foldersOf(text, frame, machine) });
  const literals = literalsIn(text);
  codeFiles(text, literals, scope, machine);
  const says = work.literals.some((words) => doing.some((mark) => mark.test(words)));
  if (!says && !work.literals.some((words) => delicate.test(words))) return;
  if (!/writ|put|append|open|print|copy|rename|move|\bmv\b/.test(work.code)) return;
  machine.scattered = true;
  for (const name of literals.filter((words) => /^[\w./~-]{1,200}$/.test(words) && /[./]/.test(words)).slice(0, 64)) {
    // A path that reaches the function by a name.
    if (says && plainPath.test(name)) writePath(name, scope, machine);
    for (const path of resolve(name, scope, machine.context)) machine.wrote(path, undefined);
  }
}

/** The folders in which a one-liner may be: where it starts, and where it plainly goes. */
function foldersOf(code: string, frame: Frame, machine: Machine): string[] {
  const gone = [...code.matchAll(/\b(?:chdir|setwd|pushd|cd)\s*\(?\s*(["'])((?:(?!\1)[^\\\n]){1,400})\1/g)];
  return [...frame.cwds, ...gone.flatMap((match) => resolve(match[2] ?? '', frame, machine.context))];
}

/** `(sh "git" "push")`: words next to each other, as Lisps write a list. */
const wordLists = /"([^"\\\n]+)"((?:\s+"[^"\\\n]+")+)/g;

/** Each of the other languages has its own function for it; text that begins with a command that is mostly denied is meant as one. */
function commandsElsewhere(code: string, literals: readonly string[], frame: Frame, machine: Machine): void {
  const lists = [...code.matchAll(wordLists)].map(([, first = '', rest = '']) => first + rest.replace(/"/g, ''));
  for (const text of [...commandsIn(code).map(({ text }) => text), ...literals, ...lists]) {
    const word = /^[\w./+-]+/.exec(text.trim())?.[0] ?? '';
    if (machine.knows(word.slice(word.lastIndexOf('/') + 1)) === 'dangerous' && text.trim() !== word)
      machine.run(text, fork(frame));
  }
  for (const match of code.matchAll(
    /\b(?:exec|spawn|system|shell|run)\s+(?:--\s+)?["{<]?([^"}>\n;]+)|(?:^|[;\n])[ \t]*![ \t]*(\w[^\n;]*)/g,
  )) {
    const text = match[1] ?? match[2] ?? '';
    if (match[0].startsWith('run') && machine.knows(/^[\w.-]+/.exec(text)?.[0] ?? '') !== 'dangerous') continue;
    machine.run(text, fork(frame));
  }
}

/** `require('pg')` alone only tells whether it is there. */
const uses = (code: string): boolean =>
  drivers.test(code) &&
  connects.test(code.replace(/\b(?:require|import)\s*\(\s*["'][^"']*["']\s*\)(?=\s*(?:;|\)|$))/g, ''));

const evals = /(?<![.\w])(eval|exec)\s*\(\s*(["'])((?:(?!\2)[^\\\n]){0,2000})\2\s*\)/g;

/** Text that is evaluated as it stands is code like the rest. Returns what is left without it and without harmless names. */
function withoutEvals(code: string, language: Language, frame: Frame, machine: Machine): string {
  const left = code.replace(evals, (whole, verb: string, _, text: string) => {
    if (verb === 'exec' && language !== 'python') return whole;
    scanCode(text, language, 'line', frame, machine);
    return ' ';
  });
  return left.replace(plainNames, ' ');
}

/** A file of the project that fills, changes or empties a database: servers, which only use one, may be started. */
const changesData = (code: string, name: string): boolean =>
  drivers.test(code) &&
  (/seed|migrat|reset|drop|populate|truncate|wipe|purge|backfill/i.test(name.slice(name.lastIndexOf('/') + 1)) ||
    /deleteMany\s*\(\s*\)|TRUNCATE\s|DROP\s+(?:TABLE|DATABASE|SCHEMA)|DELETE\s+FROM\s+\w+\s*["'`;]|dropDatabase|flush(?:all|db)\s*\(|sync\s*\(\s*\{\s*force/i.test(
      code,
    ));

/** Runs what reads as a command in the code's literals. True where at least one did. */
function runLiterals(code: string, mode: 'line' | 'file', frame: Frame, machine: Machine): boolean {
  let understood = false;
  const seen = new Set<string>();
  for (const { text, called } of commandsIn(code)) {
    const trimmed = text.trim();
    const word = /^[\w./+-]+/.exec(trimmed)?.[0] ?? '';
    const knowledge = machine.knows(word.slice(word.lastIndexOf('/') + 1));
    if (trimmed.length > 4000 || seen.has(trimmed)) continue;
    seen.add(trimmed);
    if (knowledge === 'nothing') {
      // `os.system("x=commit; git $x")`: what a shell is told counts, although it begins with no program's name.
      if (mode === 'line' && called && /[\s;|&]/.test(trimmed)) machine.run(trimmed, fork(frame));
      continue;
    }
    // In a file only what is certainly meant as a command counts: prose may begin with `test` or `find`.
    if (mode === 'file' && (knowledge !== 'dangerous' || !called || !trimmed.includes(' '))) continue;
    understood ||= trimmed !== word || (knowledge !== 'dangerous' && !/^(?:sh|bash|node|python3?)$/.test(word));
    machine.run(trimmed, fork(frame));
  }
  return understood;
}

/** Signs that a request takes something along. */
const sending =
  /\b(?:data|body|json|files|params)\s*[=:]|\.\s*(?:post|put|patch|send\w*|upload\w*|write)\s*\(|\bmethod\s*[:=]|CURLOPT_POST/i;

function hosts(code: string, literals: readonly string[], language: string, machine: Machine): void {
  const addresses = literals.filter((text) => /^[a-z]+:\/\/\S+$/i.test(text));
  const sends = sending.test(code);
  for (const address of addresses) connect(address, `${language} one-liner`, machine, { sends });
  const pair = /\(\s*(?:\(\s*)?(\d{2,5})\s*,\s*["']([\w.:-]+)["']|["']([\w.:-]+)["']\s*,\s*(\d{2,5})/.exec(code);
  if (pair !== null)
    connect(`${pair[2] ?? pair[3] ?? ''}:${pair[1] ?? pair[4] ?? ''}`, `${language} one-liner`, machine, { raw: true });
  if (addresses.length === 0 && pair === null) {
    machine.emit({
      kind: 'unknown',
      what: `a ${language} one-liner connects to a host that cannot be told`,
      runs: false,
    });
  }
}
