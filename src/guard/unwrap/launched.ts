import { below } from '../places.ts';
import type { Call, Machine } from '../machine.ts';
import { resolve } from '../paths.ts';
import { fork, type Frame } from '../shell/frame.ts';
import { scanCode } from './code.ts';
import type { Language } from './languages.ts';
import { runBuildFile, type BuildFile } from './build-files.ts';
import { scanCompiled } from './compiled.ts';
import { runFile } from './files.ts';
import { loadModule } from './loads.ts';
import { scanWrittenTest } from './written.ts';

/** What a program looks for and runs though nobody names it: files by their paths below the folder, and how they are read. */
interface Found {
  files: RegExp;
  as: Language | 'shell' | 'compiled' | BuildFile;
  /** Tests: only what they start counts, not what they talk about. */
  tests?: true;
  /** Tasks that wait until they are called for: only what stands outside them counts. */
  tasks?: true;
}

const nodeTests: Found = {
  files:
    /(?:^|\/)(?:[^/]*[._-](?:test|spec|t)|test)\.[cm]?[jt]sx?$|(?:^|\/)(?:__tests__|tests?|spec)\/.*\.[cm]?[jt]sx?$/,
  as: 'node',
  tests: true,
};
const pythonTests: Found = { files: /(?:^|\/)(?:tests?[^/]*|[^/]*_tests?|conftest)\.py$/, as: 'python', tests: true };
const rubyTests: Found = {
  files: /(?:_(?:spec|test)|(?:^|\/)(?:(?:spec|rails|test)_helper|(?:test|spec)_[^/]*))\.rb$/,
  as: 'ruby',
  tests: true,
};
const ruby = (files: RegExp): Found => ({ files, as: 'ruby' });
const python = (files: RegExp): Found => ({ files, as: 'python' });
const tasksOf = (files: RegExp, as: Language): Found => ({ files, as, tasks: true });
const php = (files: RegExp): Found => ({ files, as: 'php' });
const customize = python(/(?:^|\/)(?:site|user)customize\.py$/);
const rails = ruby(/(?:^|\/)config\/(?:[^/]+|initializers\/.*|environments\/[^/]+)\.rb$/);
const profile: Found = { files: /(?:^|\/)\.Rprofile$/, as: 'other' };
const cmake: Found = { files: /(?:^|\/)CMakeLists\.txt$|\.cmake$/, as: 'cmake' };
const gradle: Found = { files: /\.gradle(?:\.kts)?$/, as: 'gradle' };

const by = (names: string, ...found: Found[]): [string, readonly Found[]][] =>
  names.split(' ').map((name) => [name, found]);

/**
 * Files that a program finds by itself. They count where this very input wrote them: who runs the tests of a project
 * runs what was reviewed with it, and tests work with repositories of their own.
 */
