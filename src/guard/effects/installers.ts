import { UNKNOWN } from '../marks.ts';
import type { Call, Handler } from '../machine.ts';
import { has, setOf, takeApart, valuesOf } from '../options.ts';
import { touchPath } from '../paths.ts';
import { fork } from '../shell/frame.ts';
import { connect } from './host.ts';
import { freshSources } from './just-written.ts';
import { cargoRun, goRun } from './native.ts';
import { publish, source } from './packages.ts';
import { pathWords } from './programs.ts';
import { namesMigration } from './verbs.ts';
import { buildPython } from '../unwrap/files.ts';
import { runProjectScript } from '../unwrap/project-scripts.ts';
import { runComposerScript } from '../unwrap/scripts.ts';

/** The files in which these look for where to get packages. */
const sourceFiles: Readonly<Record<string, readonly string[]>> = {
  bundle: ['Gemfile'],
  cargo: ['.cargo/config.toml', '.cargo/config'],
  uv: ['uv.toml'],
  pip: ['pip.conf'],
};

/** pip, gem, cargo, … : the same for the other ecosystems. */
function installer(publishes: RegExp, runs?: (call: Call, words: readonly string[]) => boolean): Handler {
  const options = setOf(
    '-r -i -e -c -t -p -d -C -F --index-url --extra-index-url --requirement --editable --constraint --target --prefix --root --git --path --manifest-path --features --find-links -f --registry --source --repository --directory --project --python --install-dir --bindir --spec --from --with --channel --config',
  );
  return (call) => {
    const parsed = takeApart(call.args, options);
    const { machine, frame } = call;
    const [first = '', second = ''] = parsed.words;
    if (!/^(?:run|exec|x)$/.test(first)) pathWords(call);
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
    for (const place of valuesOf(
      parsed,
      '-r',
      '--requirement',
      '-c',
      '--constraint',
      '-e',
      '--editable',
      '--spec',
      '--from',
      '--with',
      '--channel',
      '-s',
    ))
      if (/^(?:\w+\+)?\w+:\/\//.test(place)) connect(place.replace(/^\w+\+/, ''), call.shown, machine);
    for (const folder of valuesOf(parsed, '-t', '--target', '--prefix', '--root', '--install-dir', '--bindir'))
      touchPath(folder, frame, machine);
    const lists = valuesOf(parsed, '-r', '--requirement', '-c', '--constraint').filter((file) => !file.includes('://'));
    const configured = frame.vars.get('PIP_CONFIG_FILE');
    if (typeof configured === 'string') lists.push(configured);
    if (!/^(?:check|list|show|info|config|exec|outdated|clean|tree|run)$/.test(first))
      freshSources([...lists, ...(sourceFiles[call.name] ?? [])], call);
    const looks = (second === '' && has(parsed, '--list', '-l')) || (first === 'publish' && has(parsed, '--dry-run'));
    if ((publishes.test(first) && !looks) || publishes.test(`${first} ${second}`) || goSettings(call)) publish(call);
    else if (runs?.(call, parsed.words) !== true) {
      for (const word of parsed.words.slice(1))
        if (/:\/\/|^git\+|^git@/.test(word)) source(word.replace(/^[\w.[\]-]+ ?@ ?/, ''), call, frame);
      machine.emit({ kind: 'process', command: call.shown });
    }
    return UNKNOWN;
  };
}

/** `pip install .`, `pip wheel -e x`: a folder of the project's is built by its own `setup.py`. */
function pip(call: Call, words: readonly string[]): boolean {
  const { args, frame, machine } = call;
  if (!/^(?:install|wheel|download)$/.test(words[words[0] === 'pip' ? 1 : 0] ?? '')) return false;
  for (const word of args) {
    const folder = word.replace(/^(?:-e|--editable=)(?=.)|\[[\w,-]*\]$/g, '');
    if (/^(?:\.|~|\/)/.test(folder) && !/\.(?:txt|whl|gz|zip|in)$/.test(folder)) buildPython(folder, frame, machine);
  }
  return false;
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
    const [program = '', ...args] = rest;
    // `uv run tool.py`, `uv run -m tool`: Python's, without its name.
    if (
      /^(?:pdm|hatch|rye)$/.test(call.name) &&
      runProjectScript(program.replace(/^[\w.-]+:/, ''), args, frame, call.machine)
    )
      return true;
    if (/^-m$/.test(call.args[at + 1] ?? '') || (program.endsWith('.py') && call.machine.knows(program) === 'nothing'))
      call.machine.invoke(['python3', ...call.args.slice(at + 1)], frame);
    else if (program !== '') call.machine.invoke([program, ...args], frame);
    return true;
  };
}

