import type { Call } from '../machine.ts';
import { setOf, takeApart, valuesOf } from '../options.ts';
import { fork } from '../shell/frame.ts';
import { readToml } from './toml.ts';
import { readYaml } from './yaml.ts';

/** Settings of a program that name commands: its files, and the commands that it runs of them when it is called so. */
interface Settings {
  files: readonly string[];
  /** Options that name another file. */
  named?: readonly string[];
  /** Throws where the text cannot be told. */
  commands(text: string, call: Call): readonly string[];
}

/** The tables of an INI file: their lines. */
function sections(text: string): Map<string, string> {
  const found = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('[')) {
      lines = [];
      const name = line.trim().replace(/^\[ *|\s*\].*$/g, '');
      if (!found.has(name)) found.set(name, lines);
    } else lines.push(line);
  }
  return new Map([...found].map(([name, lines]) => [name, lines.join('\n')]));
}

/** The texts of a TOML file whose path is wanted. Throws where not all of the file can be told. */
function textsOf(file: string, wanted: (path: readonly string[]) => boolean): string[] {
  const { entries, whole } = readToml(file);
  if (!whole) throw new Error('not all of it can be told');
  return entries.flatMap(({ path, text }) => (wanted(path) ? [text] : []));
}

/** A key's value with the lines below it that are set in. */
const indented = (table: string, key: string): string[] =>
  [...table.matchAll(new RegExp(`^${key}[ \\t]*=[ \\t]*(.*(?:\\n[ \\t]+.*)*)`, 'gm'))].flatMap(([, value = '']) =>
    value
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#')),
  );

const tox: Settings = {
  files: ['tox.ini', 'setup.cfg'],
  named: ['-c', '--conf'],
  commands: (text, { args }) => {
    const tables = sections(text);
    const named = valuesOf(takeApart(args, setOf('-e -c -f --conf --workdir')), '-e').flatMap((name) =>
      name.split(','),
    );
    return ['testenv', ...new Set(named.map((name) => `testenv:${name.trim()}`))]
      .flatMap((name) =>
        ['commands_pre', 'commands', 'commands_post'].flatMap((key) => indented(tables.get(name) ?? '', key)),
      )
      .map((line) =>
        line
          .replace(/^[-!\s]+/, '')
          .replace(/\{envpython\}/g, 'python')
          .replace(/\{[^{}]*\}/g, '"$tox_value"'),
      )
      .filter((line) => !line.startsWith('"$'));
  },
};

/** A word as a shell reads it back. */
const quoted = (word: unknown): string =>
  /^[\w./=:@%+,-]+$/.test(String(word)) ? String(word) : `'${String(word).replaceAll("'", "'\\''")}'`;

interface Hook {
  entry?: unknown;
  args?: unknown;
  language?: unknown;
}

const preCommit: Settings = {
  files: ['.pre-commit-config.yaml'],
  named: ['-c', '--config'],
  commands: (text, { args }) => {
    if (!/^(?:run|try-repo)$/.test(args[0] ?? 'run')) return [];
    const config = readYaml(text) as { repos?: { hooks?: Hook[] }[] } | null;
    const hooks = config?.repos?.flatMap((repo) => repo.hooks ?? []) ?? [];
    return hooks.flatMap(({ entry, args: words, language }) =>
      // Those take the entry for a pattern, a message, a container's image.
      typeof entry !== 'string' || /^(?:pygrep|fail|docker\w*)$/.test(String(language))
        ? []
        : [[entry, ...(Array.isArray(words) ? words.map(quoted) : [])].join(' ')],
    );
  },
};

const nodemon: Settings = {
  files: ['nodemon.json'],
  commands: (text) =>
    [...text.matchAll(/"exec"\s*:\s*("(?:\\.|[^"\\])*")/g)].map(([, value = '""']) => String(JSON.parse(value))),
};

const air: Settings = {
  files: ['.air.toml'],
  named: ['-c'],
  commands: (text) =>
    textsOf(text, ([table, key = '']) => table === 'build' && /^(?:pre_cmd|cmd|post_cmd|full_bin)$/.test(key)),
};

const mise: Settings = {
  files: ['mise.toml', '.mise.toml'],
  commands: (text, { args, machine }) => {
    if (!/^(?:run|r|watch|w)$/.test(args[0] ?? '')) return [];
    const tasks = new Set(args.slice(1).filter((arg) => /^[\w:.-]+$/.test(arg) && !arg.startsWith('-')));
    const { entries, whole } = readToml(text);
    if (!whole) throw new Error('not all of it can be told');
    // What a task needs is run too.
    for (const task of tasks) {
      machine.spend(1 + (entries.length >> 4));
      for (const { path, text: need } of entries)
        if (path[0] === 'tasks' && path[1] === task && /^(?:depends\w*|wait_for)$/.test(path[2] ?? '')) tasks.add(need);
    }
    return entries.flatMap(({ path: [table, task = '', key = 'run'], text: command }) =>
      table === 'tasks' && tasks.has(task) && key === 'run' ? [command] : [],
    );
  },
};

const programs = /^(?:rustc|rustc-wrapper|rustc-workspace-wrapper|rustdoc|runner|linker)$/;

const cargo: Settings = {
  files: ['.cargo/config.toml', '.cargo/config'],
  commands: (text, { args, machine }) => {
    const [name = ''] = args.filter((arg) => !arg.startsWith('+'));
    const alias = textsOf(text, ([table, key]) => table === 'alias' && key === name);
    return [
      ...textsOf(text, (path) => programs.test(path.at(-1) ?? '')).filter(
        (value) => value.includes('/') || machine.knows(/^\S*/.exec(value)?.[0] ?? '') === 'dangerous',
      ),
      ...(alias.length > 0 ? [`cargo ${alias.join(' ')}`] : []),
    ];
  },
};

const npm: Settings = {
  files: ['.npmrc'],
  commands: (text) =>
    [...text.matchAll(/^[ \t]*(?:script-shell|shell|editor|viewer|git)[ \t]*=[ \t]*(\S.*)$/gm)].map(
      ([, value = '']) => value,
    ),
};

const table: ReadonlyMap<string, Settings> = new Map(
  Object.entries({ tox, 'pre-commit': preCommit, nodemon, air, mise, cargo, npm, pnpm: npm }),
);

/** Runs what a program's own settings tell it to run. */
export function settingsFiles(call: Call): void {
  const { name, frame, machine } = call;
  const settings = table.get(name);
  if (settings === undefined || frame.foreign || frame.via.includes(`settings of ${name}`)) return;
  const others =
    settings.named === undefined ? [] : valuesOf(takeApart(call.args, new Set(settings.named)), ...settings.named);
  const files = [...settings.files, ...new Set(others)];
  for (const cwd of frame.cwds) {
    for (const file of files) {
      const { text } = machine.file(file.startsWith('/') ? file : `${cwd}/${file}`);
      if (text === undefined) continue;
      try {
        for (const command of settings.commands(text, call))
          machine.run(command, fork(frame, { via: [...frame.via, `settings of ${name}`] }));
      } catch (error) {
        if (error instanceof RangeError) throw error;
        machine.emit({ kind: 'unknown', what: `${file} cannot be read beforehand`, runs: false });
      }
    }
  }
}
