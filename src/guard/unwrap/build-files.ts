import type { Machine } from '../machine.ts';
import { deletePath, normalize, writePath } from '../paths.ts';
import { fork, type Frame } from '../shell/frame.ts';
import { connect } from '../effects/host.ts';
import { commandsIn, isTangled, squeezed, untangled } from './literals.ts';
import { runFile } from './files.ts';

/** Files that say how something is built; `literals`: whatever stands in quotes there and reads as a command is one. */
export type BuildFile = 'ninja' | 'cmake' | 'ant' | 'literals' | 'gradle' | 'rspec' | 'yarnrc';

const plainly = (words: readonly string[], machine: Machine): boolean => {
  const program = /^[\w./+-]+/.exec(words[0] ?? '')?.[0] ?? '';
  return machine.knows(program.slice(program.lastIndexOf('/') + 1)) === 'dangerous';
};

function ninja(text: string, frame: Frame, machine: Machine): void {
  for (const [, command = ''] of text.replace(/\$\n[ \t]*/g, ' ').matchAll(/^[ \t]+command[ \t]*=[ \t]*(.+)$/gm))
    machine.run(
      command.replace(/\$(?:(\$)|\{?[\w.]+\}?)/g, (_, dollar?: string) => dollar ?? 'x'),
      fork(frame),
    );
}

/** The words of a call of CMake's: in quotes or bare. */
const wordsOf = (text: string): string[] =>
  [...text.matchAll(/"((?:\\.|[^"\\])*)"|([^\s"()]+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');

const keywords =
  /^(?:WORKING_DIRECTORY|TIMEOUT|RESULT_VARIABLE|RESULTS_VARIABLE|OUTPUT_VARIABLE|ERROR_VARIABLE|INPUT_FILE|OUTPUT_FILE|ERROR_FILE|OUTPUT_QUIET|ERROR_QUIET|COMMAND_ECHO|COMMAND_ERROR_IS_FATAL|OUTPUT_STRIP_TRAILING_WHITESPACE|ERROR_STRIP_TRAILING_WHITESPACE|ECHO_OUTPUT_VARIABLE|ECHO_ERROR_VARIABLE|ENCODING|DEPENDS|BYPRODUCTS|COMMENT|VERBATIM|USES_TERMINAL|COMMAND_EXPAND_LISTS|SOURCES|MAIN_DEPENDENCY|IMPLICIT_DEPENDS|DEPFILE|ARGS|APPEND|PRE_BUILD|PRE_LINK|POST_BUILD)$/;

/** `execute_process(COMMAND git push)`, commands of targets, and what `file(…)` deletes and fetches. */
function cmake(text: string, frame: Frame, machine: Machine): void {
  const code = text.replace(/(^|\s)#[^\n]*/g, '$1');
  for (const [, name = '', inner = ''] of code.matchAll(
    /\b(execute_process|exec_program|add_custom_(?:command|target)|add_test|file)\s*\(((?:"(?:\\.|[^"\\])*"|[^()"])*)\)/gi,
  )) {
    const words = wordsOf(inner);
    if (name.toLowerCase() === 'file') {
      if (words[0]?.startsWith('REMOVE') === true)
        for (const path of words.slice(1)) deletePath(path, frame, machine, words[0] === 'REMOVE_RECURSE');
      else if (words[0] === 'DOWNLOAD') connect(words[1] ?? '', 'cmake file(DOWNLOAD)', machine);
      else if (words[0] === 'UPLOAD') connect(words[2] ?? '', 'cmake file(UPLOAD)', machine, { sends: true });
      else if (/^(?:WRITE|APPEND|TOUCH|MAKE_DIRECTORY)$/.test(words[0] ?? ''))
        writePath(words[1] ?? '', frame, machine);
      continue;
    }
    let command: string[] | undefined = name.toLowerCase() === 'exec_program' ? [] : undefined;
    const commands: string[][] = command === undefined ? [] : [command];
    for (const word of words) {
      if (word === 'COMMAND') commands.push((command = []));
      else if (keywords.test(word)) command = undefined;
      else command?.push(word);
    }
    for (const one of commands) if (one.length > 0 && plainly(one, machine)) machine.start(one, fork(frame));
  }
}