/** Composer runs scripts by their bare names, and its settings may be everybody's. */
function composer(call: Call, words: readonly string[]): boolean {
  const [first = '', ...rest] = words;
  const frame = fork(call.frame, { via: [...call.frame.via, 'composer'] });
  if (first === 'exec') return running(/^exec$/)(call, words);
  if (first === 'config' && has(takeApart(call.args, new Set()), '-g', '--global', '-a', '--auth')) {
    publish(call);
    return true;
  }
  const name = /^(?:run|run-script)$/.test(first) ? (rest.shift() ?? '') : first;
  return runComposerScript(name, rest, frame, call.machine);
}

/** `go env -w GOPROXY=…` changes the settings of everybody's Go. */
const goSettings = ({ name, args }: Call): boolean =>
  name === 'go' && args[0] === 'env' && args.some((arg) => /^-[wu]$/.test(arg));

const none = /^(?!)/;

export const installers: Record<string, Handler> = {
  pip: installer(/^config (?:set|unset|edit)$/, pip),
  pipx: installer(none, running(/^run$/)),
  uv: installer(/^(?:publish|auth login|auth logout)$/, (call, words) => {
    if (words[0] === 'tool' && words[1] === 'run')
      return running(/^run$/)({ ...call, args: call.args.slice(1) }, words.slice(1));
    if (words[0] === 'pip') return pip(call, words);
    if (words[0] === 'build') buildPython(words[1] ?? '.', call.frame, call.machine);
    return running(/^run$/)(call, words);
  }),
  uvx: (call) => {
    const parsed = takeApart(call.args, setOf('--from --with -p --python --index --index-url --default-index'), true);
    const places = valuesOf(parsed, '--from', '--with', '--index', '--index-url', '--default-index');
    for (const place of [...places, ...parsed.words.slice(0, 1)])
      if (/^(?:\w+\+)?\w+:\/\/|^git@| @ /.test(place)) source(place.replace(/^.* @ /, ''), call, call.frame);
    return call.machine.invoke(parsed.words, call.frame);
  },
  poetry: installer(/^(?:publish|config)$/, running(/^run$/)),
  pdm: installer(/^(?:publish|config)$/, running(/^run$/)),
  hatch: installer(/^publish$/, running(/^run$/)),
  rye: installer(/^publish$/, running(/^run$/)),
  pipenv: installer(none, running(/^run$/)),
  conda: installer(/^(?:upload|config|login|logout)$/, running(/^run$/)),
  mamba: installer(none, running(/^run$/)),
  bundle: installer(/^(?:config set|config --global)$/, running(/^exec$/)),
  bundler: installer(none, running(/^exec$/)),
  ...Object.fromEntries(
    'carton carmel plenv perlbrew'.split(' ').map((name) => [name, installer(none, running(/^exec$/))]),
  ),
  gem: installer(/^(?:push|yank|owner|signin|signout|bump|release|tag)$/),
  cargo: installer(/^(?:publish|login|logout|owner|yank|release|workspaces|smart-release)$/, cargoRun),
  go: installer(none, goRun),
  composer: installer(none, composer),
  twine: installer(/^(?:upload|register)$/),
  helm: installer(/^(?:push|registry login|install|upgrade|uninstall|rollback|delete)$/),
  mise: installer(none, running(/^(?:exec|x)$/)),
  pixi: installer(none, running(/^run$/)),
  asdf: installer(none, running(/^exec$/)),
  rbenv: installer(none, running(/^exec$/)),
  pyenv: installer(none, running(/^exec$/)),
  nvm: installer(none, running(/^(?:exec|run)$/)),
  volta: installer(none, running(/^run$/)),
  fnm: installer(none, running(/^exec$/)),
  devbox: installer(none, running(/^run$/)),
  flox: installer(none, running(/^activate$/)),
  bazel: installer(none, (call, words) => {
    const name = /[:/]([^:/]+)$/.exec(words[1] ?? '')?.[1] ?? '';
    if (words[0] === 'run' && namesMigration(name))
      call.machine.emit({ kind: 'database', how: 'migration', command: call.shown });
    return false;
  }),
};
