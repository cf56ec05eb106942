import { UNKNOWN } from '../marks.ts';
import type { Call, Handler } from '../machine.ts';
import { setOf, takeApart, valuesOf, has, type Options } from '../options.ts';
import { readPath, touchPath } from '../paths.ts';
import { fork, type Frame } from '../shell/frame.ts';
import {
  inFolder,
  lacksScript,
  runEverywhere,
  runHooks,
  runLifecycle,
  runScript,
  scriptsLike,
  setScripts,
} from '../unwrap/scripts.ts';
import { connect } from './host.ts';
import { freshSources } from './just-written.ts';
import { pathWords } from './programs.ts';

const publishing =
  /^(?:publish|unpublish|deprecate|dist-tags?|login|logout|adduser|add-user|token|owner|author|access|team|org|hook|profile|stars?|unstar)$/;
const installs =
  /^(?:i|in|ins|inst|install|install-test|it|ci|clean-install|clean-install-test|ic|cit|sit|add|update|up|upgrade|dedupe|rebuild|link|ln|prune|remove|rm|uninstall|un|r|import|fetch)$/;
const values = setOf(
  '-w -C --workspace --prefix --cwd --dir --registry --filter -F --userconfig --loglevel --cache --tag --omit --include --package -p -c --call --otp --globalconfig --node-options --script-shell --target --modules-folder --reporter --editor',
);

