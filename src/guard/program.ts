import { canonical, commandTable } from './commands.ts';
import { UNKNOWN, isKnown, shown } from './marks.ts';
import type { Call, Machine } from './machine.ts';
import { readPath, resolve } from './paths.ts';
import type { Frame } from './shell/frame.ts';
import { below, inToolFolder } from './places.ts';
import { runFile } from './unwrap/files.ts';
import { launched } from './unwrap/launched.ts';
import { ownFiles } from './unwrap/own-files.ts';
import { settingsFiles } from './unwrap/settings-files.ts';
import { printsSetup } from './unwrap/setup.ts';
import { isMigrationProgram } from './effects/verbs.ts';
import { unknownProgram } from './effects/programs.ts';

/** Runs a program by its name or path: its handlers, and the file itself where it is a script that can be read. */
export function runProgram(word: string, args: readonly string[], frame: Frame, machine: Machine): string {
  const found = word.includes('/') ? word : (machine.planted(word) ?? shadowedBy(word, frame, machine) ?? word);
  if (!found.includes('/')) return handle(found, word, args, frame, machine) ?? UNKNOWN;
  const path = resolve(found, frame, machine.context)[0] ?? found;
  if (!frame.foreign && word.includes('/')) readPath(word, frame, machine);
  if (/^\/etc\/(?:init|rc\d?)\.d\//.test(path) && args[0] !== 'status')
    machine.emit({ kind: 'tamper', what: [word, ...args].map(shown).join(' ') });
  const own = baseOf(path);
  const named = isInstalled(path) && machine.planted(own) === undefined;
  if (!isOurs(path, frame, machine) || named) return handle(own, word, args, frame, machine) ?? UNKNOWN;
  const real = isKnown(path) ? baseOf(machine.context.realpath(path)) : own;
  if (isMigrationProgram(own))
    machine.emit({ kind: 'database', how: 'migration', command: [word, ...args].map(shown).join(' ') });
  const script = runFile(path, args, frame, machine);
  if (real !== own && commandTable.handlers.has(canonical(real)))
    return handle(real, word, args, frame, machine) ?? UNKNOWN;
  if (script !== undefined && !commandTable.handlers.has(canonical(own))) return script;
  return handle(own, word, args, frame, machine) ?? UNKNOWN;
}

function handle(
  name: string,
  word: string,
  args: readonly string[],
  frame: Frame,
  machine: Machine,
): string | undefined {
  const call: Call = {
    machine,
    frame,
    name: canonical(name),
    args,
    shown: shown(args.length === 0 ? word : `${word} ${args.join(' ')}`),
  };
  if (printsSetup(call.name, args)) return '';
  ownFiles(call);
  launched(call);
  settingsFiles(call);
  const handler = commandTable.handlers.get(call.name);
  if (handler !== undefined) return handler(call);
  if (call.name.startsWith('git-')) {
    return commandTable.handlers.get('git')?.({ ...call, name: 'git', args: [call.name.slice(4), ...args] });
  }
  return unknownProgram(call, word.includes('/') && !word.includes('node_modules/.bin/'));
}

/** A bare name may be a file of ours where PATH was changed to look there first. */
function shadowedBy(word: string, frame: Frame, machine: Machine): string | undefined {
  const search = frame.vars.get('PATH');
  if (typeof search !== 'string') return undefined;
  for (const folder of search.split(':')) {
    if (!isKnown(folder) || folder.endsWith('node_modules/.bin')) continue;
    const path = resolve(`${folder === '' ? '.' : folder}/${word}`, frame, machine.context)[0];
    if (path === undefined || inToolFolder(path, machine.context.home) || !isOurs(path, frame, machine)) continue;
    const { text, changed } = machine.file(path);
    if (changed || text !== undefined || machine.context.realpath(path) !== path) return path;
  }
  return undefined;
}

/** Where the agent can put files. */
function isOurs(path: string, frame: Frame, machine: Machine): boolean {
  if (frame.foreign) return false;
  const { workspace, writable, home } = machine.context;
  const roots = [workspace, machine.context.realpath(workspace), ...writable, home, '/tmp', '/var/tmp', '/dev'];
  return roots.some((root) => below(path, root) !== undefined) || !path.startsWith('/');
}

/** Programs that a package manager put there go by their names. */
export const isInstalled = (path: string): boolean =>
  /\/(?:node_modules\/\.bin|vendor\/bin|\.?venv\/bin|\.?virtualenv\/bin|env\/bin)\/[^/]+$/.test(path);

const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
