import type { Machine } from '../machine.ts';
import { fork, type Frame } from '../shell/frame.ts';
import { remembered } from './remembered.ts';
import { readToml } from './toml.ts';

/** Keys of a command's table whose texts are no commands. */
const notRun = new Set(
  'help description name args env env_file envfile cwd working_dir executor interpreter use_vars options default type'.split(
    ' ',
  ),
);

/** What a file gives names: the commands of each. */
interface Scripts {
  commands: ReadonlyMap<string, readonly string[]>;
  /** False where a part of the file could not be told. */
  whole: boolean;
}

/** Reads the commands of the tables that these dotted paths mean; `*` is any one name. Linear in the text. */
function reader(...tables: string[]): (text: string) => Scripts {
  const wanted = tables.map((table) => table.split('.'));
  return remembered((text) => {
    const commands = new Map<string, string[]>();
    const { entries, whole } = readToml(text);
    for (const { path, text: command } of entries) {
      const table = wanted.find((names) => names.every((one, index) => one === '*' || one === path[index]));
      const name = table === undefined ? undefined : path[table.length];
      if (table === undefined || name === undefined || path.slice(table.length + 1).some((key) => notRun.has(key)))
        continue;
      const known = commands.get(name);
      if (known === undefined) commands.set(name, [command]);
      else known.push(command);
    }
    return { commands, whole };
  });
}

/** Files of a Python project that give commands names. */
const files = new Map([
  [
    'pyproject.toml',
    reader('tool.poe.tasks', 'tool.pdm.scripts', 'tool.rye.scripts', 'tool.taskipy.tasks', 'tool.hatch.envs.*.scripts'),
  ],
  ['poe_tasks.toml', reader('tasks', 'tool.poe.tasks')],
  ['hatch.toml', reader('envs.*.scripts')],
]);

/** A command that a Python project's settings give a name: of Poe, PDM, Hatch, Rye and taskipy. False where none has this one. */
export function runProjectScript(name: string, args: readonly string[], frame: Frame, machine: Machine): boolean {
  const step = `script ${name}`;
  let found = false;
  for (const cwd of frame.cwds) {
    for (const [file, scriptsOf] of files) {
      const { text } = machine.file(`${cwd}/${file}`);
      if (text === undefined) continue;
      const { commands, whole } = scriptsOf(text);
      // What cannot be told may hold the command too.
      if (!whole) machine.emit({ kind: 'unknown', what: `all of ${file} cannot be read beforehand`, runs: false });
      found ||= commands.has(name);
      if (frame.via.includes(step)) continue;
      for (const command of commands.get(name) ?? []) {
        const scope = fork(frame, { via: [...frame.via, step], positional: [...args] });
        // One of a sequence may be another's name.
        const other = /^\s*([\w.:-]+)/.exec(command)?.[1];
        if (other !== undefined && commands.has(other)) runProjectScript(other, [], scope, machine);
        machine.run(`${command} "$@"`, scope);
      }
    }
  }
  return found;
}