/** npm, pnpm, yarn, bun: installs pass, scripts are looked into, publishing and settings are denied. */
function packageManager(call: Call): string {
  if (call.name === 'bun' && /^(?:-e|-p|--eval|--print)$/.test(call.args[0] ?? ''))
    return call.machine.invoke(['node', ...call.args], call.frame);
  if (!/^(?:run|run-script|exec|x|dlx|test|t|start)$/.test(call.args[0] ?? '')) pathWords(call);
  // `pnpm -c` is a flag, npm's takes a command.
  const given = call.name === 'pnpm' ? call.args.filter((arg) => !/^(?:-c|--shell-mode)$/.test(arg)) : call.args;
  const parsed = takeApart(given, values, true);
  const inner = call.name === 'yarn' && parsed.words[0] === 'workspace' ? parsed.words.slice(2) : parsed.words;
  const more = takeApart(inner.slice(1), values);
  const { machine } = call;
  const options: Options = { words: more.words, options: [...parsed.options, ...more.options] };
  const frame = inFolder(
    valuesOf(options, '-C', '--prefix', '--cwd', '--dir')[0] ?? workspaceFolder(options, call),
    fork(call.frame, { via: [...call.frame.via, call.name] }),
  );
  const registry = valuesOf(options, '--registry');
  for (const url of registry) connect(url, call.shown, machine);
  for (const shell of valuesOf(options, '--script-shell')) machine.run(shell, fork(frame));
  const [first, ...rest] = inner;
  if (first === undefined) {
    if (call.name === 'yarn' && !has(parsed, '--version', '-v', '--help')) runLifecycle(frame, machine);
    return UNKNOWN;
  }
  const [second, ...others] = more.words;
  const looks = /^(?:ls|list|get|view)$/.test(second ?? '') && first !== 'token';
  const tries = has(options, '--dry-run') && !call.args.includes('--dry-run=false');
  if (publishing.test(first) && (looks || (first === 'publish' && tries))) {
    if (!looks) runHooks(['prepublishOnly', ...packing], frame, machine);
    machine.emit({ kind: 'process', command: call.shown });
  } else if (first === 'pack') {
    runHooks(packing, frame, machine);
    machine.emit({ kind: 'process', command: call.shown });
  } else if (first === 'bin' && call.name !== 'bun') return 'node_modules/.bin\n';
  else if (publishing.test(first) || (first === 'npm' && publishing.test(second ?? ''))) publish(call);
  else if (first === 'config' || first === 'c' || first === 'set') settings(call, first, second);
  else if (first === 'version') {
    version(call, options);
    if (options.words.length > 0) runHooks(['preversion', 'version', 'postversion'], frame, machine);
  } else if (first === 'pm' && second === 'version') version(call, { ...options, words: others });
  else if (first === 'get' && secretSetting.test(second ?? '')) readSettings(call);
  else if (/^(?:run|run-script|rum|urn)$/.test(first)) {
    const name = second ?? '';
    if (/^\/.*\/$/.test(name)) {
      for (const script of scriptsLike(name, frame, machine)) runScript(script, [], frame, machine);
      return UNKNOWN;
    }
    const at = rest.indexOf(name);
    const args = at < 0 ? others : rest.slice(at + 1).filter((arg, index) => index > 0 || arg !== '--');
    const bin = call.name !== 'npm' || machine.knows(name) === 'dangerous';
    if (second !== undefined && everywhere(call)) runEverywhere(second, args, frame, machine);
    const missing = call.name === 'npm' && !everywhere(call) && lacksScript(name, frame, machine);
    // npm knows no such script and says so: nothing runs.
    if (missing) machine.emit({ kind: 'process', command: call.shown });
    else if (second !== undefined && !runScript(name, args, frame, machine) && bin)
      machine.invoke(call.name === 'bun' && codeFile.test(name) ? ['node', name, ...args] : [name, ...args], frame);
  } else if (first === 'x' && /^(?:yarn|pnpm)$/.test(call.name) && runScript('x', rest, frame, machine)) {
    // No command of these two: a script like any other.
  } else if (/^(?:exec|x|dlx)$/.test(first)) {
    // `pnpm -c exec 'text'`, and one word with blanks, are for a shell.
    const text = rest.length === 1 && rest[0]?.includes(' ') === true ? rest[0] : undefined;
    if (text === undefined) execute(call, rest, frame);
    else machine.run(text, fork(frame));
  } else if (first === 'edit') for (const program of valuesOf(options, '--editor')) machine.run(program, fork(frame));
  else if (first === 'explore') {
    const at = call.args.indexOf('--');
    if (at >= 0) machine.invoke(call.args.slice(at + 1), frame);
  } else if (first === 'create' || first === 'init' || first === 'innit') {
    if (second !== undefined) source(second, call, frame);
    machine.emit({ kind: 'process', command: call.shown });
  } else if (first === 'restart') {
    for (const name of ['stop', 'restart', 'start']) runScript(name, [], frame, machine);
  } else if (/^(?:test|t|tst|start|stop)$/.test(first)) {
    runScript(
      /^ts?t?$/.test(first) ? 'test' : first,
      rest.filter((arg) => arg !== '--'),
      frame,
      machine,
    );
  } else if (installs.test(first)) install(call, options, frame);
  else if (first === 'pkg' && second === 'set') setScripts(others, frame, machine);
  else if (first === 'pkg' || first === 'patch' || first === 'patch-commit') touchPath('package.json', frame, machine);
  else if (call.name === 'bun' && codeFile.test(first)) machine.invoke(['node', first, ...rest], frame);
  else if (call.name === 'bun' && first === 'test') machine.emit({ kind: 'process', command: call.shown });
  else if (
    call.name !== 'npm' &&
    !(everywhere(call) && runEverywhere(first, rest, frame, machine)) &&
    !runScript(first, rest, frame, machine) &&
    !/^(?:why|list|ls|info|outdated|audit|licenses|node|bin|root|view|env|store|cache|doctor|setup|plugin|policies|dedupe|workspaces|help|build|repl|pm|self-update)$/.test(
      first,
    )
  ) {
    machine.invoke([first, ...rest], frame);
  } else if (first === 'node' || first === 'workspaces')
    machine.invoke(
      first === 'node' ? ['node', ...rest] : [call.name, ...more.words.filter((word) => word !== 'foreach')],
      frame,
    );
  else machine.emit({ kind: 'process', command: call.shown });
  return UNKNOWN;
}

/** A file that Bun runs by its name. */
const codeFile = /\.[cm]?[jt]sx?$|^\.?\//;
/** Hooks of what makes an archive of a package. */
const packing = ['prepack', 'prepare', 'postpack'];

/** A script in every package of the workspace: `npm run x -ws`, `pnpm -r x`, `yarn workspaces foreach run x`. */
const everywhere = ({ name, args }: Call): boolean =>
  args.some((arg) =>
    /^(?:-ws|--workspaces|-r|--recursive|-A|--filter(?:=.*)?|-F|workspaces?|-w|--workspace(?:=.*)?)$/.test(arg),
  ) ||
  (name === 'pnpm' && args[0] === 'multi');

