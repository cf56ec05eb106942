import { UNKNOWN, isKnown, shown } from '../marks.ts';
import type { Machine } from '../machine.ts';
import { normalize } from '../paths.ts';
import { below } from '../places.ts';
import { fork, type Frame } from '../shell/frame.ts';

const lifecycle = ['preinstall', 'install', 'postinstall', 'preprepare', 'prepare', 'postprepare', 'prepublish'];

interface Package {
  folder: string;
  scripts: Record<string, string>;
}

/** The nearest package.json upwards, as far as the workspace; its scripts, or what keeps it from being read. */
function nearest(frame: Frame, machine: Machine): Package | 'unreadable' | undefined {
  for (const start of frame.cwds) {
    for (let folder = start; folder.startsWith('/'); folder = normalize(`${folder}/..`)) {
      const { text, changed } = machine.file(`${folder === '/' ? '' : folder}/package.json`);
      if (changed && text === undefined) return 'unreadable';
      if (text !== undefined) {
        const scripts = scriptsOf(text);
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

function scriptsOf(text: string): Record<string, string> | undefined {
  try {
    const parsed = JSON.parse(text) as unknown;
    const scripts = typeof parsed === 'object' && parsed !== null && 'scripts' in parsed ? parsed.scripts : undefined;
    if (typeof scripts !== 'object' || scripts === null) return {};
    return Object.fromEntries(
      Object.entries(scripts).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  } catch {
    // Not JSON (comments, a half-written file): its scripts are not known, and the caller says so.
    return undefined;
  }
}

/** Runs a package script with its `pre` and `post`. False where package.json has none of this name. */
export function runScript(name: string, args: readonly string[], frame: Frame, machine: Machine): boolean {
  const found = nearest(frame, machine);
  if (found === undefined) return false;
  if (found === 'unreadable' || !isKnown(name)) {
    machine.emit({ kind: 'unknown', what: `the package script ${shown(name)} cannot be told`, runs: false });
    return true;
  }
  if (!Object.hasOwn(found.scripts, name)) return false;
  for (const script of [`pre${name}`, name, `post${name}`]) {
    if (!Object.hasOwn(found.scripts, script)) continue;
    run(script, found, script === name ? args : [], frame, machine);
  }
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
