import { canonical, commandTable } from './commands.ts';
import { FILES, SAFE, UNKNOWN, asKnown, hasGlob, hasUnknown, isKnown, shown } from './marks.ts';
import { matcherOf } from './wildcards.ts';
import type { Machine } from './machine.ts';
import { below } from './places.ts';
import { isInstalled, runProgram } from './program.ts';
import { fork, type Frame, type Value } from './shell/frame.ts';
import { forgetTraps, runTraps } from './shell/traps.ts';
import { Names } from './shell/names.ts';
import { parseScript } from './shell/parse.ts';
import { walkBody, walkScript } from './shell/walk.ts';
import type { EffectiveCommand, Effect, GuardContext } from './types.ts';

/** Limits of one decision: nested shells, functions and scripts deep; commands and effects in all; steps of the walk. */
const mostDepth = 60;
const mostCommands = 4000;
const mostEffects = 10_000;
const mostSteps = 20_000;
/** So much of a file is a step, as a power of two of UTF-16 units: 10 MB of files in all. */
const readAtOnce = 9;

export interface Interpretation {
  /** As they were expanded, marks and all. */
  commands: EffectiveCommand[];
  effects: Effect[];
  /** For each effect, the index of the command that does it; undefined for what the shell itself does. */
  owners: (number | undefined)[];
}

/** Walks a command line and tells what it would run and do. Throws where it is too deep or too long to tell. */
export function interpret(command: string, cwd: string, context: GuardContext): Interpretation {
  const result: Interpretation = { commands: [], effects: [], owners: [] };
  const frame: Frame = {
    cwds: [cwd],
    vars: new Names<Value>(
      new Map([
        ['HOME', context.home],
        ['CLAUDE_PROJECT_DIR', context.workspace],
        ['NVM_DIR', `${context.home}/.nvm`],
      ]),
    ),
    functions: new Names(),
    aliases: new Names(),
    positional: [],
    stdin: '',
    via: [],
    foreign: false,
    lifecycle: false,
    exits: undefined,
  };
  const machine = createMachine(context, result, frame);
  machine.run(command, frame);
  runTraps(frame, machine);
  return result;
}

