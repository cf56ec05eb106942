import { UNKNOWN, isKnown } from '../marks.ts';
import type { Call, Machine } from '../machine.ts';
import { readPath, resolve } from '../paths.ts';
import { fork, type Frame } from '../shell/frame.ts';
import { sourcesAmong } from '../unwrap/compiled.ts';
import { isGitCommand } from './git-commands.ts';
import { connect } from './host.ts';
import { innerCommands } from './inner-commands.ts';
import { changesSchema, isMigrationProgram, toldToMigrate, toldToPublish } from './verbs.ts';

const outputOption =
  /^(?:-o|--out|--output|--output-file|--outfile|--outFile|--out-dir|--outDir|--outdir|--output-dir|--output-path|--dest|--destination|--log-file|--target-dir)$/;
/** Words that are plainly paths of this machine, not routes of a web server or patterns. */
export const plainPath =
  /^(?:~|\.\.(?:\/|$)|\/(?:home|root|Users|mnt|media|srv|var|etc|proc|sys|dev|boot|run|opt|Volumes)(?:\/|$))/;
/** Options whose value is words for people or a pattern. */
const textOption =
  /^(?:-t|-m|-k|-g|--message|--title|--body|--description|--grep|--name|--testNamePattern|--test-name-pattern|--filter|--comment|--text|--reason|--label|--pattern)$/;
/** Programs that run their words, or the values of their options, as commands. */
const takesCommands =
  /^(?:concurrently|conc|nodemon|chokidar|onchange|tsc-watch|npm-watch|wireit|watchman|reflex|air|modd|turbo|exec-sh|sh-exec|wait-on|start-server-and-test|start-test|server-test|pm2|forever|foreman|honcho|overmind|hivemind|expect|lua|m4)$/;

const compilers =
  /^(?:(?:[\w-]+-)?(?:gcc|g\+\+|clang|clang\+\+|cc|c\+\+|gfortran)(?:-\d+)?|rustc|go|ghc|ocamlopt|ocamlfind|dmd|ldc2|nvcc|zig|crystal|nim|kotlinc-native|swiftc|ld|mold)$/;

/** Under this name, which no variable of the shell's has, stands what `./configure --prefix=…` was told. */
export const configuredPrefix = 'configure prefix';

const givesCode = /^(?:-\w*[ceE]|--(?:eval|command|run|exec))$/;

/** The sources that a compiler is given, its standard input among them; a program without a name is one of these. */
function compiledFrom(args: readonly string[], frame: Frame, machine: Machine): readonly string[] {
  const sources = sourcesAmong(args, frame, machine);
  if (args.includes('-') && isKnown(frame.stdin)) sources.push(machine.pipe(frame.stdin));
  for (const path of sources) {
    machine.built(path.replace(/\.\w+$/, ''), sources);
    machine.built(path.replace(/[^/]*$/, 'a.out'), sources);
  }
  return sources;
}

/** Paths of this machine among a program's words: written where an option says so, else read. */
export function pathWords({ name: program, args, frame, machine }: Call): void {
  if (frame.foreign) return;
  const sources = compilers.test(program) ? compiledFrom(args, frame, machine) : [];
  args.forEach((arg, index) => {
    const name = /^(?:--?[\w-]+|[A-Z_]+)=/.exec(arg)?.[0];
    const attached = /^-o(?=[/~.])/.exec(arg)?.[0];
    const value = arg.slice((name ?? attached ?? '').length);
    const option = name?.slice(0, -1) ?? attached ?? args[index - 1] ?? '';
    if (value.startsWith('-')) return;
    if (outputOption.test(option)) {
      // What a compiler writes is its own: it may be run afterwards.
      for (const path of resolve(value, frame, machine.context)) {
        machine.emit({ kind: 'write', path, whole: false });
        if (sources.length > 0 || compilers.test(program)) machine.built(path, sources);
      }
    } else if (plainPath.test(value)) readPath(value, frame, machine);
    // `gcc @file`: its words stand in a file.
    else if (value.startsWith('@') && plainPath.test(value.slice(1))) readPath(value.slice(1), frame, machine);
  });
}

/**
 * A program of which nothing is known: it may be a wrapper, its words may be paths and addresses, and say what it does.
 * `own`: it is a file of the project, whose words mean what the project wants.
 */
export function unknownProgram(call: Call, own: boolean): string {
  const { args, frame, machine } = call;
  const prefix = call.name === 'configure' ? args.find((arg) => arg.startsWith('--prefix=')) : undefined;
  if (prefix !== undefined) frame.vars.set(configuredPrefix, prefix.slice('--prefix='.length));
  const told = args.filter((arg) => !arg.startsWith('-'));
  if (
    isMigrationProgram(call.name) ||
    toldToMigrate(call.name, told) ||
    changesSchema(args) ||
    told.some((word) => /\.Release\.\w*migrat|\bRepo\./.test(word)) ||
    args.some((arg) => /^--(?:apply|run|auto)-migrations?(?:=true)?$/.test(arg))
  )
    machine.emit({ kind: 'database', how: 'migration', command: call.shown });
  else if (!own && toldToPublish(told)) machine.emit({ kind: 'publish', command: call.shown });
  else machine.emit({ kind: 'process', command: call.shown });
  innerCommands(call);
  pathWords(call);
  args.forEach((arg, index) => {
    // An option's address is mostly a name for something (`--baseURL`), a word's is where it goes.
    const bare = index === 0 || !(args[index - 1] ?? '').startsWith('-') || /^-[qvsyf]$/.test(args[index - 1] ?? '');
    const address =
      /^(?:--?[\w-]+=)?((?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|cassandra|clickhouse|sqlserver|mssql|jdbc:\w+)(?:\+\w+)?:\/\/.*)$/is.exec(
        arg,
      )?.[1];
    if (address !== undefined) machine.emit({ kind: 'database', how: 'client', command: call.shown });
    else if (!own && bare && /^(?:https?|wss?|ftps?|sftp|ssh|tcp|udp|git):\/\//i.test(arg))
      connect(arg, call.shown, machine);
  });
  const scope = fork(frame, { via: [...frame.via, call.name] });
  args.forEach((arg, index) => {
    const before = args[index - 1] ?? '';
    if (arg.startsWith('-') || !isKnown(arg) || textOption.test(before)) return;
    const word = /^\S+/.exec(arg.trim())?.[0] ?? '';
    const name = word.slice(word.lastIndexOf('/') + 1);
    // `eval` is the shell's alone; `git nodejs` is a list of packages.
    const list = name === 'git' && !arg.includes(' ') && !isGitCommand(args[index + 1] ?? '');
    const knowledge = name === 'eval' || name === 'migrate' || list ? 'nothing' : machine.knows(name);
    const runs = takesCommands.test(call.name);
    if (arg.includes(' ')) {
      if (knowledge === 'dangerous' || (runs && knowledge === 'usual')) machine.run(arg, fork(scope));
    } else if (knowledge === 'dangerous' && index + 1 < args.length) machine.invoke(args.slice(index), fork(scope));
    // Whoever gives a program `-c` or `-e` gives it something to run.
    else if (knowledge === 'usual' && givesCode.test(args[index + 1] ?? ''))
      machine.invoke(args.slice(index), fork(scope));
    else if (runs && before.startsWith('-') && knowledge === 'usual') machine.invoke(args.slice(index), fork(scope));
  });
  return UNKNOWN;
}
