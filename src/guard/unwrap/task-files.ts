import { UNKNOWN, isKnown } from '../marks.ts';
import type { Call, Handler, Machine } from '../machine.ts';
import { setOf, takeApart, valuesOf } from '../options.ts';
import { unknownProgram } from '../effects/programs.ts';
import { fork, type Frame } from '../shell/frame.ts';
import { scanCode } from './code.ts';
import { runProjectScript } from './project-scripts.ts';
import { readYaml } from './yaml.ts';
import { runEverywhere } from './scripts.ts';

/** Tasks of a file of tasks: the text of each, and what it needs first. */
type Tasks = Map<string, { body: string; needs: string[] }>;

/** The frame for what a task runs: whoever names the task need not know what is in it. */
const into = ({ frame, name }: Call, changes: Partial<Frame> = {}): Frame =>
  fork(frame, { via: [...frame.via, `target of ${name}`], ...changes });

const read = (name: string, frame: Frame, machine: Machine): string =>
  frame.cwds.map((cwd) => machine.file(name.startsWith('/') ? name : `${cwd}/${name}`).text ?? '').join('\n');

/** The code of these tasks and of what they need. */
function bodies(goals: readonly string[], tasks: Tasks): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const add = (goal: string): void => {
    const task = tasks.get(goal) ?? tasks.get(goal.slice(goal.lastIndexOf(':') + 1));
    if (task === undefined || done.has(goal)) return;
    done.add(goal);
    task.needs.forEach(add);
    found.push(task.body);
  };
  goals.forEach(add);
  return found;
}