/** `-w packages/db`, `--filter @app/db`: a workspace by its folder, or by a name that its folder usually has. */
function workspaceFolder(options: Options, { args, name, frame, machine }: Call): string | undefined {
  const named = valuesOf(options, '-w', '--workspace', '--filter', '-F');
  const at = args.indexOf('workspace');
  if (name === 'yarn' && at >= 0) named.push(args[at + 1] ?? '');
  const folders = named.flatMap((word) => {
    const path = word.replace(/^\.\/|^\{|\}$|\.{3}$/g, '').replace(/\/$/, '');
    const last = path.slice(path.lastIndexOf('/') + 1);
    return [path, ...['packages', 'apps', 'libs', 'services', 'modules'].map((parent) => `${parent}/${last}`), last];
  });
  return folders.find((folder) =>
    frame.cwds.some((cwd) => machine.file(`${cwd}/${folder}/package.json`).text !== undefined),
  );
}

export function publish(call: Call): void {
  call.machine.emit({ kind: wantsHelp(call.args) ? 'process' : 'publish', command: call.shown });
}

/** `npm publish --help`: plain words, and that they are to be explained. */
const wantsHelp = (args: readonly string[]): boolean =>
  args.at(-1) === '--help' && args.slice(0, -1).every((arg) => /^[a-z][\w:.-]*$/i.test(arg));

const secretSetting = /_auth|_password|token/i;

function readSettings({ machine }: Call): void {
  machine.emit({ kind: 'read', path: `${machine.context.home}/.npmrc`, whole: false });
}

function settings(call: Call, first: string, second: string | undefined): void {
  if (call.args.some((arg) => secretSetting.test(arg))) readSettings(call);
  if (first === 'set' || /^(?:set|delete|rm|edit|fix|unset)$/.test(second ?? '')) publish(call);
  else call.machine.emit({ kind: 'process', command: call.shown });
}

/** `npm version X` (Yarn: `yarn version --patch`) commits and tags, unless it is told not to. */
function version(call: Call, options: Options): void {
  const told = has(options, '--patch', '--minor', '--major', '--prepatch', '--preminor', '--premajor', '--new-version');
  if (options.words.length === 0 && !told) return;
  const quiet =
    has(options, '--no-git-tag-version') ||
    options.options.some(({ name, value }) => name === '--git-tag-version' && value === 'false');
  call.machine.emit(quiet ? { kind: 'process', command: call.shown } : { kind: 'git_write', command: call.shown });
}

