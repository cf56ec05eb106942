import { parse } from 'yaml';
import type { Call } from '../machine.ts';
import { setOf, takeApart, valuesOf } from '../options.ts';
import { fork } from '../shell/frame.ts';

/** Settings of a program that name commands: its files, and the commands that it runs of them when it is called so. */
interface Settings {
  files: readonly string[];
  commands(text: string, call: Call): readonly string[];
}

/** A table of an INI or TOML file: its lines. Of a section that is not there, none. */
function section(text: string, name: string): string {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.trim() === `[${name}]`);
  if (start < 0) return '';
  const end = lines.findIndex((line, index) => index > start && line.startsWith('['));
  return lines.slice(start + 1, end < 0 ? undefined : end).join('\n');
}

/** The texts of a key: `key = "x"`, `key = ["x", "y"]`. */
const texts = (table: string, key: string): string[] =>
  [...table.matchAll(new RegExp(`^[ \\t]*["']?${key}["']?[ \\t]*=[ \\t]*(.*)$`, 'gm'))].flatMap(([, value = '']) =>
    [...value.matchAll(/"((?:\\.|[^"\\])*)"|'([^']*)'/g)].map((match) => match[1] ?? match[2] ?? ''),
  );

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
  commands: (text, { args }) => {
    const named = valuesOf(takeApart(args, setOf('-e -c -f --conf --workdir')), '-e').flatMap((name) =>
      name.split(','),
    );
    return ['testenv', ...named.map((name) => `testenv:${name}`)]
      .flatMap((name) =>
        ['commands_pre', 'commands', 'commands_post'].flatMap((key) => indented(section(text, name), key)),
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

const preCommit: Settings = {
  files: ['.pre-commit-config.yaml'],
  commands: (text, { args }) => {
    if (args[0] !== 'run') return [];
    const config = parse(text) as { repos?: { hooks?: { entry?: unknown; language?: unknown }[] }[] } | null;
    const hooks = config?.repos?.flatMap((repo) => repo.hooks ?? []) ?? [];
    return hooks.flatMap(({ entry, language }) =>
      typeof entry === 'string' && /^(?:system|script|unsupported\w*)$/.test(String(language)) ? [entry] : [],
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
  commands: (text) => {
    const build = section(text, 'build');
    return ['pre_cmd', 'cmd', 'post_cmd', 'full_bin'].flatMap((key) => texts(build, key));
  },
};

const mise: Settings = {
  files: ['mise.toml', '.mise.toml'],
  commands: (text, { args }) => {
    const name = /^(?:run|r)$/.test(args[0] ?? '') ? args[1] : undefined;
    if (name === undefined || !/^[\w:.-]+$/.test(name)) return [];
    return [...texts(section(text, `tasks.${name}`), 'run'), ...texts(section(text, 'tasks'), name)];
  },
};

const cargo: Settings = {
  files: ['.cargo/config.toml', '.cargo/config'],
  commands: (text, { args }) => {
    const alias = /^[\w-]+$/.test(args[0] ?? '') ? texts(section(text, 'alias'), args[0] ?? '') : [];
    const programs = ['rustc', 'rustc-wrapper', 'rustc-workspace-wrapper', 'rustdoc', 'runner', 'linker'];
    return [
      ...programs.flatMap((key) => texts(text, key)).filter((value) => value.includes('/')),
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

const table: Readonly<Record<string, Settings>> = {
  tox,
  'pre-commit': preCommit,
  nodemon,
  air,
  mise,
  cargo,
  npm,
  pnpm: npm,
};

/** Runs what a program's own settings tell it to run. */
export function settingsFiles(call: Call): void {
  const { name, frame, machine } = call;
  const settings = Object.hasOwn(table, name) ? table[name] : undefined;
  if (settings === undefined || frame.foreign || frame.via.includes(`settings of ${name}`)) return;
  for (const cwd of frame.cwds) {
    for (const file of settings.files) {
      const { text } = machine.file(`${cwd}/${file}`);
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
