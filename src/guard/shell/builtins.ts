import { SAFE, UNKNOWN, asKnown, hasUnknown } from '../marks.ts';
import type { Call, Handler } from '../machine.ts';
import { readPath, resolve, writePath } from '../paths.ts';
import { harmlessStartFile, sourceFile } from '../unwrap/files.ts';
import { checkSubscript, checkVariable, inQuotes } from './environment.ts';
import { define, exportAll, exportOf, fork, join, rename } from './frame.ts';
import { read, readLines } from './read.ts';
import { rememberTrap, runTraps } from './traps.ts';
import { refer, refersNow, share } from './shared.ts';
import { format, unescape } from './text.ts';

/** Commands of the shell itself, which change what the following ones mean. */
export const builtins: Record<string, Handler> = {
  ':': () => '',
  true: () => '',
  false: () => '',
  echo: ({ args }) => {
    const flags = /^-[neE]+$/;
    const start = args.findIndex((arg) => !flags.test(arg));
    const options = start < 0 ? args : args.slice(0, start);
    const text = start < 0 ? '' : args.slice(start).join(' ');
    const end = options.some((option) => option.includes('n')) ? '' : '\n';
    return (options.some((option) => option.includes('e')) ? unescape(text) : text) + end;
  },
  printf: ({ args, frame, machine }) => {
    const [first = '', second = '', ...rest] = args;
    if (first === '-v') {
      checkSubscript(second, frame, machine);
      frame.vars.set(second, format(rest[0] ?? '', rest.slice(1)));
      return '';
    }
    return first === '--' ? format(second, rest) : format(first, args.slice(1));
  },
  cd: changeFolder,
  pushd: changeFolder,
  popd: ({ frame }) => {
    const stack = frame.vars.get('dirs stack');
    const list = Array.isArray(stack) ? [...stack] : [];
    frame.cwds = [list.pop() ?? UNKNOWN];
    frame.vars.set('dirs stack', list);
    return '';
  },
  pwd: ({ frame }) => (frame.cwds.length === 1 ? `${frame.cwds[0] ?? UNKNOWN}\n` : UNKNOWN),
  export: declare,
  readonly: declare,
  declare,
  typeset: declare,
  local: declare,
  unset: ({ args, frame, machine }) => {
    for (const name of args) {
      checkSubscript(name, frame, machine);
      if (args[0] === '-f' || !frame.vars.has(name)) define(name, undefined, frame);
      // Unset is not the same as never assigned: its value is known to be empty.
      if (!name.startsWith('-') && frame.vars.has(name)) frame.vars.set(name, '');
    }
    return '';
  },
  read,
  mapfile: readLines,
  readarray: readLines,
  getopts: ({ args, frame }) => {
    frame.vars.set(args[1] ?? 'opt', UNKNOWN).set('OPTARG', UNKNOWN);
    return '';
  },
  let: ({ args, frame, machine }) => {
    for (const arg of args) {
      checkSubscript(arg, frame, machine);
      const name = /^([A-Za-z_]\w*)\s*[-+*/%&|^]?=/.exec(arg)?.[1];
      if (name !== undefined) frame.vars.set(name, SAFE);
    }
    return '';
  },
  set: ({ args, frame }) => {
    if (args.some((arg) => /^-[a-zA-Z]*a/.test(arg)) || args.includes('allexport')) frame.vars.set(exportAll, '1');
    const dashes = args.indexOf('--');
    if (dashes >= 0) frame.positional = args.slice(dashes + 1);
    else if (args[0] !== undefined && !/^[-+]/.test(args[0])) frame.positional = [...args];
    return '';
  },
  shift: ({ args, frame }) => {
    const by = args[0] ?? '1';
    frame.positional = /^\d+$/.test(by) ? frame.positional?.slice(Number(by)) : undefined;
    return '';
  },
  shopt: ({ args, frame }) => {
    if (args.includes('dotglob') && args.includes('-s')) frame.vars.set('shopt dotglob', '1');
    return '';
  },
  alias: ({ args, frame }) => {
    for (const arg of args) {
      const equals = arg.indexOf('=');
      if (equals > 0) rename(arg.slice(0, equals), arg.slice(equals + 1), frame);
    }
    return '';
  },
  unalias: () => '',
  hash: ({ args, frame }) => {
    const at = args.indexOf('-p');
    if (at >= 0) for (const name of args.slice(at + 2)) rename(name, args[at + 1] ?? UNKNOWN, frame);
    return '';
  },
  enable: ({ args, machine }) => {
    if (args.some((arg) => /^-[a-z]*f/.test(arg)))
      machine.emit({ kind: 'unknown', what: 'enable -f loads code into the shell', runs: true });
    return '';
  },
  eval: ({ args, frame, machine }) => {
    const text = args.filter((arg, index) => index > 0 || arg !== '--').join(' ');
    if (text.trim() === '') return '';
    const outer = frame.via;
    frame.via = [...outer, 'eval'];
    const output = machine.run(text, frame);
    frame.via = outer;
    return output;
  },
  source: ({ args, frame, machine }) => source(args, frame, machine),
  '.': ({ args, frame, machine }) => source(args, frame, machine),
  trap: ({ args, frame, machine }) => {
    const words = args.filter((arg, index) => index > 0 || !/^(?:--|-[lp]+)$/.test(arg));
    const [action = ''] = words;
    // A trap runs whenever its signal comes: what it changes may or may not hold after this.
    if (words.length > 1 && action !== '' && action !== '-') setTrap(action, words.slice(1), frame, machine);
    return '';
  },
  return: leave,
  break: leave,
  continue: leave,
  exit: leave,
  test: named,
  '[': named,
  type: whichOf,
  which: whichOf,
  whereis: () => SAFE,
  hostname: ({ args, machine }) => {
    if (args.some((arg) => !arg.startsWith('-')) || args.some((arg) => /^(?:-F|-b|--file)/.test(arg)))
      machine.emit({ kind: 'system', command: ['hostname', ...args].join(' ') });
    return SAFE;
  },
  wait: named,
  jobs: ({ args, frame, machine }) => (args[0] === '-x' ? machine.invoke(args.slice(1), fork(frame)) : SAFE),
  fg: () => '',
  bg: () => '',
  disown: () => '',
  ulimit: () => '',
  umask: () => '',
  times: () => '',
  history: ({ args, frame, machine }) => {
    // What is put there may be run again: `fc -s`, `!!`.
    if (args[0] === '-s' && args.length > 1) machine.run(args.slice(1).join(' '), fork(frame));
    const at = args.findIndex((arg) => /^-[awrn]$/.test(arg));
    const file = at < 0 ? undefined : (args[at + 1] ?? frame.vars.get('HISTFILE'));
    if (typeof file === 'string') (/^-[aw]$/.test(args[at] ?? '') ? writePath : readPath)(file, frame, machine);
    return UNKNOWN;
  },
  fc: ({ args, frame, machine }) => {
    const at = args.indexOf('-e');
    if (at >= 0) machine.run(args[at + 1] ?? '', fork(frame));
    if (!args.some((arg) => /^-[a-z]*l/.test(arg)))
      machine.emit({ kind: 'unknown', what: 'fc runs a command of before again', runs: false });
    return UNKNOWN;
  },
  complete: completes,
  compgen: completes,
  bind: ({ args, frame, machine }) => {
    const at = args.indexOf('-x');
    if (at >= 0) machine.run((args[at + 1] ?? '').replace(/^.*?":?\s*/s, ''), fork(frame));
    return '';
  },
  help: () => SAFE,
  dirs: () => UNKNOWN,
  logout: () => '',
  suspend: () => '',
  caller: () => UNKNOWN,
};

/** What a trap for anything but the end changes, it may change between any two commands that follow. */
function setTrap(action: string, signals: readonly string[], frame: Call['frame'], machine: Call['machine']): void {
  const scope = fork(frame, { via: [...frame.via, 'trap'] });
  const atEnd = signals.filter((signal) => /^(?:EXIT|0)$/i.test(signal));
  const waits = atEnd.length > 0 && rememberTrap(action, frame, machine);
  if (atEnd.length === signals.length && waits) return;
  machine.run(action, scope);
  if (atEnd.length === signals.length) return;
  join(frame, [fork(frame), scope]);
  for (const name of scope.vars.keys()) if (scope.vars.get(name) !== frame.vars.get(name)) share(name, frame);
  const bodies = [...frame.functions].filter(([name]) => action.includes(name)).map(([, body]) => JSON.stringify(body));
  for (const [, name = ''] of action.matchAll(/\b([A-Za-z_]\w*)(?:\[[^\]]*\])?\+?=/g)) share(name, frame);
  for (const body of bodies)
    for (const [, name = ''] of body.matchAll(/"type":"Assignment"[^{}]*?"name":"(\w+)"/g)) share(name, frame);
}

/** `compgen` and `complete` run the command of `-C`, the function of `-F`, and what is in the words of `-W`. */
function completes({ args, frame, machine }: Call): string {
  args.forEach((arg, index) => {
    const value = args[index + 1] ?? '';
    if (/^-[a-z]*C$/.test(arg)) machine.run(value, fork(frame));
    else if (/^-[a-z]*F$/.test(arg)) machine.invoke([value], fork(frame));
    else if (/^-[a-z]*W$/.test(arg) && /[$`]/.test(value)) machine.run(inQuotes(value), fork(frame));
  });
  return UNKNOWN;
}

function changeFolder({ args, frame, machine, name }: Call): string {
  const word =
    args.find((arg) => !/^-[LPe@n]+$/.test(arg) && arg !== '--') ?? String(frame.vars.get('HOME') ?? UNKNOWN);
  if (name === 'pushd') {
    const stack = frame.vars.get('dirs stack');
    frame.vars.set('dirs stack', [...(Array.isArray(stack) ? stack : []), frame.cwds[0] ?? UNKNOWN]);
  }
  const before = frame.cwds;
  const old = frame.vars.get('OLDPWD');
  if (word === '-') frame.cwds = [typeof old === 'string' ? old : machine.context.workspace];
  else {
    const search = frame.vars.get('CDPATH');
    const bases = typeof search === 'string' && !/^\.{0,2}\//.test(word) ? search.split(':').filter(Boolean) : [];
    frame.cwds = [word, ...bases.map((base) => `${base}/${word}`)]
      .flatMap((path) => resolve(path, frame, machine.context))
      .map((path) => (hasUnknown(path) ? UNKNOWN : path));
  }
  frame.vars.set('OLDPWD', before.length === 1 ? (before[0] ?? UNKNOWN) : UNKNOWN);
  return '';
}

function declare({ name: builtin, args, frame, machine }: Call): string {
  let reference = false;
  let exports = builtin === 'export';
  for (const arg of args) {
    checkSubscript(arg, frame, machine);
    if (/^[-+]/.test(arg)) reference ||= /^-[a-z]*n/i.test(arg) && !arg.startsWith('--');
    exports ||= /^-[a-z]*x/i.test(arg);
    if (exports && !/^[-+]/.test(arg)) frame.vars.set(exportOf(arg.replace(/\+?=.*/s, '')), '1');
    const equals = arg.indexOf('=');
    if (equals > 0 && !arg.startsWith('-')) {
      if (reference) refer(arg.slice(0, equals), arg.slice(equals + 1), frame);
      else refersNow(arg.slice(0, equals), arg.slice(equals + 1), frame);
      frame.vars.set(arg.slice(0, equals), arg.slice(equals + 1));
      checkVariable(arg.slice(0, equals), arg.slice(equals + 1), frame, machine);
    } else if (reference && !/^[-+]/.test(arg)) declareReference(arg, frame);
  }
  return '';
}

/** `declare -n z`, or `declare -n z=$1`, whose assignment is done by now. */
function declareReference(name: string, frame: Call['frame']): void {
  const target = frame.vars.get(name);
  refer(name, typeof target === 'string' ? target : undefined, frame);
  frame.vars.set(name, UNKNOWN);
}

function source(args: readonly string[], frame: Call['frame'], machine: Call['machine']): string {
  const [file, ...rest] = args[0] === '--' ? args.slice(1) : args;
  if (file === undefined) return '';
  if (harmlessStartFile(file, machine.context.home)) return '';
  readPath(file, frame, machine);
  const outer = frame.positional;
  if (rest.length > 0) frame.positional = rest;
  const output = sourceFile(file, frame, machine);
  frame.positional = outer;
  return output;
}

function leave({ name, frame, machine }: Call): string {
  if (name === 'exit') runTraps(frame, machine);
  frame.exits?.push(fork(frame, { exits: undefined }));
  return '';
}

/** Words that may be names of variables. */
function named({ args, frame, machine }: Call): string {
  for (const arg of args) checkSubscript(arg, frame, machine);
  return '';
}

function whichOf({ args }: Call): string {
  const names = args.filter((arg) => !arg.startsWith('-'));
  return names.length === 1 ? `${asKnown(names[0] ?? '')}\n` : SAFE;
}