/** `npx X`, `npm exec -- X`, `pnpm dlx X`, `npx -c "text"`. */
function execute(call: Call, args: readonly string[], frame: Frame): void {
  const parsed = takeApart(
    args,
    setOf('-p --package -c --call -w --workspace --registry --prefix --node-options'),
    true,
  );
  for (const text of valuesOf(parsed, '-c', '--call')) call.machine.run(text, fork(frame));
  for (const url of valuesOf(parsed, '--registry')) connect(url, call.shown, call.machine);
  for (const name of valuesOf(parsed, '-p', '--package')) source(name, { ...call, name: 'npm' }, frame);
  const [first, ...rest] = parsed.words;
  if (first === undefined) return;
  const place = /^(?:@?[\w.\/-]+@)?((?:https?:|git[+@:]|github:|gitlab:|bitbucket:|ssh:).*)$/s.exec(first)?.[1];
  if (place !== undefined) {
    connect(place.replace(/^git\+/, ''), call.shown, call.machine);
    call.machine.emit({ kind: 'unknown', what: `code from ${first} is run`, runs: true });
    return;
  }
  // `npx prisma@5`, `npx @scope/cli@latest`: the program goes by the package's name.
  const name = first
    .replace(/(?<=.)@[\w.^~*-]+$/, '')
    .replace(/^@([\w.-]+)\/(?:cli)$/, '$1')
    .replace(/^@[\w.-]+\//, '');
  call.machine.invoke([/^[./~]/.test(first) ? first : name, ...rest], frame);
}

/** An install by name or lock file; sources by URL, git or path are effects of their own. */
function install(call: Call, options: Options, frame: Frame): void {
  for (const word of options.words) source(word, call, frame);
  if (has(options, '-g', '--global', '--location'))
    for (const folder of valuesOf(options, '--prefix')) touchPath(folder, call.frame, call.machine);
  freshSources(['package.json', '.npmrc', '.yarnrc.yml'], { ...call, frame });
  runLifecycle(frame, call.machine);
  if (/^(?:install-test|it|clean-install-test|cit|sit)$/.test(call.args.find((arg) => !arg.startsWith('-')) ?? ''))
    runScript('test', [], frame, call.machine);
  call.machine.emit({ kind: 'process', command: call.shown });
}

export function source(word: string, call: Call, frame: Frame): void {
  const place = word
    .replace(/^[^@/]+@\s*(?=(?:git|https?|file|github|ssh)[+:])/, '')
    .replace(/^@[^@]+@(?=(?:git|https?|file|github|ssh)[+:])/, '');
  if (/^(?:git\+)?(?:https?|git|ssh|ftp):\/\//.test(place))
    connect(place.replace(/^git\+/, ''), call.shown, call.machine);
  else if (place.startsWith('git@')) connect(place.slice(4), call.shown, call.machine);
  else if (/^(?:github|gitlab|bitbucket|gist):/.test(place))
    connect(`${place.split(':')[0] ?? ''}.com`, call.shown, call.machine);
  else if (/^[\w.-]+\/[\w.-]+(?:#.*)?$/.test(place) && /^(?:npm|pnpm|yarn|bun)$/.test(call.name))
    connect('github.com', call.shown, call.machine);
  else if (/^(?:file:|\.{0,2}\/|~)/.test(place)) readPath(place.replace(/^file:(?:\/\/)?/, ''), frame, call.machine);
}

export const packages: Record<string, Handler> = {
  npm: packageManager,
  pnpm: packageManager,
  yarn: packageManager,
  bun: packageManager,
  cnpm: packageManager,
  npx: (call) => (execute(call, call.args, fork(call.frame, { via: [...call.frame.via, 'npx'] })), UNKNOWN),
  pnpx: (call) => (execute(call, call.args, fork(call.frame, { via: [...call.frame.via, 'pnpx'] })), UNKNOWN),
  bunx: (call) => (execute(call, call.args, fork(call.frame, { via: [...call.frame.via, 'bunx'] })), UNKNOWN),
  corepack: (call) =>
    /^(?:npm|pnpm|yarn)$/.test(call.args[0] ?? '') ? call.machine.invoke(call.args, call.frame) : UNKNOWN,
  // ni's: whatever package manager the project has.
  nr: (call) => call.machine.invoke(['npm', 'run', ...call.args], call.frame),
  nlx: (call) => call.machine.invoke(['npx', ...call.args], call.frame),
  nci: (call) => call.machine.invoke(['npm', 'ci', ...call.args], call.frame),
  concurrently: together,
  conc: together,
  'npm-run-all': allScripts,
  'run-s': allScripts,
  'run-p': allScripts,
};

/** `concurrently "npm:dev:*" "node x.js"`: commands, and scripts by short names. */
function together(call: Call): string {
  const parsed = takeApart(
    call.args,
    setOf(
      '-n -c -m -l -t -i --names --prefix-colors --prefix --max-processes --restart-tries --restart-after --timestamp-format --default-input-target --success -s -p --cwd',
    ),
  );
  const frame = fork(call.frame, { via: [...call.frame.via, call.name] });
  for (const word of parsed.words) {
    const script = /^(?:npm|yarn|pnpm|bun|node|deno):(\S+)(.*)$/s.exec(word);
    if (script === null) call.machine.run(word, fork(frame));
    else {
      const [, name = '', rest = ''] = script;
      for (const found of name.includes('*') ? scriptsLike(name, frame, call.machine) : [name])
        runScript(found, rest.split(' ').filter(Boolean), fork(frame), call.machine);
    }
  }
  call.machine.emit({ kind: 'process', command: call.shown });
  return UNKNOWN;
}

function allScripts(call: Call): string {
  for (const word of call.args) {
    if (word.startsWith('-')) continue;
    const names = /[*\u0011\u0014]/.test(word)
      ? scriptsLike(word, call.frame, call.machine)
      : [word.split(' ')[0] ?? ''];
    for (const name of names)
      runScript(name, [], fork(call.frame, { via: [...call.frame.via, call.name] }), call.machine);
  }
  call.machine.emit({ kind: 'process', command: call.shown });
  return UNKNOWN;
}
