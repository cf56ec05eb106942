import { UNKNOWN, isKnown } from '../marks.ts';
import { type Call, type Handler, type Machine } from '../machine.ts';
import { has, setOf, takeApart, valuesOf, type Options } from '../options.ts';
import { readPath, resolve, writePath } from '../paths.ts';
import { fork, type Frame } from '../shell/frame.ts';
import { connect } from '../effects/host.ts';
import { innerCommands } from '../effects/inner-commands.ts';
import { pathWords } from '../effects/programs.ts';
import { isMigrationProgram, toldToMigrate, toldToPublish } from '../effects/verbs.ts';
import { scanCode, scanPlainWork } from './code.ts';
import { languages, type Interpreter, type Language } from './languages.ts';
import { lineByLine } from './line-by-line.ts';
import { load, loadModule, loadedBy, loadedByFile } from './loads.ts';
import { awk } from './awk.ts';
import { plainWork } from './plain-work.ts';
import { runDenoTask, runScript } from './scripts.ts';
import { reaches } from './reaches.ts';
import { buildPython, runFile } from './files.ts';
import { scanWritten } from './written.ts';

/** PowerShell: plain commands look the same; what does not parse as bash is not known. */
function powershell(call: Call): string {
  const { frame, machine } = call;
  const scope = fork(frame, { via: [...frame.via, call.name] });
  const at = call.args.findIndex((arg) => /^-(?:c|command|f|file|e|ec|enc\w*)$/i.test(arg));
  const rest = call.args.slice(at + 1);
  if (at < 0) machine.run(call.args.filter((arg) => !arg.startsWith('-')).join(' ') || frame.stdin, scope);
  else if (/^-e/i.test(call.args[at] ?? '')) machine.run(UNKNOWN, scope);
  else if (/^-f/i.test(call.args[at] ?? ''))
    for (const path of resolve(rest[0] ?? '', frame, machine.context))
      runFile(path, rest.slice(1), scope, machine, 'shell');
  else machine.run(rest.join(' '), scope);
  return UNKNOWN;
}