const finds: ReadonlyMap<string, readonly Found[]> = new Map([
  ...by('vitest jest mocha ava tap tape jasmine uvu bun deno node playwright wdio cypress karma japa', nodeTests),
  ...by('pytest py.test unittest nose2 nosetests green trial ward', pythonTests, customize),
  ...by('manage.py django-admin', pythonTests, python(/(?:^|\/)manage\.py$/)),
  ...by('python ipython pip tox mypy pylint black', customize),
  ...by('rspec', rubyTests, { files: /(?:^|\/)\.rspec$/, as: 'rspec' }),
  ...by('minitest m', rubyTests),
  ...by('rails rake bin/rails', rubyTests, rails, tasksOf(/(?:^|\/)(?:[Rr]akefile(?:\.rb)?|[^/]+\.rake)$/, 'ruby')),
  ...by('rackup puma unicorn thin falcon', ruby(/(?:^|\/)(?:config\.ru|(?:puma|unicorn)\.rb)$/), rails),
  ...by('guard', ruby(/(?:^|\/)Guardfile$/)),
  ...by('danger', ruby(/(?:^|\/)Dangerfile$/)),
  ...by('cap', tasksOf(/(?:^|\/)(?:Capfile|config\/deploy(?:\/[^/]+)?\.rb)$/, 'ruby')),
  ...by('brew', ruby(/(?:^|\/)Brewfile$/)),
  ...by('gem', ruby(/\.gemspec$/)),
  ...by('fastlane', tasksOf(/(?:^|\/)Fastfile$/, 'ruby')),
  ...by('prove', { files: /\.t$/, as: 'perl', tests: true }),
  ...by('phpunit pest', { files: /Test\.php$|(?:^|\/)tests\/.*\.php$/, as: 'php', tests: true }),
  ...by('php-cs-fixer', php(/(?:^|\/)\.php-cs-fixer(?:\.dist)?\.php$/)),
  ...by('rector', php(/(?:^|\/)rector\.php$/)),
  ...by('artisan', php(/(?:^|\/)(?:artisan|routes\/.*\.php|app\/.*\.php|config\/.*\.php)$/)),
  ...by('go', { files: /_test\.go$/, as: 'compiled', tests: true }),
  ...by('cargo', { files: /(?:^|\/)(?:tests|benches|src)\/.*\.rs$/, as: 'compiled', tests: true }),
  ...by('mix', { files: /(?:^|\/)(?:test|config)\/.*\.exs?$/, as: 'compiled', tests: true }),
  ...by('iex', { files: /(?:^|\/)\.iex\.exs$/, as: 'compiled' }),
  ...by('R Rscript', profile),
  ...by('sphinx-build sphinx-autobuild', python(/(?:^|\/)conf\.py$/)),
  ...by('fab', tasksOf(/(?:^|\/)fabfile\.py$/, 'python')),
  ...by('invoke inv', tasksOf(/(?:^|\/)tasks\.py$/, 'python')),
  ...by('nox', tasksOf(/(?:^|\/)noxfile\.py$/, 'python')),
  ...by('gunicorn', python(/(?:^|\/)gunicorn\.conf\.py$/)),
  ...by('locust', python(/(?:^|\/)locustfile\.py$/)),
  ...by('celery', python(/(?:^|\/)celeryconfig\.py$/)),
  ...by('scons', { files: /(?:^|\/)SCons(?:truct|cript)$/, as: 'literals' }),
  ...by('doit', { files: /(?:^|\/)dodo\.py$/, as: 'gradle' }),
  ...by('waf', { files: /(?:^|\/)wscript$/, as: 'literals' }),
  ...by('gulp grunt jake', {
    files: /(?:^|\/)(?:gulp|[Gg]runt|[Jj]ake)file(?:\.[cm]?[jt]s)?$/,
    as: 'node',
    tasks: true,
  }),
  ...by('ninja samu n2', { files: /\.ninja$/, as: 'ninja' }),
  ...by('cmake ctest ccmake', cmake),
  ...by('meson muon', { files: /(?:^|\/)meson\.build$/, as: 'literals' }),
  ...by('ant', { files: /(?:^|\/)build\.xml$/, as: 'ant' }),
  ...by('gradle gradlew', gradle),
  ...by('yarn', { files: /(?:^|\/)\.yarnrc\.yml$/, as: 'yarnrc' }),
]);

/** Words without which a program of many uses runs nothing of that. */
const only: Readonly<Record<string, RegExp>> = {
  bun: /^test$/,
  deno: /^(?:test|bench)$/,
  node: /^--test(?:=|$)/,
  go: /^(?:test|vet)$/,
  cargo: /^(?:t|test|bench|nextest|llvm-cov|tarpaulin)$/,
  mix: /^(?:test|run|phx\.server)$/,
  brew: /^bundle$/,
  gem: /^build$/,
};

/** Programs that run the files of code that they are given as words or by options. */
const named: ReadonlyMap<string, Language | 'compiled' | BuildFile> = new Map(
  Object.entries({
    'streamlit fastapi locust blender gdb lldb doctest manim panel bokeh marimo chainlit gradio voila papermill pudb freecad':
      'python',
    'vitest jest mocha ava tap tape jasmine uvu bun deno node jscodeshift c8 nyc k6 artillery newman': 'node',
    'pytest py.test unittest nose2': 'python',
    'rspec rackup': 'ruby',
    prove: 'perl',
    'phpunit pest': 'php',
    'mix dotnet': 'compiled',
    'ninja samu': 'ninja',
    'cmake ctest': 'cmake',
  } as const).flatMap(([names, kind]) => names.split(' ').map((name) => [name, kind] as const)),
);
const endings: Readonly<Record<string, RegExp>> = {
  python: /\.py$/,
  node: /\.[cm]?[jt]sx?$/,
  ruby: /\.r[bu]$/,
  perl: /\.(?:t|pl)$/,
  php: /\.php$/,
  compiled: /\.(?:exs?|csx?)$/,
  ninja: /\.ninja$/,
  cmake: /\.cmake$/,
};
const isTool = /^(?:jscodeshift|streamlit|fastapi|locust|blender|gdb|lldb|manim|panel|k6)$/;

