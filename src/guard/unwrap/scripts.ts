import { UNKNOWN, isKnown, shown } from '../marks.ts';
import { matcherOf } from '../wildcards.ts';
import type { Machine } from '../machine.ts';
import { normalize, writePath } from '../paths.ts';
import { below } from '../places.ts';
import { namesMigration } from '../effects/verbs.ts';
import { fork, type Frame } from '../shell/frame.ts';
import { remembered } from './remembered.ts';

const lifecycle = [
  'preinstall',
  'install',
  'postinstall',
  'preprepare',
  'prepare',
  'postprepare',
  'prepublish',
  'dependencies',
];

interface Package {
  folder: string;
  scripts: Record<string, string>;
}

/** Where a package manager keeps the scripts of a project. */
interface Source {
  files: string[];
  /** The member that holds them. */
  key: 'scripts' | 'tasks';
}
const npm: Source = { files: ['package.json'], key: 'scripts' };
const composer: Source = { files: ['composer.json'], key: 'scripts' };
const deno: Source = { files: ['deno.json', 'deno.jsonc'], key: 'tasks' };

/** The nearest file of scripts upwards, as far as the workspace; its scripts, or what keeps it from being read. */
function nearest(frame: Frame, machine: Machine, source = npm): Package | 'unreadable' | undefined {
  for (const start of frame.cwds) {
    for (let folder = start; folder.startsWith('/'); folder = normalize(`${folder}/..`)) {
      for (const file of source.files) {
        const { text, changed } = machine.file(`${folder === '/' ? '' : folder}/${file}`);
        if (changed && text === undefined) return 'unreadable';
        if (text === undefined) continue;
        const scripts = scriptsOf(text, source.key);
        return scripts === undefined ? 'unreadable' : { folder, scripts };
      }
      if (
        folder === '/' ||
        below(folder, machine.context.workspace) === undefined ||
        folder === machine.context.workspace
      )
        break;
    }
  }
  return undefined;
}

const scriptsIn = {
  scripts: remembered((text) => parsedScripts(text, 'scripts')),
  tasks: remembered((text) => parsedScripts(text, 'tasks')),
};
const scriptsOf = (text: string, key: Source['key']): Record<string, string> | undefined => scriptsIn[key](text);

function parsedScripts(text: string, key: Source['key']): Record<string, string> | undefined {
  try {
    const parsed = JSON.parse(text) as unknown;
    if (typeof parsed !== 'object' || parsed === null) return {};
    const scripts = (parsed as Record<string, unknown>)[key];
    if (typeof scripts !== 'object' || scripts === null) return {};
    return Object.fromEntries(Object.entries(scripts).flatMap(([name, value]) => commandsOf(name, value)));
  } catch {
    // Not JSON (comments, a half-written file): its scripts are not known, and the caller says so.
    return undefined;
  }
}

/** A script is a text, a list of texts, or (Deno) an object with a `command`. */
function commandsOf(name: string, value: unknown): [string, string][] {
  if (typeof value === 'string') return [[name, value]];
  if (Array.isArray(value)) return [[name, value.filter((line) => typeof line === 'string').join('\n')]];
  const command = typeof value === 'object' && value !== null && 'command' in value ? value.command : undefined;
  return typeof command === 'string' ? [[name, command]] : [];
}

/** The scripts whose names a pattern means: `lint:*` and `examples:**` of the runners, `/^build/` of pnpm. */
export function scriptsLike(pattern: string, frame: Frame, machine: Machine): string[] {
  const found = nearest(frame, machine);
  if (found === undefined || found === 'unreadable') return [];
  const names = Object.keys(found.scripts);
  const expression = /^\/(.*)\/$/.exec(pattern)?.[1];
  if (expression === undefined) return names.filter(matcherOf(pattern.replaceAll(/[*\u0011\u0014]+/g, UNKNOWN)));
  const test = regexOf(expression);
  return test === undefined ? names : names.filter((name) => test.test(name));
}

/** A plain expression; undefined for one that is none, or may take for ever: that means any name. */
function regexOf(source: string): RegExp | undefined {
  if (source.length > 200 || /[)}][*+?{]|\\\d/.test(source) || (source.match(/[*+{]/g) ?? []).length > 2)
    return undefined;
  try {
    return new RegExp(source);
  } catch {
    return undefined;
  }
}

/** Runs a package script with its `pre` and `post`. False where package.json has none of this name. */
export function runScript(name: string, args: readonly string[], frame: Frame, machine: Machine): boolean {
  const found = nearest(frame, machine);
  if (found === undefined) return told(name, frame, machine);
  if (found === 'unreadable' || !isKnown(name)) {
    machine.emit({ kind: 'unknown', what: `the package script ${shown(name)} cannot be told`, runs: false });
    return true;
  }
  if (!Object.hasOwn(found.scripts, name)) return told(name, frame, machine);
  for (const script of [`pre${name}`, name, `post${name}`]) {
    if (!Object.hasOwn(found.scripts, script)) continue;
    run(script, found, script === name ? args : [], frame, machine);
  }
  return true;
}

/** True where the package's file was read, and has no script of this name, nor one that runs around it. */
export function lacksScript(name: string, frame: Frame, machine: Machine): boolean {
  if (frame.foreign || !isKnown(name) || !frame.cwds.every(isKnown)) return false;
  return frame.cwds.every((cwd) => {
    const found = nearest(fork(frame, { cwds: [cwd] }), machine);
    return found !== undefined && found !== 'unreadable' && !Object.hasOwn(found.scripts, name);
  });
}