export const interpreters: Record<string, Handler> = {
  ...Object.fromEntries('kernprof scalene pyinstrument viztracer ipdb pudb'.split(' ').map((name) => [name, watcher])),
  coverage: (call) =>
    call.args[0] === 'run' ? underTool(call.args.slice(1), into(call), call.machine, 'coverage') : UNKNOWN,
  m4: (call) => {
    const files = call.args.filter((arg) => !arg.startsWith('-'));
    const texts = [
      call.frame.stdin,
      ...files.map((file) => call.machine.file(resolve(file, call.frame)[0] ?? '').text ?? ''),
    ];
    for (const file of files) readPath(file, call.frame, call.machine);
    for (const [, path = ''] of texts.join('\n').matchAll(/\bs?include\(\s{0,9}[`']?([^\s`'(),]{1,400})/g))
      readPath(path, call.frame, call.machine);
    if (texts.some((text) => text.includes('syscmd')))
      call.machine.emit({ kind: 'unknown', what: 'm4 runs a command', runs: true });
    return UNKNOWN;
  },
  pwsh: powershell,
  powershell,
  ...Object.fromEntries(Object.entries(languages).map(([name, interpreter]) => [name, interpreted(interpreter)])),
  awk,
  gawk: awk,
  mawk: awk,
  nawk: awk,
};

const into = (call: Call): Frame => fork(call.frame, { via: [...call.frame.via, call.name] });

function watcher(call: Call): string {
  return underTool(call.args, into(call), call.machine, call.name);
}

function interpreted(kind: Interpreter): Handler {
  const values = new Set([...kind.code, ...(kind.values?.split(' ') ?? []), ...(kind.loads ?? []), '-m']);
  return (call) => {
    const { frame, machine } = call;
    machine.emit({ kind: 'process', command: call.shown });
    if (call.name === 'deno' && call.args[0] === 'task') {
      const told = takeApart(call.args.slice(1), setOf('--cwd -c --config -f --filter'), true);
      const [task, ...rest] = told.words;
      if (has(told, '--eval')) machine.run(told.words.join(' '), fork(frame, { via: [...frame.via, 'deno'] }));
      else if (task !== undefined) runDenoTask(task, rest, fork(frame, { via: [...frame.via, 'deno'] }), machine);
      return UNKNOWN;
    }
    if (call.name === 'deno' && denoTool(call)) return UNKNOWN;
    const all = call.name === 'nim' ? call.args.map((arg) => arg.replace(/^--eval:/, '--eval=')) : call.args;
    const script = kind.language === 'node' ? scriptToRun(call.args) : undefined;
    if (script !== undefined) {
      runScript(script, [], fork(frame, { via: [...frame.via, call.name] }), machine);
      return UNKNOWN;
    }
    const args = kind.subcommands?.includes(all[0] ?? '') === true ? all.slice(1) : all;
    // In Python `-c CODE` and `-m MODULE` end the options: the rest is the program's.
    const last = kind.language === 'python' ? args.findIndex((arg) => /^-[a-zA-Z]*[cm]$/.test(arg)) : -1;
    const parsed = takeApart(
      last < 0 ? args : args.slice(0, last + 2),
      values,
      kind.language !== 'perl' && kind.language !== 'ruby',
    );
    const scope = fork(frame, { via: [...frame.via, call.name] });
    const first = parsed.words[0];
    if (kind.language === 'other') otherThanCode(call);
    for (const file of valuesOf(parsed, ...(kind.loads ?? [])))
      load(kind.language === 'php' && !/^[./~]/.test(file) ? `./${file}` : file, kind.language, call);
    if (kind.language === 'php') phpSettings(parsed, call);
    for (const file of valuesOf(parsed, '--env-file', '--env-file-if-exists')) readPath(file, frame, machine);
    const modules = valuesOf(
      parsed,
      ...(kind.language === 'perl' ? ['-M', '-m'] : kind.language === 'ruby' ? ['-r'] : []),
    );
    const uses = modules.map((name) => (kind.language === 'perl' ? `use ${name};\n` : `require "${name}"\n`)).join('');
    const codes = valuesOf(parsed, ...kind.code).map((code) => uses + code);
    if (kind.evaluates?.includes(call.args[0] ?? '') === true)
      codes.push(...parsed.words.slice(kind.subcommands?.includes(call.args[0] ?? '') === true ? 0 : 1));
    for (const name of kind.language === 'perl' ? modules : []) loadModule(name, 'perl', scope, machine);
    // Several are one program: each alone may be anything.
    for (const code of codes) scanLine(code, kind.language, call.name, scope, machine, codes.length === 1);
    if (codes.length > 0) {
      lineByLine(call, parsed, codes);
      return UNKNOWN;
    }
    if (kind.language === 'python') {
      const [module] = valuesOf(parsed, '-m');
      if (module !== undefined) return pythonModule(module, parsed, call);
    }
    if (has(parsed, '--version', '-V', '-v', '--help', '-h') && first === undefined) return '';
    if (kind.language === 'node' && has(parsed, '--test', '--check', '-c')) return UNKNOWN;
    // `php -l`, `ruby -c` only parse what they are given.
    if (call.name === 'php' ? has(parsed, '-l', '--syntax-check') : call.name === 'ruby' && has(parsed, '-c')) {
      for (const word of parsed.words) readPath(word, frame, machine);
      return UNKNOWN;
    }
    if (first === undefined || first === '-') {
      const text = frame.stdin;
      if (text.trim() !== '') scanLine(text, kind.language, call.name, scope, machine);
      if (text.trim() === UNKNOWN)
        machine.emit({ kind: 'unknown', what: `unread text is run by ${call.name}`, runs: true });
      return UNKNOWN;
    }
    if (/^(?:npm|jsr):/.test(first)) {
      const name = first.replace(/^\w+:/, '').replace(/(?<=.)@[\w.^~*-]+/, '');
      return machine.invoke([name.slice(name.lastIndexOf('/') + 1), ...parsed.words.slice(1)], scope);
    }
    if (/^https?:/.test(first)) {
      machine.emit({ kind: 'unknown', what: `code from ${first} is run`, runs: true });
      return UNKNOWN;
    }
    const installed = /(?:^|\/)node_modules\/(?:\.bin\/([^/]+)|((?:@[^/]+\/)?[^/]+)\/.*)$/.exec(first);
    const tool = installed?.[1] ?? installed?.[2];
    if (tool !== undefined) return machine.invoke([tool.replace(/^@[^/]+\//, ''), ...parsed.words.slice(1)], scope);
    // `perl -S x`, `ruby -S x`: a program of PATH's.
    if (/^(?:perl|ruby)$/.test(kind.language) && has(parsed, '-S') && !first.includes('/'))
      return machine.invoke(parsed.words, scope);
    // `manage.py`, `artisan`, `bin/rails`: programs of their own, known by their names.
    const name = first.slice(first.lastIndexOf('/') + 1);
    if (machine.knows(name) !== 'nothing' && isProjectTool(name))
      return machine.invoke([first, ...parsed.words.slice(1)], scope);
    readPath(first, frame, machine);
    if (isMigrationProgram(first) || toldToMigrate(name, parsed.words.slice(1)))
      machine.emit({ kind: 'database', how: 'migration', command: call.shown });
    // Node finds `./x.js` by `./x`.
    if (kind.language === 'node' && !/\.\w+$/.test(first))
      load(/^[./~]/.test(first) ? first : `./${first}`, 'node', call);
    for (const path of resolve(first, frame, machine.context)) {
      // A folder's own program.
      const main = kind.language === 'python' && !/\.\w+$/.test(path) ? machine.file(`${path}/__main__.py`) : undefined;
      if (main?.text !== undefined) runFile(`${path}/__main__.py`, [], scope, machine, 'python');
      runFile(path, parsed.words.slice(1), scope, machine, kind.language);
      loadedByFile(path, kind.language, scope, machine);
    }
    return UNKNOWN;
  };
}

/** Deno's own tools: those that send out, install, or only look at the project. True where there is nothing else to tell. */
function denoTool({ args, machine, shown }: Call): boolean {
  const [first = ''] = args;
  if (/^(?:publish|deploy|login)$/.test(first)) machine.emit({ kind: 'publish', command: shown });
  else if (/^(?:install|i|add|cache|compile|bundle)$/.test(first)) {
    for (const address of args.filter((arg) => /^https?:/.test(arg))) connect(address, shown, machine);
    machine.emit({ kind: 'process', command: shown });
  } else if (
    /^(?:test|bench|fmt|lint|check|doc|info|types|coverage|init|remove|outdated|update|upgrade|lsp|jupyter|completions|help)$/.test(
      first,
    )
  )
    machine.emit({ kind: 'process', command: shown });
  else return false;
  return true;
}

/** `node --run x`: a package script. */
function scriptToRun(args: readonly string[]): string | undefined {
  const at = args.indexOf('--run');
  return at >= 0 ? args[at + 1] : args.find((arg) => arg.startsWith('--run='))?.slice('--run='.length);
}

/** Of a language of which only little is known: paths among its words, and Erlang's `-s os cmd "…"`. */
function otherThanCode(call: Call): void {
  pathWords(call);
  innerCommands(call);
  if (call.name === 'swift' && toldToPublish(call.args)) call.machine.emit({ kind: 'publish', command: call.shown });
  const at = call.args.findIndex((arg, index) => arg === 'os' && call.args[index + 1] === 'cmd');
  if (at >= 0) call.machine.run(call.args[at + 2] ?? '', into(call));
  const started = call.name === 'iex' ? call.args.indexOf('-S') : -1;
  if (started >= 0) call.machine.invoke(call.args.slice(started + 1), into(call));
}

/** PHP's settings that name what runs before a script, or sends its mail; the folder that its server shows. */
function phpSettings(parsed: Options, call: Call): void {
  for (const setting of valuesOf(parsed, '-d')) {
    const [name = '', value = ''] = setting.split(/=(.*)/s);
    if (/^auto_(?:prepend|append)_file$/.test(name)) load(/^[./~]/.test(value) ? value : `./${value}`, 'php', call);
    else if (name === 'sendmail_path') call.machine.run(value.replace(/^(["'])(.*)\1$/s, '$2'), into(call));
  }
  if (has(parsed, '-S')) for (const folder of valuesOf(parsed, '-t')) readPath(folder, call.frame, call.machine);
}

/** Interpreters whose text is code from its first letter, without commands of their own in it. */
const readable = /^(?:python|pypy|node|nodejs|tsx|ts-node|ruby|perl|php)$/;

/** A one-liner: what it does itself, what it loads of the project's, and IPython's own commands. */
function scanLine(code: string, language: Language, name: string, frame: Frame, machine: Machine, whole = true): void {
  const work = whole && readable.test(name) ? plainWork(code, language) : undefined;
  if (work === undefined) scanCode(code, language, 'line', frame, machine);
  else scanPlainWork(work, language, frame, machine);
  reaches(code, language, frame, machine);
  loadedBy(code, language, frame, machine);
  if (language === 'other') scanWritten(code, language, frame, machine);
  magics(name, code, frame, machine);
}

/** IPython's `!cmd`, `%sx cmd`, `%%bash`. */
function magics(name: string, code: string, frame: Frame, machine: Machine): void {
  if (name !== 'ipython') return;
  for (const [, command = ''] of code.matchAll(/(?:^|[\n;=])[ \t]*(?:!{1,2}|%{1,2}(?:sx|system|bash|sh)\s+)([^\n]+)/g))
    machine.run(command, fork(frame));
}

const isProjectTool = (name: string): boolean =>
  /^(?:manage\.py|artisan|rails|rake|console|setup\.py|npm|npx|pnpm|yarn|yarn\S*\.cjs|npm-cli\.js|wp|magento|craft)$/.test(
    name,
  );

/** Modules that are launchers, which find files of the project's by themselves. */
const runners = setOf(
  'pytest unittest nose2 doctest uvicorn gunicorn hypercorn daphne celery streamlit fastapi locust quart sphinx',
);

/** Modules and tools that run a Python program of the project's, to watch it. */
const runsScripts =
  /^(?:cProfile|profile|pdb|ipdb|trace|bdb|viztracer|scalene|memory_profiler|line_profiler|kernprof|pyinstrument|debugpy|snoop)$/;

/** Options with a value, by tool; `-c` means something else in each. */
const toolValues: Readonly<Record<string, string>> = {
  pdb: '-c --command -m',
  ipdb: '-c --command -m',
  trace: '-C -f -m --file --coverdir --ignore-module --ignore-dir',
  coverage: '-C -m --rcfile --source --omit --include --context --data-file --concurrency',
};

/** What such a tool runs: the first word that is no option, or a module. */
function underTool(args: readonly string[], frame: Frame, machine: Machine, tool: string): string {
  const values = toolValues[tool] ?? '-o -s -r -f -u -m -p --outfile --sort --listen --out --rate';
  const parsed = takeApart(args, setOf(values), true);
  for (const command of /^i?pdb$/.test(tool) ? valuesOf(parsed, '-c', '--command') : [])
    scanCode(command.replace(/^\s*!/, ''), 'python', 'line', frame, machine);
  const [module] = valuesOf(parsed, '-m');
  if (module !== undefined) return machine.invoke(['python3', '-m', module, ...parsed.words], frame);
  return parsed.words.length === 0 ? UNKNOWN : machine.invoke(['python3', ...parsed.words], frame);
}

function pythonModule(module: string, parsed: Options, call: Call): string {
  const { frame, machine } = call;
  const scope = fork(frame, { via: [...frame.via, call.name] });
  if (!isKnown(module)) {
    machine.emit({ kind: 'unknown', what: 'a Python module that is not known is run', runs: false });
    return UNKNOWN;
  }
  // In Python the rest belongs to the module, options and all.
  const at = call.args.findIndex((arg) => arg === '-m' || arg === `-m${module}`);
  const rest = call.args.slice(at + (call.args[at] === '-m' ? 2 : 1));
  const name =
    { 'pip.__main__': 'pip', ensurepip: 'pip', 'flask.cli': 'flask', django: 'django-admin' }[module] ?? module;
  if (runners.has(module)) return machine.invoke([name, ...rest], scope);
  if (module === 'timeit') {
    const timed = takeApart(rest, setOf('-n -r -s -u --number --repeat --setup --unit'), true);
    for (const code of [...valuesOf(timed, '-s', '--setup'), ...timed.words])
      scanLine(code, 'python', module, scope, machine);
    return UNKNOWN;
  }
  if (/^(?:IPython|bpython|ptpython)$/.test(module)) return machine.invoke(['ipython', ...rest], scope);
  if (module === 'runpy')
    return machine.invoke(['python3', ...(rest[0]?.endsWith('.py') === true ? [] : ['-m']), ...rest], scope);
  if (/^(?:asyncio|code)$/.test(module) && frame.stdin.trim() !== '') {
    if (frame.stdin.trim() === UNKNOWN)
      machine.emit({ kind: 'unknown', what: `unread text is run by ${call.name}`, runs: true });
    else scanLine(frame.stdin, 'python', module, scope, machine);
    return UNKNOWN;
  }
  moduleFiles(module, rest, call);
  if (runsScripts.test(module)) return underTool(rest, scope, machine, module);
  if (machine.knows(name) !== 'nothing') return machine.invoke([name, ...rest], scope);
  if (toldToMigrate(name, rest) || isMigrationProgram(module.replaceAll('.', '/')))
    machine.emit({ kind: 'database', how: 'migration', command: call.shown });
  for (const folder of frame.cwds) {
    const base = `${folder}/${module.replaceAll('.', '/')}`;
    for (const path of [`${base}.py`, `${base}/__main__.py`]) {
      const { text, changed } = machine.file(path);
      if (text !== undefined || changed) runFile(path, parsed.words, scope, machine, 'python');
    }
  }
  return UNKNOWN;
}

/** The files that modules of Python's own library write or read. */
function moduleFiles(module: string, rest: readonly string[], { frame, machine, shown }: Call): void {
  const words = rest.filter((arg) => !arg.startsWith('-'));
  const option = (letter: string, long: string): boolean => rest.includes(`-${letter}`) || rest.includes(`--${long}`);
  if (module === 'json.tool') {
    if (words[0] !== undefined) readPath(words[0], frame, machine);
    if (words[1] !== undefined) writePath(words[1], frame, machine);
  } else if (module === 'zipfile' || module === 'tarfile') {
    const [archive, ...others] = words;
    if (archive !== undefined) (option('c', 'create') ? writePath : readPath)(archive, frame, machine);
    if (option('e', 'extract')) writePath(others[0] ?? '.', frame, machine);
    else if (option('c', 'create')) for (const file of others) readPath(file, frame, machine, true);
  } else if (/^(?:venv|virtualenv)$/.test(module)) for (const folder of words) writePath(folder, frame, machine);
  else if (module === 'http.server') {
    const at = rest.findIndex((arg) => /^(?:-d|--directory)$/.test(arg));
    const folder = rest.find((arg) => arg.startsWith('--directory='))?.slice('--directory='.length);
    readPath(folder ?? (at < 0 ? '.' : (rest[at + 1] ?? '.')), frame, machine);
  } else if (module === 'build') buildPython(words[0] ?? '.', frame, machine);
  else if (/^(?:smtplib|ftplib|telnetlib|poplib|nntplib)$/.test(module))
    connect(words[0] ?? UNKNOWN, shown, machine, { sends: true });
  else if (module === 'webbrowser') for (const address of words) connect(address, shown, machine);
}
