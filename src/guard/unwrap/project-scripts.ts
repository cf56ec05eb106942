import type { Machine } from '../machine.ts';
import { fork, type Frame } from '../shell/frame.ts';
import { remembered } from './remembered.ts';
import { readToml, type Toml } from './toml.ts';

/** Files of a Python project that give commands names, and the tables in which they do: `*` is any one name. */
const tables: Readonly<Record<string, readonly string[]>> = {
  'pyproject.toml': [
    'tool.poe.tasks',
    'tool.pdm.scripts',
    'tool.rye.scripts',
    'tool.taskipy.tasks',
    'tool.hatch.envs.*.scripts',
  ],
  'poe_tasks.toml': ['tasks', 'tool.poe.tasks'],
  'hatch.toml': ['envs.*.scripts'],
};
/** Keys of a command's table whose texts are no commands. */
const notRun = new Set(
  'help description name args env env_file envfile cwd working_dir executor interpreter use_vars options default type'.split(
    ' ',
  ),
);
const tomlOf = remembered(readToml);

/** The texts below this name in these tables. */
function textsOf({ entries }: Toml, within: readonly string[], name: string): string[] {
  const wanted = within.map((table) => [...table.split('.'), name]);
  return entries.flatMap(({ path, text }) => {
    const named = wanted.find(
      (names) => names.length <= path.length && names.every((one, index) => one === '*' || one === path[index]),
    );
    return named === undefined || path.slice(named.length).some((key) => notRun.has(key)) ? [] : [text];
  });
}

/** A command that a Python project's settings give a name: of Poe, PDM, Hatch, Rye and taskipy. False where none has this one. */
export function runProjectScript(name: string, args: readonly string[], frame: Frame, machine: Machine): boolean {
  const step = `script ${name}`;
  let found = false;
  for (const cwd of frame.cwds) {
    for (const [file, within] of Object.entries(tables)) {
      const { text } = machine.file(`${cwd}/${file}`);
      if (text === undefined) continue;
      const toml = tomlOf(text);
      const commands = textsOf(toml, within, name);
      found ||= commands.length > 0;
      // What cannot be told may hold the command too.
      if (!toml.whole) machine.emit({ kind: 'unknown', what: `all of ${file} cannot be read beforehand`, runs: false });
      if (frame.via.includes(step)) continue;
      for (const command of commands) {
        const scope = fork(frame, { via: [...frame.via, step], positional: [...args] });
        // One of a sequence may be another's name.
        const other = /^\s*([\w.:-]+)/.exec(command)?.[1];
        if (other !== undefined && other !== name) runProjectScript(other, [], scope, machine);
        machine.run(`${command} "$@"`, scope);
      }
    }
  }
  return found;
}
