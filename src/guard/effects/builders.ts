import { UNKNOWN } from '../marks.ts';
import type { Call, Handler } from '../machine.ts';
import { setOf, takeApart, valuesOf } from '../options.ts';
import { fork } from '../shell/frame.ts';
import { resolve } from '../paths.ts';
import { scanCode } from '../unwrap/code.ts';
import { scanSources, sourcesAmong } from '../unwrap/compiled.ts';
import { runFile } from '../unwrap/files.ts';
import { told } from './native.ts';
import { publish } from './packages.ts';
import { pathWords } from './programs.ts';
import { changesSchema, toldToMigrate } from './verbs.ts';

function buildTool(call: Call): string {
  const { machine } = call;
  pathWords(call);
  const given = (name: string): string | undefined =>
    call.args.find((arg) => arg.startsWith(`-D${name}=`))?.slice(`-D${name}=`.length);
  const program = given('exec.executable');
  if (program !== undefined)
    machine.run(`${program} ${given('exec.args') ?? ''}`, fork(call.frame, { via: [...call.frame.via, call.name] }));
  // A build script of its own, and a main class that migrates.
  call.args.forEach((arg, index) => {
    const script =
      /^--init-script=(.*)$/s.exec(arg)?.[1] ?? (/^(?:-I|--init-script)$/.test(arg) ? call.args[index + 1] : undefined);
    for (const path of script === undefined ? [] : resolve(script, call.frame, machine.context))
      runFile(path, [], fork(call.frame, { via: [...call.frame.via, call.name] }), machine, 'other');
  });
  const main = call.args.flatMap((arg) => /\brunMain +(\S+)/.exec(arg)?.[1] ?? []).join(' ');
  if (
    changesSchema(call.args) ||
    /flyway|liquibase|migrat/i.test(given('exec.mainClass') ?? given('mainClass') ?? main)
  )
    machine.emit({ kind: 'database', how: 'migration', command: call.shown });
  // sbt's own `"git push" !`, and code for its `eval`.
  for (const arg of call.name === 'sbt' ? call.args : []) {
    const code =
      /^eval\s+(.*)$/s.exec(arg)?.[1] ??
      (/^["'].*!{1,2}$/s.test(arg) ? `${arg.replace(/!+$/, '').trimEnd()}.!` : undefined);
    if (code !== undefined) scanCode(code, 'other', 'line', fork(call.frame), machine);
  }
  const tasks = call.args.flatMap((arg) => arg.split(' ')).map((arg) => arg.replace(/^:(?:[\w-]+:)*/, ''));
  if (
    tasks.some((arg) =>
      /^(?:deploy\w*|publish(?!ToMavenLocal)\w*|release|release:\w+|uploadArchives|nexus\S*|jib)$/i.test(arg),
    )
  )
    publish(call);
  else if (tasks[0] === 'run' && toldToMigrate('', tasks.slice(1)))
    machine.emit({ kind: 'database', how: 'migration', command: call.shown });
  else if (tasks.some((arg) => /^scm:(?!validate|status|diff|changelog|list)/.test(arg)))
    machine.emit({ kind: 'git_write', command: call.shown });
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
  const code = valuesOf(takeApart(call.args, setOf('-e --eval -r --require')), '-e', '--eval');
  if (/^(?:run|eval)$/.test(call.args[0] ?? '')) {
    if (call.args[0] === 'eval') code.push(call.args[1] ?? '');
    for (const text of code)
      scanCode(text, 'other', 'line', fork(call.frame, { via: [...call.frame.via, 'mix'] }), call.machine);
  }
  const line = call.args.join(' ').replace(/\s+/g, ' ');
  const words = line.split(/ do | ?, ?| \+ |^do /);
  for (const text of words) {
    const [task = ''] = text.trim().split(' ');
    const seeds = /^run\b.*(?:seed|migrat)/.test(text);
    if (/^hex\.(?:publish|retire|owner|user|organization)$|^(?:release|deploy)\.publish$/.test(task)) publish(call);
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
  const parsed = takeApart(
    call.args,
    setOf('-p -s -c -o --project --startup-project --context --configuration --output'),
  );
  const { words } = parsed;
  // `dotnet-ef x`, `dotnet tool run dotnet-ef x` and `dotnet ef x` are one.
  const text = `${call.name === 'dotnet-ef' ? 'ef ' : ''}${words.slice(0, 6).join(' ')}`.replace(
    /^(?:tool run )?dotnet-/,
    '',
  );
  if (/^nuget (?:push|delete|(?:add|remove|update|enable|disable) |setapikey)/.test(text)) publish(call);
  else if (/^(?:script|run) .*\.csx?\b/.test(text))
    scanSources(sourcesAmong(words, call.frame, call.machine), call.frame, call.machine);
  else if (text.startsWith('fsi'))
    scanCode(
      call.args.filter((arg) => /\s/.test(arg)).join('\n') || call.frame.stdin,
      'other',
      'line',
      fork(call.frame),
      call.machine,
    );
  else if (
    /^(?:fm|grate|evolve|rh) (?:migrate|rollback|up|down)/.test(text) ||
    /^run (?:\S+ )?(?:migrat|seed)/.test(text) ||
    (words[0] === 'run' && valuesOf(parsed, '-p', '--project').some(namesProject))
  )
    call.machine.emit({ kind: 'database', how: 'migration', command: call.shown });
  else if (/^ef (?:database (?:update|drop)|migrations bundle)/.test(text))
    call.machine.emit({ kind: 'database', how: 'migration', command: call.shown });
  else if (/^ef migrations list\b/.test(text) && call.args.includes('--no-connect'))
    call.machine.emit({ kind: 'process', command: call.shown });
  else if (/^ef (?:migrations (?:list|remove|has-pending)|dbcontext scaffold)/.test(text))
    call.machine.emit({ kind: 'database', how: 'look', command: call.shown });
  else call.machine.emit({ kind: 'process', command: call.shown });
  return UNKNOWN;
}

/** `tools/Shop.Migrator/Shop.Migrator.csproj`: a project by the last part of its name. */
const namesProject = (path: string): boolean =>
  /(?:^|[./\\])(?:\w*Migrat(?:or|ions?|e)|\w*Seeder|DbUp\w*)(?:\.csproj|\/)?$/i.test(path);

function releases(call: Call): string {
  const [first = '', ...rest] = call.args;
  const at = call.args.indexOf('--');
  if (call.name === 'lerna' && first === 'exec' && at >= 0)
    return call.machine.invoke(call.args.slice(at + 1), call.frame);
  if (call.name === 'lerna' && first === 'run') return call.machine.invoke(['turbo', 'run', ...rest], call.frame);
  if (call.name === 'np' || /^(?:publish|tag|release)$/.test(first)) publish(call);
  // `changeset version` writes versions and changelogs, Lerna's commits and tags them.
  else if (first === 'version' && call.name === 'lerna') call.machine.emit({ kind: 'git_write', command: call.shown });
  else call.machine.emit({ kind: 'process', command: call.shown });
  return UNKNOWN;
}

/** Clojure's aliases, and code on the command line. */
function clojure(call: Call): string {
  const parsed = takeApart(call.args, setOf('-e --eval -m --main -i'));
  const frame = fork(call.frame, { via: [...call.frame.via, call.name] });
  // Babashka takes an expression as a word.
  const given = call.name === 'bb' ? parsed.words.filter((word) => word.startsWith('(')).slice(0, 1) : [];
  for (const text of [...valuesOf(parsed, '-e', '--eval'), ...given])
    scanCode(text, 'other', 'line', frame, call.machine);
  for (const file of [parsed.words[0] ?? '', ...valuesOf(parsed, '-i')].filter((word) =>
    /\.(?:clj|bb|cljc)$/.test(word),
  ))
    for (const path of resolve(file, frame, call.machine.context)) runFile(path, [], frame, call.machine, 'other');
  const aliases = call.args.flatMap((arg) => (/^-[AMXTP]:/.test(arg) ? arg.slice(3).split(':') : []));
  const mains = valuesOf(parsed, '-m', '--main').map((name) => name.slice(name.lastIndexOf('.') + 1));
  told(call, [...aliases, ...mains, ...parsed.words]);
  return UNKNOWN;
}

/** Monorepo runners: their own verbs, and tasks that are known by their names alone. */
function nx(call: Call): string {
  const [first = ''] = call.args;
  if (/^(?:release|publish)$/.test(first)) return releases(call);
  const at = call.args.indexOf('--');
  if (first === 'exec' && at >= 0) return call.machine.invoke(call.args.slice(at + 1), fork(call.frame));
  if (first === 'migrate' || first === 'report') call.machine.emit({ kind: 'process', command: call.shown });
  else call.machine.invoke(['turbo', ...call.args], call.frame);
  return UNKNOWN;
}

export const builders: Record<string, Handler> = {
  mvn: buildTool,
  mvnw: buildTool,
  mvnd: buildTool,
  gradle: buildTool,
  gradlew: buildTool,
  sbt: buildTool,
  mill: buildTool,
  mix,
  dotnet,
  'dotnet-ef': dotnet,
  clj: clojure,
  clojure,
  bb: clojure,
  nx,
  lerna: releases,
  changeset: releases,
  np: releases,
  goreleaser: (call) => {
    const local =
      /^(?:build|check|init|healthcheck|completion|jsonschema)$/.test(call.args[0] ?? '') ||
      call.args.includes('--snapshot');
    if (local || call.args.includes('--version')) call.machine.emit({ kind: 'process', command: call.shown });
    else publish(call);
    return UNKNOWN;
  },
};