function createMachine(context: GuardContext, result: Interpretation, first: Frame): Machine {
  const written = new Map<string, string | undefined>();
  const planted = new Map<string, string>();
  const links = new Map<string, string>();
  const programs = new Map<string, readonly string[]>();
  const active = new Set<unknown>();
  let depth = 0;
  let steps = 0;
  let owner: number | undefined;
  let shell = first;

  /** Guards against endless nesting; `key` against a function or alias that calls itself. */
  function nested(key: unknown, body: () => string): string {
    if (key !== undefined && active.has(key)) {
      machine.emit({ kind: 'unknown', what: 'something that calls itself', runs: false });
      return UNKNOWN;
    }
    if (depth >= mostDepth) throw new RangeError('nested too deep');
    depth += 1;
    if (key !== undefined) active.add(key);
    try {
      return body();
    } finally {
      depth -= 1;
      if (key !== undefined) active.delete(key);
    }
  }

  function runText(text: string, frame: Frame): string {
    machine.spend(text.length >> 4);
    if (isKnown(text)) return machine.walk(parseScript(text), frame);
    if (/^[\u0000\u0013\u0015]/.test(text.trimStart())) {
      machine.emit({ kind: 'unknown', what: 'text that nobody has read is run as a command', runs: true });
      return UNKNOWN;
    }
    if (hasUnknown(text))
      machine.emit({ kind: 'unknown', what: 'a part of a nested command is not known', runs: false });
    frame.vars.set('__unread', UNKNOWN).set('__harmless', SAFE);
    return machine.walk(parseScript(readable(text)), frame);
  }

  const machine: Machine = {
    context,
    traps: false,
    computed: false,
    scattered: false,
    printed: [],
    built: (path, sources) => void programs.set(path, sources),
    builtFrom: (path) => programs.get(path),
    spend: (count) => {
      steps += count;
      if (steps > mostSteps) throw new RangeError('too many steps');
    },
    emit(effect) {
      if (result.effects.length >= mostEffects) throw new RangeError('too many effects');
      result.effects.push(effect);
      result.owners.push(owner);
    },
    walk(script, frame) {
      const errors = 'errors' in script && Array.isArray(script.errors) ? (script.errors as { message: string }[]) : [];
      for (const error of errors) machine.emit({ kind: 'unknown', what: `syntax: ${error.message}`, runs: false });
      return nested(undefined, () => walkScript(script, frame, machine));
    },
    run(text, frame) {
      // Whatever is not told to this very shell is a shell of its own, which ends with its text.
      if (shell === frame) return runText(text, frame);
      const outer = shell;
      forgetTraps(frame, machine);
      shell = frame;
      const output = runText(text, frame);
      runTraps(frame, machine);
      shell = outer;
      return output;
    },
    invoke(words, frame) {
      const first = words[0] ?? '';
      const bodies = frame.functions.get(first);
      if (bodies !== undefined) {
        const outer = frame.positional;
        frame.positional = words.slice(1);
        const outputs = bodies.map((body) =>
          body === undefined ? machine.start(words, frame) : nested(body, () => walkBody(body, frame, machine)),
        );
        frame.positional = outer;
        return outputs.length === 1 ? (outputs[0] ?? '') : UNKNOWN;
      }
      const alias = frame.aliases.get(first);
      if (alias !== undefined && !active.has(`alias ${first}`)) {
        const scope = fork(frame, { positional: words.slice(1) });
        // An alias is skipped where the word was quoted, and on the line that makes it: the plain command counts too.
        if (machine.knows(first) === 'dangerous') machine.start(words, fork(frame));
        return nested(`alias ${first}`, () => machine.run(`${alias} "$@"`, scope));
      }
      return machine.start(words, frame);
    },
    start(words, frame) {
      const [first] = words;
      if (first === undefined) return '';
      machine.spend(words.length >> 4);
      if (result.commands.length >= mostCommands) throw new RangeError('too many commands');
      const outer = owner;
      owner = result.commands.push({ words, cwd: frame.cwds[0] ?? '', via: frame.via }) - 1;
      const output = isKnown(first)
        ? nested(undefined, () => runProgram(first, words.slice(1), frame, machine))
        : unresolved(words, frame, machine);
      owner = outer;
      return output;
    },
    file(path) {
      const changed = written.has(path);
      const text = changed ? written.get(path) : isKnown(path) ? context.readFile(path) : undefined;
      // Whoever asks for a text looks through it.
      machine.spend(1 + ((text?.length ?? 0) >> readAtOnce));
      if (changed) return { text, changed };
      // A binary is not for reading.
      return { text: text === undefined || text.includes(UNKNOWN) ? undefined : asKnown(text), changed: false };
    },
    list(folder) {
      const names = isKnown(folder) ? (context.list?.(folder) ?? []) : [];
      machine.spend(1 + ((names.length + written.size) >> readAtOnce));
      const made = [...written.keys()].filter((path) => path.startsWith(`${folder}/`));
      return [...new Set([...names, ...made.map((path) => path.slice(folder.length + 1))])];
    },
    knows(name) {
      if (commandTable.dangerous.has(name) || name.startsWith('git-')) return 'dangerous';
      return commandTable.handlers.has(canonical(name)) ? 'usual' : 'nothing';
    },
    changes: () => [...written.keys()],
    wrote(path, text) {
      written.set(path, text);
      if (isInstalled(path)) planted.set(path.slice(path.lastIndexOf('/') + 1), path);
    },
    planted: (name) => planted.get(name),
    linked: (path, target) => void links.set(path, target),
    follow(path) {
      for (const [link, target] of links) {
        const rest = below(path, link);
        if (rest !== undefined) return rest === '' ? target : `${target}/${rest}`;
      }
      return path;
    },
    pipe(text) {
      const path = `/dev/fd/pipe-${written.size}`;
      written.set(path, text);
      return path;
    },
  };
  return machine;
}

/** Nested text with its unknown parts as variables, so that the rest of it can be parsed. */
function readable(text: string): string {
  return text.replace(/[\u0000\u0011-\u0015]/g, (mark) => {
    if (mark === UNKNOWN) return '${__unread}';
    return mark === SAFE || mark === FILES ? '${__harmless}' : '*';
  });
}

/** The command word is not known: never allowed; a deny where what follows, or what it may be, is denied. */
function unresolved(words: readonly string[], frame: Frame, machine: Machine): string {
  const [first = '', ...args] = words;
  machine.emit({
    kind: 'unknown',
    what: `the command word ${shown(first)} is not known`,
    runs: frame.vars.has('__unread') || (first.includes(SAFE) && frame.via.length > 0),
  });
  if (hasGlob(first)) {
    const name = first.slice(first.lastIndexOf('/') + 1);
    const pattern = hasUnknown(name) ? undefined : matcherOf(name);
    if (pattern === undefined) return UNKNOWN;
    for (const candidate of commandTable.dangerous) {
      if (pattern(candidate)) machine.invoke([candidate, ...args], fork(frame));
    }
    return UNKNOWN;
  }
  const known = first.replaceAll(UNKNOWN, '').replaceAll(SAFE, '').replaceAll(FILES, '').replace(/^.*\//s, '');
  if (known !== '' && isKnown(known)) machine.invoke([known, ...args], fork(frame));
  else if (args.length > 0) machine.invoke(args, fork(frame));
  return UNKNOWN;
}