/** Ant's `<exec executable="git"><arg value="push"/></exec>`. */
function ant(text: string, frame: Frame, machine: Machine): void {
  for (const part of text.split(/<exec\b/).slice(1)) {
    const body = part.split('</exec>')[0] ?? '';
    const program = /\bexecutable\s*=\s*["']([^"']+)["']/.exec(body)?.[1];
    if (program === undefined) continue;
    const words = [...body.matchAll(/<arg\s+(value|line)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].flatMap(
      ([, kind, double, single]) => {
        const value = double ?? single ?? '';
        return kind === 'line' ? value.split(/\s+/) : [value];
      },
    );
    machine.start([program, ...words], fork(frame));
  }
}

function literals(text: string, frame: Frame, machine: Machine): void {
  const seen = new Set<string>();
  for (const { text: command } of commandsIn(squeezed(isTangled(text) ? untangled(text) : text))) {
    const trimmed = command.trim();
    if (seen.has(trimmed) || !trimmed.includes(' ') || trimmed.length > 4000) continue;
    seen.add(trimmed);
    if (plainly([trimmed], machine)) machine.run(trimmed, fork(frame));
    // `Command("x", [], "git push")`: words of which a later one is a command.
    else for (const part of trimmed.split(/ (?=(?:git|hg|svn|jj) )/).slice(1)) machine.run(part, fork(frame));
  }
}

/** Gradle's and doit's tasks of these names (doit without one: all), as far as the next one; what stands in no block is read with its settings. */
function gradle(text: string, frame: Frame, machine: Machine, words: readonly string[]): void {
  const starts = [
    ...text.matchAll(/\b(?:(?:task|register|create|named)\b[^\w\n]{0,9}(?:<\w{1,40}>\(["'])?|def task_)([\w-]+)/g),
  ];
  const goals = new Set(
    words.filter((word) => !word.startsWith('-')).map((word) => word.slice(word.lastIndexOf(':') + 1)),
  );
  starts.forEach((match, index) => {
    if (goals.has(match[1] ?? '') || (goals.size === 0 && match[0].startsWith('def')))
      literals(text.slice(match.index, starts[index + 1]?.index), frame, machine);
  });
}

/** Options of RSpec's: files that they load. */
function rspec(text: string, frame: Frame, machine: Machine): void {
  for (const [, path = ''] of text.matchAll(/(?:^|\s)(?:-r|--require)[ =]?(\S{1,400})/g))
    for (const cwd of frame.cwds) runFile(normalize(`${cwd}/${path}`), [], frame, machine, 'ruby');
}

/** Yarn's own program, where this input wrote it. */
function yarnrc(text: string, frame: Frame, machine: Machine): void {
  const path = /^yarnPath:\s*["']?([^"'\s]+)/m.exec(text)?.[1];
  for (const cwd of path === undefined ? [] : frame.cwds) {
    const full = normalize(`${cwd}/${path ?? ''}`);
    if (machine.file(full).changed) runFile(full, [], frame, machine, 'node');
  }
}

const readers = { ninja, cmake, ant, literals, gradle, rspec, yarnrc } satisfies Record<
  BuildFile,
  (text: string, frame: Frame, machine: Machine, words: readonly string[]) => void
>;

/** Runs what a file of this kind starts, of its tasks those that these words name. */
export function runBuildFile(
  kind: BuildFile,
  text: string,
  frame: Frame,
  machine: Machine,
  words: readonly string[],
): void {
  machine.spend(1 + (text.length >> 9));
  readers[kind](text, frame, machine, words);
}