/** Where monorepos keep their packages. */
const packageFolders = ['packages', 'apps', 'libs', 'services', 'modules', 'tools'];
const mostPackages = 60;

/** Runs the script of this name in every package of the workspace that has one. False where none has. */
export function runEverywhere(name: string, args: readonly string[], frame: Frame, machine: Machine): boolean {
  const { workspace } = machine.context;
  if (!isKnown(name)) return false;
  const folders = packageFolders.flatMap((parent) =>
    (machine.context.list?.(`${workspace}/${parent}`) ?? []).map((folder) => `${workspace}/${parent}/${folder}`),
  );
  let found = false;
  for (const folder of [workspace, ...folders.slice(0, mostPackages)]) {
    const { text } = machine.file(`${folder}/package.json`);
    const scripts = text === undefined ? undefined : scriptsOf(text, 'scripts');
    if (scripts === undefined || !Object.hasOwn(scripts, name)) continue;
    found = true;
    runScript(name, args, fork(frame, { cwds: [folder] }), machine);
  }
  return found;
}

/** `npm pkg set scripts.x=…`: the scripts are these from here on. */
export function setScripts(words: readonly string[], frame: Frame, machine: Machine): void {
  for (const cwd of frame.cwds) {
    const path = `${cwd}/package.json`;
    const { text } = machine.file(path);
    writePath(path, frame, machine);
    const set = words.flatMap((word) => {
      const [, name, script] = /^scripts\.([^=]+)=(.*)$/s.exec(word) ?? [];
      return name === undefined ? [] : [[name, script ?? ''] as const];
    });
    const scripts = text === undefined ? undefined : scriptsOf(text, 'scripts');
    if (scripts !== undefined)
      machine.wrote(path, JSON.stringify({ scripts: { ...scripts, ...Object.fromEntries(set) } }));
  }
}

/** A script that cannot be found (in a package of the workspace that is named by its package name) goes by its own name. */
function told(name: string, frame: Frame, machine: Machine): boolean {
  const command = [...frame.via.slice(-1), 'run', name].join(' ') + ' (its script was not found)';
  if (namesMigration(name)) machine.emit({ kind: 'database', how: 'migration', command });
  else if (/^(?:publish|deploy|release)(?::\S+)?$/.test(name)) machine.emit({ kind: 'publish', command });
  else return false;
  return true;
}

/** Composer's script of this name, with `@php`, `@composer` and `@other` as it reads them. False where there is none. */
export function runComposerScript(name: string, args: readonly string[], frame: Frame, machine: Machine): boolean {
  const found = nearest(frame, machine, composer);
  if (found === undefined || found === 'unreadable') return told(name, frame, machine);
  if (!Object.hasOwn(found.scripts, name)) return told(name, frame, machine);
  const lines = (found.scripts[name] ?? '').split('\n').map((line) =>
    line
      .replace(/^@php\b/, 'php')
      .replace(/^@composer\b/, 'composer')
      .replace(/^@putenv\s+/, 'export ')
      .replace(/^@(?=[\w:-]+)/, 'composer run-script ')
      .replace(/^[\w\\]+::\w+$/, ':'),
  );
  run(name, { ...found, scripts: { ...found.scripts, [name]: lines.join('\n') } }, args, frame, machine);
  return true;
}

/** Deno's task of this name. False where there is none. */
export function runDenoTask(name: string, args: readonly string[], frame: Frame, machine: Machine): boolean {
  const found = nearest(frame, machine, deno);
  if (found === undefined || found === 'unreadable' || !Object.hasOwn(found.scripts, name))
    return runScript(name, args, frame, machine);
  run(name, found, args, frame, machine);
  return true;
}

/** Runs what an install of this package runs by itself. */
export function runLifecycle(frame: Frame, machine: Machine): void {
  const found = nearest(frame, machine);
  if (found === undefined || found === 'unreadable') return;
  for (const script of lifecycle) {
    if (Object.hasOwn(found.scripts, script)) run(script, found, [], fork(frame, { lifecycle: true }), machine);
  }
}

/** Runs those of these hooks that the package has: what packing it or giving it a version runs by itself. */
export function runHooks(names: readonly string[], frame: Frame, machine: Machine): void {
  const found = nearest(frame, machine);
  if (found === undefined || found === 'unreadable') return;
  for (const name of names) {
    // An install's hook too, which sets up hooks of git's.
    const scope = name === 'prepare' ? fork(frame, { lifecycle: true }) : frame;
    if (Object.hasOwn(found.scripts, name)) run(name, found, [], scope, machine);
  }
}

function run(
  script: string,
  { folder, scripts }: Package,
  args: readonly string[],
  frame: Frame,
  machine: Machine,
): void {
  const step = `script ${script}`;
  // A script that calls itself would never end; it has been looked at.
  if (frame.via.includes(step)) return;
  const scope = fork(frame, { cwds: [folder], positional: [...args], via: [...frame.via, step], stdin: UNKNOWN });
  const text = scripts[script] ?? '';
  machine.run(args.length > 0 ? `${text} "$@"` : text, scope);
}

/** The folder that `--prefix`, `-C` or `--cwd` names, as the frame's own. */
export function inFolder(folder: string | undefined, frame: Frame): Frame {
  if (folder === undefined) return frame;
  return fork(frame, {
    cwds: frame.cwds.map((cwd) => normalize(folder.startsWith('/') ? folder : `${cwd}/${folder}`)),
  });
}