/** Rake: the tasks that are named on the line, by the last part of their names, and code that is given. */
export function rakeTasks(call: Call, words: readonly string[]): void {
  const { frame, machine } = call;
  const scope = fork(frame, { via: [...frame.via, 'rake'] });
  const parsed = takeApart(
    call.args,
    setOf('-e -E -f -r -R -C --execute --execute-print --execute-continue --rakefile'),
  );
  const asRuby = (text: string): string => text.replace(/(^|[^\w.:])sh(?=\s*\(?\s*["'[%])/g, '$1system');
  for (const code of valuesOf(parsed, '-e', '-E', '--execute', '--execute-print', '--execute-continue'))
    scanCode(asRuby(code), 'ruby', 'line', scope, machine);
  const files = valuesOf(parsed, '-f', '--rakefile');
  const folders = frame.cwds.flatMap((cwd) => ['lib/tasks', 'rakelib'].map((folder) => `${cwd}/${folder}`));
  const more = folders.flatMap((folder) =>
    (machine.context.list?.(folder) ?? []).filter((name) => name.endsWith('.rake')).map((name) => `${folder}/${name}`),
  );
  const text = [...(files.length > 0 ? files : ['Rakefile', 'rakefile', 'Rakefile.rb']), ...more]
    .map((name) => read(name, frame, machine))
    .join('\n');
  const tasks: Tasks = new Map();
  for (const [, head = '', body = ''] of text.matchAll(
    /^[ \t]*(?:multi)?task\b([^\n]*)([\s\S]*?)(?=^[ \t]*(?:(?:multi)?task|namespace|desc)\b|(?![\s\S]))/gm,
  )) {
    const [name = '', ...needs] = [...head.matchAll(/[\w:-]*[A-Za-z_][\w:-]*/g)].map(([word]) =>
      word.replace(/^:|:$/g, ''),
    );
    tasks.set(name, { body: `${head}\n${body}`, needs });
  }
  for (const body of bodies(words.length > 0 ? words : ['default'], tasks))
    scanCode(asRuby(body), 'ruby', 'file', into(call), machine);
}

/** Functions of a Python file, by name. */
function functionsOf(text: string): Tasks {
  const tasks: Tasks = new Map();
  for (const [, name = '', body = ''] of text.matchAll(
    /^(?:async\s+)?def\s+(\w+)([\s\S]*?)(?=^(?:def|async|@)|(?![\s\S]))/gm,
  ))
    tasks.set(name.replaceAll('_', '-'), { body, needs: [] });
  return tasks;
}

/** Runs these functions as far as they start programs: `c.run("…")`, `session.run("a", "b")`. */
function runFunctions(names: readonly string[], tasks: Tasks, call: Call): void {
  for (const body of bodies(
    names.map((name) => name.replaceAll('_', '-')),
    tasks,
  ))
    scanCode(
      body.replace(/\b\w+\.(?:run|run_always|sudo|local)\(/g, 'subprocess.run('),
      'python',
      'file',
      into(call),
      call.machine,
    );
}

/** Invoke and Fabric: functions of `tasks.py`. */
const invoke: Handler = (call) => {
  const parsed = takeApart(call.args, setOf('-c -r -f -H -i --collection --search-root --config --hosts'));
  const file = valuesOf(parsed, '-c', '--collection')[0] ?? (call.name.startsWith('fab') ? 'fabfile' : 'tasks');
  runFunctions(parsed.words, functionsOf(read(`${file}.py`, call.frame, call.machine)), call);
  // Their names say something too.
  return unknownProgram(call, false);
};

/** Nox: sessions of `noxfile.py`; all of them where none is named. */
const nox: Handler = (call) => {
  const parsed = takeApart(
    call.args,
    setOf('-s -e -f -k -t -p --session --sessions --noxfile --keywords --tags --python'),
  );
  const tasks = functionsOf(read(valuesOf(parsed, '-f', '--noxfile')[0] ?? 'noxfile.py', call.frame, call.machine));
  const named = [...valuesOf(parsed, '-s', '-e', '--session', '--sessions'), ...parsed.words];
  const lists = call.args.some((arg) => /^(?:-l|--list|--list-sessions|--version|--help)$/.test(arg));
  if (!lists)
    runFunctions(
      named.length > 0 ? named.map((name) => name.replace(/[-(]\d.*$/, '')) : [...tasks.keys()],
      tasks,
      call,
    );
  return unknownProgram(call, false);
};

/** Grunt and Gulp: the part of the file from a task's name to the next one's. */
const gulp: Handler = (call) => {
  const { frame, machine } = call;
  const text = [
    'Gruntfile.js',
    'Gruntfile.cjs',
    'gulpfile.js',
    'gulpfile.mjs',
    'gulpfile.ts',
    'Jakefile.js',
    'Jakefile',
  ]
    .filter((name) => name.toLowerCase().startsWith(call.name === 'jake' ? 'jake' : call.name))
    .map((name) => read(name, frame, machine))
    .join('\n');
  const tasks: Tasks = new Map();
  const starts =
    /(?:registerTask|\btask)\s*\(\s*["']([\w:-]+)["']|exports\.(\w+)\s*=|\bfunction\s+(\w+)\s*\(|\bconst\s+(\w+)\s*=/g;
  const found = [...text.matchAll(starts)];
  found.forEach((match, index) => {
    const name = match.slice(1).find(Boolean) ?? '';
    const body = text.slice(match.index, found[index + 1]?.index);
    tasks.set(name, { body: `${tasks.get(name)?.body ?? ''}\n${body}`, needs: [] });
  });
  const goals = takeApart(call.args, setOf('-f --gulpfile --gruntfile --cwd --tasks')).words;
  for (const body of bodies(goals.length > 0 ? goals : ['default'], tasks))
    scanCode(body, 'node', 'file', into(call), machine);
  return unknownProgram(call, false);
};

/** Foreman and its like: the lines of a `Procfile`. */
const foreman: Handler = (call) => {
  const { frame, machine } = call;
  const parsed = takeApart(call.args, setOf('-f -e -p -c -m -d -t --procfile --env --port --formation --root'));
  const [command = '', ...names] = parsed.words;
  if (command === 'start' || command === 's')
    for (const [, name = '', line = ''] of read(
      valuesOf(parsed, '-f', '--procfile')[0] ?? 'Procfile',
      frame,
      machine,
    ).matchAll(/^([\w-]+):\s*(.+)$/gm))
      if (names.length === 0 || names.includes(name)) machine.run(line, into(call, { stdin: '' }));
  if (command === 'run') return machine.invoke(names, fork(frame));
  return unknownProgram(call, false);
};

const poe: Handler = (call) => {
  const [name, ...rest] = takeApart(call.args, setOf('-C --directory -e --executor'), true).words;
  if (name !== undefined) runProjectScript(name, rest, call.frame, call.machine);
  return unknownProgram(call, false);
};

/** The commands of a task of `Taskfile.yml`: texts, or other tasks. */
function linesOf(task: unknown): { lines: string[]; needs: string[] } {
  if (typeof task === 'string') return { lines: [task], needs: [] };
  if (Array.isArray(task)) {
    const parts = task.map(lineOf);
    return { lines: parts.flatMap(({ lines }) => lines), needs: parts.flatMap(({ needs }) => needs) };
  }
  if (typeof task !== 'object' || task === null) return { lines: [], needs: [] };
  const { cmd, cmds, deps } = task as Record<string, unknown>;
  const own = linesOf(cmds ?? cmd);
  const before = Array.isArray(deps) ? deps.map((dep: unknown) => nameOf(dep)) : [];
  return { lines: own.lines, needs: [...before, ...own.needs] };
}

function lineOf(entry: unknown): { lines: string[]; needs: string[] } {
  if (typeof entry === 'string') return { lines: [entry], needs: [] };
  if (typeof entry !== 'object' || entry === null) return { lines: [], needs: [] };
  const { cmd, defer, task } = entry as Record<string, unknown>;
  const lines = [cmd, defer].filter((line) => typeof line === 'string');
  return { lines, needs: task === undefined ? [] : [nameOf(task)] };
}

function nameOf(dep: unknown): string {
  if (typeof dep === 'string') return dep;
  const task = typeof dep === 'object' && dep !== null && 'task' in dep ? dep.task : undefined;
  return typeof task === 'string' ? task : '';
}

/** `task x` of go-task. */
const goTask: Handler = (call) => {
  const { frame, machine } = call;
  const parsed = takeApart(call.args, setOf('-t -d -o -C -I --taskfile --dir --output --concurrency --interval'));
  const files = valuesOf(parsed, '-t', '--taskfile');
  const text = (files.length > 0 ? files : ['Taskfile.yml', 'taskfile.yml', 'Taskfile.yaml', 'Taskfile.dist.yml'])
    .map((name) => read(name, frame, machine))
    .find((one) => one.trim() !== '');
  const tasks: Tasks = new Map();
  try {
    const { tasks: found } = (text === undefined ? {} : readYaml(text)) as {
      tasks?: Record<string, unknown>;
    };
    for (const [name, task] of Object.entries(found ?? {})) {
      const { lines, needs } = linesOf(task);
      tasks.set(name, { body: lines.join('\n'), needs });
    }
  } catch {
    machine.emit({ kind: 'unknown', what: 'a Taskfile that cannot be read', runs: false });
  }
  const goals = parsed.words.filter((word) => !word.includes('='));
  // taskipy's command has the same name.
  for (const goal of text === undefined ? goals : []) runProjectScript(goal, [], frame, machine);
  for (const body of bodies(goals.length > 0 ? goals : ['default'], tasks))
    machine.run(body.replace(/\{\{[^}]*\}\}/g, '"$task_value"'), into(call, { stdin: '' }));
  return unknownProgram(call, false);
};

/** Runners of monorepos: scripts of all packages, by the names of the tasks; `nx run shop:build`, `nx affected -t build`. */
export function runnerTasks(call: Call): void {
  const { frame, machine } = call;
  const scope = fork(frame, { via: [...frame.via, call.name] });
  const words = call.args.flatMap((arg, index) =>
    arg.startsWith('-') && !/^--targets?=/.test(arg)
      ? []
      : index > 0 && /^--(?:filter|scope|cwd|projects?|base|head)$/.test(call.args[index - 1] ?? '')
        ? []
        : arg.replace(/^--targets?=/, '').split(','),
  );
  const end = call.args.indexOf('--');
  for (const word of words.slice(0, end < 0 ? undefined : end).slice(0, 12)) {
    const name = word.replace(/^.*#/, '');
    const last = name.slice(name.lastIndexOf(':') + 1);
    if (!isKnown(name) || /^(?:run|run-many|affected|exec|watch)$/.test(name)) continue;
    if (!runEverywhere(name, [], scope, machine) && last !== name) runEverywhere(last, [], scope, machine);
  }
}

const runner: Handler = (call) => {
  runnerTasks(call);
  call.machine.emit({ kind: 'process', command: call.shown });
  return UNKNOWN;
};

export const taskFiles: Record<string, Handler> = {
  invoke,
  inv: invoke,
  fab: invoke,
  nox,
  grunt: gulp,
  gulp,
  jake: gulp,
  poe,
  ...Object.fromEntries('foreman honcho overmind hivemind goreman nf forego'.split(' ').map((name) => [name, foreman])),
  task: goTask,
  'go-task': goTask,
  wsrun: runner,
  ultra: runner,
  'ultra-runner': runner,
};
