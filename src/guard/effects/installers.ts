import { UNKNOWN } from '../marks.ts';
import type { Call, Handler } from '../machine.ts';
import { setOf, takeApart, valuesOf } from '../options.ts';
import { touchPath } from '../paths.ts';
import { fork } from '../shell/frame.ts';
import { connect } from './host.ts';
import { publish, source } from './packages.ts';
import { pathWords } from './programs.ts';

/** pip, gem, cargo, … : the same for the other ecosystems. */
function installer(publishes: RegExp, runs?: (call: Call, words: readonly string[]) => boolean): Handler {
  const options = setOf(
    '-r -i -e -c -t -p -d -C -F --index-url --extra-index-url --requirement --editable --constraint --target --prefix --root --git --path --manifest-path --features --find-links -f --registry --source --repository --directory --project --python',
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

const migrates = /^(?:migrat(?:e|ion|ions|or)|seed|seeder|resetdb|dbreset)(?:\.go)?$/;

/** `go run X`: X by its name where that is known; the project's own programs by what they are told to do. */
function goRun(call: Call, words: readonly string[]): boolean {
  if (words[0] !== 'run') return false;
  const target = words[1] ?? '';
  const name = target.replace(/@.*$/, '').split('/').at(-1) ?? '';
  const local = /^\.{0,2}(?:\/|$)|\.go$/.test(target);
  if (!local && call.machine.knows(name) === 'dangerous')
    call.machine.invoke([name, ...call.args.slice(call.args.indexOf(target) + 1)], call.frame);
  else told(call, [name, ...words.slice(2)]);
  return true;
}

/** A program of the project: a migration where its name or its first words say so. */
function told(call: Call, words: readonly string[]): void {
  if (words.slice(0, 2).some((word) => migrates.test(word)))
    call.machine.emit({ kind: 'database', how: 'migration', command: call.shown });
  else call.machine.emit({ kind: 'process', command: call.shown });
}

const none = /^(?!)/;

export const installers: Record<string, Handler> = {
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
    if (words[0] === 'run') {
      const parsed = takeApart(
        call.args.slice(1),
        setOf('--bin -p --package --example --features --manifest-path --target'),
      );
      told(call, [...valuesOf(parsed, '--bin', '-p', '--package'), ...parsed.words]);
      return true;
    }
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
  nx: (call) =>
    /^(?:release|publish)$/.test(call.args[0] ?? '')
      ? releases(call)
      : call.machine.invoke(['turbo', ...call.args], call.frame),
  helm: installer(/^(?:push|registry login|install|upgrade|uninstall|rollback|delete)$/),
  mise: installer(none, running(/^(?:exec|x)$/)),
  asdf: installer(none, running(/^exec$/)),
  rbenv: installer(none, running(/^exec$/)),
  pyenv: installer(none, running(/^exec$/)),
  nvm: installer(none, running(/^(?:exec|run)$/)),
  volta: installer(none, running(/^run$/)),
  fnm: installer(none, running(/^exec$/)),
};

function buildTool(call: Call): string {
  const { machine } = call;
  pathWords(call);
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