/** Programs that serve a module of the project's: `uvicorn app.main:app`, `flask --app m`, `celery -A m worker`. */
const servers = new Set(
  'uvicorn gunicorn hypercorn daphne waitress-serve granian flask celery quart dramatiq huey_consumer rq arq saq'.split(
    ' ',
  ),
);
const moduleOption = /^(?:-A|--app|--factory|-k)$/;

/** A test in which nothing is really started, or only in a folder of its own. */
const apart =
  /\b(?:vi|jest|td|sinon|mock\w*)\s*\.\s*(?:mock|patch|spyOn|stub|replace|doMock|module)\b|\b(?:toHaveBeenCalled|assert_called|monkeypatch|MagicMock)|@patch\b|\bmkd?temp|\btmp_?path|\btempfile\b|\b[tT]emp_?[dD]ir|\bmktmpdir|\btmpdir\b/;

/** Lines that stand at the margin and begin no task, no function and no text of its own. */
const outsideTasks = (text: string): string =>
  text
    .split('\n')
    .filter(
      (line) =>
        !/^\s|=>|\bfunction\b|^(?:def|task|multitask|namespace|desc|lane|exports|module)\b|\.(?:task|registerTask)\b/.test(
          line,
        ),
    )
    .join('\n');

function runFound(
  path: string,
  { as, tests, tasks }: Found,
  args: readonly string[],
  frame: Frame,
  machine: Machine,
): void {
  const { text } = machine.file(path);
  if (text === undefined || (tests === true && apart.test(text))) return;
  const scope = fork(frame, { via: [...frame.via, path] });
  if (as === 'compiled') scanCompiled(text, scope, machine);
  else if (
    as === 'ninja' ||
    as === 'cmake' ||
    as === 'ant' ||
    as === 'literals' ||
    as === 'gradle' ||
    as === 'rspec' ||
    as === 'yarnrc'
  )
    runBuildFile(as, text, scope, machine, args);
  else if (tasks === true && as !== 'shell') scanCode(outsideTasks(text), as, 'file', scope, machine);
  else if (tests === true && as !== 'shell') {
    scanWrittenTest(text, as, machine);
    scanCode(text, as, 'file', scope, machine);
  } else runFile(path, [], frame, machine, as);
}

/** The module that a server's words name. */
function served({ name, args, machine }: Call, frame: Frame): void {
  args.forEach((arg, index) => {
    const before = args[index - 1] ?? '';
    const told = /^(?:--app=|-A)(.+)$/.exec(arg)?.[1];
    const given =
      told ??
      (moduleOption.test(before) || (!arg.startsWith('-') && /^[\w.]+:[\w.]+(?:\(.*)?$/.test(arg)) ? arg : undefined);
    if (given === undefined || (name === 'celery' && given.includes(':') && told === undefined && before !== '-A'))
      return;
    loadModule(given.replace(/:.*$/s, '').replace(/\.py$/, ''), 'python', frame, machine);
  });
}

/**
 * Runs what a launcher runs of the project's: files that it is given by name, modules that it serves, and what this very input
 * wrote where it looks.
 */
export function launched(call: Call): void {
  const { name, args, frame, machine } = call;
  if (frame.foreign) return;
  if (servers.has(name)) served(call, fork(frame, { via: [...frame.via, name] }));
  const found = finds.get(name);
  const kind = named.get(name);
  if (found === undefined && kind === undefined) return;
  const written = machine.changes();
  if (written.length === 0 || (Object.hasOwn(only, name) && !args.some((arg) => only[name]?.test(arg) === true)))
    return;
  machine.spend(1 + (written.length >> 4));
  const scope = fork(frame, { via: [...frame.via, name] });
  const done = new Set<string>();
  for (const path of written) {
    if (done.has(path)) continue;
    done.add(path);
    const rest = frame.cwds.map((cwd) => below(path, cwd)).find((one) => one !== undefined);
    const how = rest === undefined ? undefined : found?.find(({ files }) => files.test(rest));
    if (how !== undefined) runFound(path, how, args, scope, machine);
    else if (kind !== undefined && endings[kind]?.test(path) === true && names(path, args, call))
      runFound(path, { files: /^/, as: kind, ...(isTool.test(name) ? {} : { tests: true }) }, args, scope, machine);
  }
}

const names = (path: string, args: readonly string[], { frame, machine }: Call): boolean =>
  args.some((arg) => {
    const word = arg.replace(/^-{1,2}[\w-]*=/, '');
    return (
      path.endsWith(word.slice(word.lastIndexOf('/') + 1)) &&
      word !== '' &&
      resolve(word, frame, machine.context).includes(path)
    );
  });
