import { UNKNOWN } from '../marks.ts';
import type { Call, Handler } from '../machine.ts';
import { setOf, takeApart, valuesOf, has, type Options } from '../options.ts';
import { readPath, touchPath } from '../paths.ts';
import { fork, type Frame } from '../shell/frame.ts';
import { inFolder, runLifecycle, runScript } from '../unwrap/scripts.ts';
import { connect } from './host.ts';

const publishing =
  /^(?:publish|unpublish|deprecate|dist-tag|dist-tags|login|logout|adduser|add-user|token|owner|author|access|team|org|hook|profile|star|unstar|stage|trust|push|signin|signout|upload|yank|deploy)$/;
const installs =
  /^(?:i|in|ins|inst|install|install-test|it|ci|clean-install|ic|cit|add|update|up|upgrade|dedupe|rebuild|link|ln|prune|remove|rm|uninstall|un|r|import|fetch)$/;
const values = setOf(
  '-w -C --workspace --prefix --cwd --dir --registry --filter -F --userconfig --loglevel --cache --tag --omit --include --package -p -c --call --otp --globalconfig --node-options --script-shell --target --modules-folder --reporter',
);

/** npm, pnpm, yarn, bun: installs pass, scripts are looked into, publishing and settings are denied. */
function packageManager(call: Call): string {
  const parsed = takeApart(call.args, values, true);
  const more = takeApart(parsed.words.slice(1), values);
  const { machine } = call;
  const options: Options = { words: more.words, options: [...parsed.options, ...more.options] };
  const frame = inFolder(
    valuesOf(options, '-C', '--prefix', '--cwd', '--dir')[0],
    fork(call.frame, { via: [...call.frame.via, call.name] }),
  );
  const registry = valuesOf(options, '--registry');
  for (const url of registry) connect(url, call.shown, machine);
  for (const shell of valuesOf(options, '--script-shell')) machine.run(shell, fork(frame));
  const [first, ...rest] =
    call.name === 'yarn' && parsed.words[0] === 'workspace' ? parsed.words.slice(2) : parsed.words;
  if (first === undefined) {
    if (call.name === 'yarn' && !has(parsed, '--version', '-v', '--help')) runLifecycle(frame, machine);
    return UNKNOWN;
  }
  const [second, ...others] = more.words;
  if (publishing.test(first) || (first === 'npm' && publishing.test(second ?? ''))) publish(call);
  else if (first === 'config' || first === 'c' || first === 'set') settings(call, first, second);
  else if (first === 'version') version(call, options);
  else if (/^(?:run|run-script|rum|urn)$/.test(first)) {
    const name = second ?? '';
    const at = rest.indexOf(name);
    const args = at < 0 ? others : rest.slice(at + 1).filter((arg, index) => index > 0 || arg !== '--');
    if (second !== undefined && !runScript(name, args, frame, machine) && call.name !== 'npm')
      machine.invoke([name, ...args], frame);
  } else if (/^(?:exec|x|dlx)$/.test(first)) execute(call, rest, frame);
  else if (first === 'explore') {
    const at = call.args.indexOf('--');
    if (at >= 0) machine.invoke(call.args.slice(at + 1), frame);
  } else if (first === 'create' || first === 'init' || first === 'innit')
    machine.emit({ kind: 'process', command: call.shown });
  else if (first === 'restart') {
    for (const name of ['stop', 'restart', 'start']) runScript(name, [], frame, machine);
  } else if (/^(?:test|t|tst|start|stop)$/.test(first)) {
    runScript(
      /^ts?t?$/.test(first) ? 'test' : first,
      rest.filter((arg) => arg !== '--'),
      frame,
      machine,
    );
  } else if (installs.test(first)) install(call, options, frame);
  else if (first === 'pkg' || first === 'patch' || first === 'patch-commit') touchPath('package.json', frame, machine);
  else if (call.name === 'bun' && /\.[cm]?[jt]sx?$|^\.?\//.test(first)) machine.invoke(['node', first, ...rest], frame);
  else if (call.name === 'bun' && first === 'test') machine.emit({ kind: 'process', command: call.shown });
  else if (
    call.name !== 'npm' &&
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

function publish(call: Call): void {
  call.machine.emit({ kind: 'publish', command: call.shown });
}

function settings(call: Call, first: string, second: string | undefined): void {
  if (first === 'set' || /^(?:set|delete|rm|edit|fix|unset)$/.test(second ?? '')) publish(call);
  else call.machine.emit({ kind: 'process', command: call.shown });
}

/** `npm version X` commits and tags, unless it is told not to. */
function version(call: Call, options: Options): void {
  if (options.words.length === 0) return;
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
  const [first, ...rest] = parsed.words;
  if (first === undefined) return;
  if (/^(?:https?:|git[+@:]|github:)/.test(first)) {
    connect(first.replace(/^git\+/, ''), call.shown, call.machine);
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
  runLifecycle(frame, call.machine);
  call.machine.emit({ kind: 'process', command: call.shown });
}

function source(word: string, call: Call, frame: Frame): void {
  const place = word
    .replace(/^[^@/]+\s*@\s*(?=(?:git|https?|file|github|ssh)[+:])/, '')
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

/** pip, gem, cargo, … : the same for the other ecosystems. */
function installer(publishes: RegExp, runs?: (call: Call, words: readonly string[]) => boolean): Handler {
  const options = setOf(
    '-r -i -e -c -t -p -d -C -F --index-url --extra-index-url --requirement --editable --constraint --target --prefix --root --git --path --manifest-path --features --find-links -f --registry --source --repository --directory --project --python',
  );
  return (call) => {
    const parsed = takeApart(call.args, options);
    const { machine, frame } = call;
    const [first = '', second = ''] = parsed.words;
    for (const url of valuesOf(
      parsed,
      '--index-url',
      '-i',
      '--extra-index-url',
      '--registry',
      '--source',
      '--git',
      '--find-links',
      '--repository',
    )) {
      if (/^(?:\w+\+)?\w+:\/\//.test(url)) connect(url.replace(/^\w+\+/, ''), call.shown, machine);
    }
    for (const folder of valuesOf(parsed, '-t', '--target', '--prefix', '--root')) touchPath(folder, frame, machine);
    if (publishes.test(first) || publishes.test(`${first} ${second}`)) publish(call);
    else if (runs?.(call, parsed.words) !== true) {
      for (const word of parsed.words.slice(1))
        if (/:\/\/|^git\+|^git@/.test(word)) source(word.replace(/^[\w.[\]-]+ ?@ ?/, ''), call, frame);
      machine.emit({ kind: 'process', command: call.shown });
    }
    return UNKNOWN;
  };
}

/** `X run cmd`, `X exec cmd`: the rest is a command. */
function running(names: RegExp): (call: Call, words: readonly string[]) => boolean {
  return (call, words) => {
    const [first = ''] = words;
    if (!names.test(first)) return false;
    const at = call.args.indexOf(first);
    const rest = takeApart(
      call.args.slice(at + 1),
      setOf(
        '--with --python -p --extra --group --env-file --project --directory --package -n --name --prefix -e -E --environment',
      ),
      true,
    ).words;
    const frame = fork(call.frame, { via: [...call.frame.via, `${call.name} ${first}`] });
    if (rest.length > 0) call.machine.invoke(rest, frame);
    return true;
  };
}

function goRun(call: Call, words: readonly string[]): boolean {
  if (words[0] !== 'run') return false;
  const target = words[1] ?? '';
  const name = target.replace(/@.*$/, '').split('/').at(-1) ?? '';
  const rest = call.args.slice(call.args.indexOf(target) + 1);
  const local = /^\.{0,2}\//.test(target);
  if (local && /^(?:migrate|migrations?|seed|seeder|resetdb|dbreset)(?:\.go)?$/.test(name))
    call.machine.emit({ kind: 'database', how: 'migration', command: call.shown });
  else if (call.machine.knows(name) === 'dangerous') call.machine.invoke([name, ...rest], call.frame);
  else call.machine.emit({ kind: 'process', command: call.shown });
  return true;
}

const none = /^(?!)/;

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
  'npm-run-all': allScripts,
  'run-s': allScripts,
  'run-p': allScripts,
  pip: installer(/^(?:config set|config unset|config edit)$/),
  pipx: installer(none, running(/^run$/)),
  uv: installer(/^publish$/, running(/^run$/)),
  uvx: (call) => call.machine.invoke(takeApart(call.args, setOf('--from --with -p --python'), true).words, call.frame),
  poetry: installer(/^(?:publish|config)$/, running(/^run$/)),
  pdm: installer(/^(?:publish|config)$/, running(/^run$/)),
  hatch: installer(/^publish$/, running(/^run$/)),
  rye: installer(/^publish$/, running(/^run$/)),
  pipenv: installer(none, running(/^run$/)),
  conda: installer(/^(?:upload|config)$/, running(/^run$/)),
  mamba: installer(none, running(/^run$/)),
  bundle: installer(/^(?:config set|config --global)$/, running(/^exec$/)),
  bundler: installer(none, running(/^exec$/)),
  gem: installer(/^(?:push|yank|owner|signin|signout)$/),
  cargo: installer(/^(?:publish|login|logout|owner|yank)$/, (call, words) => {
    if (call.machine.knows(words[0] ?? '') !== 'dangerous') return false;
    call.machine.invoke(call.args, call.frame);
    return true;
  }),
  go: installer(none, goRun),
  composer: installer(/^(?:config --global)$/, (call, words) => running(/^exec$/)(call, words)),
  twine: installer(/^(?:upload|register)$/),
  mvn: buildTool,
  mvnw: buildTool,
  gradle: buildTool,
  gradlew: buildTool,
  sbt: buildTool,
  mix: mix,
  dotnet: dotnet,
  lerna: releases,
  changeset: releases,
  np: releases,
  nx: releases,
  helm: installer(/^(?:push|registry login|install|upgrade|uninstall|rollback|delete)$/),
  mise: installer(none, running(/^(?:exec|x)$/)),
  asdf: installer(none, running(/^exec$/)),
  rbenv: installer(none, running(/^exec$/)),
  pyenv: installer(none, running(/^exec$/)),
  nvm: installer(none, running(/^(?:exec|run)$/)),
  volta: installer(none, running(/^run$/)),
  fnm: installer(none, running(/^exec$/)),
};

function allScripts(call: Call): string {
  for (const word of call.args) {
    if (word.startsWith('-')) continue;
    runScript(word, [], fork(call.frame, { via: [...call.frame.via, call.name] }), call.machine);
  }
  return UNKNOWN;
}

function buildTool(call: Call): string {
  const { machine } = call;
  if (call.args.some((arg) => /^(?:deploy|publish\w*|release:\w+|uploadArchives)$/i.test(arg))) publish(call);
  else if (
    call.args.some(
      (arg) =>
        /(?:^|:)(?:flyway|liquibase)[-:\w.]*|^(?:sql:execute|update|rollback|dropAll|migrate\w*|sql-maven-plugin\S*)$/i.test(
          arg,
        ) && !/(?:info|validate|status)$/i.test(arg),
    )
  ) {
    machine.emit({ kind: 'database', how: 'migration', command: call.shown });
  } else if (call.args.some((arg) => /^(?:flyway|liquibase)/i.test(arg)))
    machine.emit({ kind: 'database', how: 'look', command: call.shown });
  else machine.emit({ kind: 'process', command: call.shown });
  return UNKNOWN;
}

function mix(call: Call): string {
  const words = call.args.join(' ').split(/\s+do\s+|\s*,\s*|\s+\+\s+|^do\s+/);
  for (const text of words) {
    const [task = ''] = text.trim().split(' ');
    const seeds = /^run\b.*(?:seed|migrat)/.test(text);
    if (task === 'hex.publish') publish(call);
    else if (task === 'ecto.migrations') call.machine.emit({ kind: 'database', how: 'look', command: call.shown });
    else if (
      (/^(?:ecto|ash_postgres|ash)\./.test(task) && !/^(?:ecto|ash_postgres)\.gen\./.test(task)) ||
      seeds ||
      task === 'ecto'
    ) {
      call.machine.emit({ kind: 'database', how: 'migration', command: call.shown });
    } else call.machine.emit({ kind: 'process', command: call.shown });
  }
  return UNKNOWN;
}

function dotnet(call: Call): string {
  const words = takeApart(
    call.args,
    setOf('-p -s -c -o --project --startup-project --context --configuration --output'),
  ).words;
  const text = words.slice(0, 3).join(' ');
  if (/^nuget (?:push|delete)/.test(text)) publish(call);
  else if (/^ef (?:database (?:update|drop)|migrations bundle)/.test(text))
    call.machine.emit({ kind: 'database', how: 'migration', command: call.shown });
  else if (/^ef (?:migrations (?:list|remove|has-pending)|dbcontext scaffold)/.test(text))
    call.machine.emit({ kind: 'database', how: 'look', command: call.shown });
  else call.machine.emit({ kind: 'process', command: call.shown });
  return UNKNOWN;
}

function releases(call: Call): string {
  const [first = ''] = call.args;
  if (call.name === 'np' || /^(?:publish|version|tag|release)$/.test(first)) publish(call);
  else call.machine.emit({ kind: 'process', command: call.shown });
  return UNKNOWN;
}
