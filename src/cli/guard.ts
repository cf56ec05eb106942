import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { DayshiftError } from '../base/index.ts';
import type { HomeGuard } from '../guard/index.ts';
import { ownFile, type HookOptions } from './guard-hook.ts';
import { hostsOf } from './guard-hosts.ts';
import type { InstallOptions } from './guard-install.ts';
import type { Build, CliIo, ExitCode } from './io.ts';

/** Where commands are judged; the same for every part of `guard` that judges one. `--home` is HOME here, as they see it. */
function withPlace(command: Command): Command {
  return withRules(command)
    .option('--workspace <dir>', 'the agent’s checkout; default: --cwd')
    .option('--cwd <dir>', 'where commands start; default: --workspace, else here')
    .option('--home <dir>', 'HOME as commands see it; default: yours')
    .option('--egress <hosts>', 'hosts that may be reached: host,host:port,*.host');
}

/**
 * A command's options. `--home` is HOME behind the word `guard`, and before it the program's own: commander takes both for
 * the latter.
 */
function placeOf(command: Command): Place {
  let top = command;
  while (top.parent !== null) top = top.parent;
  const words = (top as Command & { rawArgs: string[] }).rawArgs;
  const at = words.indexOf('guard', words[0] === '--home' ? 2 : 0);
  const homeIn = (part: readonly string[]): string | undefined => {
    const given = part.findLastIndex((word) => word === '--home' || word.startsWith('--home='));
    const word = part[given];
    return word === '--home' ? part[given + 1] : word?.slice('--home='.length);
  };
  const [program, home] = [homeIn(words.slice(0, at)), homeIn(words.slice(at))];
  return {
    ...command.opts<Place>(),
    ...(program === undefined ? {} : { program }),
    ...(home === undefined ? {} : { home }),
  };
}

const withRules = (command: Command): Command =>
  command.option('--rules <file>', 'your rules; default: config/guard.yaml of the home around here, if there is one');

interface Place {
  workspace?: string;
  cwd?: string;
  home?: string;
  egress?: string;
  rules?: string;
  /** The home that `dayshift --home DIR guard …` names. */
  program?: string;
}

export const build: Build = (command, io, run) => {
  command.addHelpText('after', '\nThe language of rules, and what is judged how: docs/guard.md.');
  const explain = withPlace(command.command('explain'))
    .description('show how one command is judged: parse, commands, effects, rules, decision')
    .argument('<command>', 'a line of shell, in quotes')
    .option('--json', 'print it as JSON')
    .addHelpText('after', "\nExample:\n  dayshift guard explain 'cd src && npm run release'");
  explain.action((text: string, options: { json?: boolean }) =>
    run(() => explainOne(text, placeOf(explain), options.json === true, io)),
  );
  const check = withPlace(command.command('check'))
    .description('judge commands from standard input, one a line; a line of JSON for each')
    .option('--jsonl', 'each line is {"id": …, "command": "…"}')
    .addHelpText(
      'after',
      '\nPrints {"id", "decision", "rule", "reason"} a line and exits 0 whatever they are. It needs no home.\n\nExample:\n  printf "%s\\n" "npm test" "git push" | dayshift guard check --workspace ~/shop',
    );
  check.action((options: { jsonl?: boolean }) => run(() => checkInput(placeOf(check), options.jsonl === true, io)));
  const rules = withRules(command.command('rules'))
    .description('print the rules in force, as YAML')
    .option('--json', 'print them as JSON');
  rules.action((options: { json?: boolean }) => run(() => printInForce(placeOf(rules), options.json === true, io)));
  const test = withRules(command.command('test'))
    .description('judge the built-in cases and your own, and say which are judged otherwise than expected')
    .argument('[file]', 'your cases; default: config/guard-cases.yaml of the home around here, if there is one')
    .option('--own', 'only your own cases')
    .addHelpText('after', '\nExits 1 if a case is judged otherwise. What a file of cases holds: docs/guard.md.');
  test.action((file: string | undefined, options: { own?: boolean }) =>
    run(() => testAll(file, options.own === true, placeOf(test), io)),
  );
  const install = withHook(command.command('install'))
    .description('set the guard up as a hook of interactive Claude Code, for a project or for all')
    .addHelpText(
      'after',
      '\nIt changes .claude/settings.local.json of the project, or ~/.claude/settings.json with --user, by one entry; may be\nrun again. What the guard would only ask about, Claude Code then asks you.\n\nExample:\n  dayshift guard install --project ~/shop',
    );
  install.action(() =>
    run(async () => (await import('./guard-install.ts')).install(install.optsWithGlobals<InstallOptions>(), io)),
  );
  const uninstall = withWhere(command.command('uninstall')).description('take that hook out again');
  uninstall.action(() =>
    run(async () => (await import('./guard-install.ts')).uninstall(uninstall.optsWithGlobals<InstallOptions>(), io)),
  );
  const hook = withHookRules(command.command('hook'))
    .description('the hook itself: a PreToolUse call on standard input, the answer on standard output')
    .option('--project <dir>', 'the project’s folder; default: CLAUDE_PROJECT_DIR, else where the call starts');
  hook.action(() => run(async () => (await import('./guard-hook.ts')).hook(hook.optsWithGlobals<HookOptions>(), io)));
};

const withWhere = (command: Command): Command =>
  command
    .option('--project <dir>', 'for this project only; default: the folder you are in')
    .option('--user', 'for every project of yours');

const withHookRules = (command: Command): Command =>
  command
    .option('--rules <file>', 'your rules; default: those of the home, else ~/.config/dayshift/guard.yaml')
    .option('--home <dir>', 'the Dayshift home whose config/guard.yaml counts; default: DAYSHIFT_HOME')
    .option('--egress <hosts>', 'hosts that may be reached: host,host:port,*.host')
    .option('--approve', 'what the guard allows runs without Claude Code’s own question');

const withHook = (command: Command): Command => withHookRules(withWhere(command));

async function testAll(file: string | undefined, only: boolean, place: Place, io: CliIo): Promise<ExitCode> {
  const { defaultPolicy, rulesFor } = await import('../guard/index.ts');
  const { testCases } = await import('./guard-test.ts');
  const { own, casesFile } = await ownRules(place, io);
  const policy = { ...defaultPolicy, rules: rulesFor(own) };
  return testCases({ file, builtIn: !only }, { casesFile, policy, home: io.env.HOME }, io);
}

async function checkInput(place: Place, jsonl: boolean, io: CliIo): Promise<ExitCode> {
  const { checkLines, placeFor } = await import('../guarding/index.ts');
  const judged = placeFor(await queryOf(place, io));
  for await (const text of checkLines(io.stdin(), judged, { jsonl })) await io.write(text);
  return 0;
}

async function explainOne(text: string, place: Place, json: boolean, io: CliIo): Promise<ExitCode> {
  const { placeFor } = await import('../guarding/index.ts');
  const { explain } = await import('../guard/index.ts');
  const query = await queryOf(place, io);
  const { context, cwd } = placeFor(query);
  const explained = explain(text, context, cwd);
  if (json) {
    io.out(`${JSON.stringify({ command: text, cwd, workspace: context.workspace, ...explained }, null, 2)}\n`);
    return 0;
  }
  const { renderExplanation } = await import('./guard-explain.ts');
  io.out(renderExplanation(explained, query.rulesFrom, { color: io.color }));
  return 0;
}

async function printInForce(place: Place, json: boolean, io: CliIo): Promise<ExitCode> {
  const { rulesFor } = await import('../guard/index.ts');
  const { own } = await ownRules(place, io);
  const rules = rulesFor(own);
  if (json) {
    const all = rules.all.map(({ rule, layer }) => ({ layer, ...rule }));
    io.out(`${JSON.stringify(all, null, 2)}\n`);
    return 0;
  }
  const { printRules } = await import('../guard/rules-file.ts');
  io.out(printRules(rules));
  return 0;
}

async function queryOf(place: Place, io: CliIo) {
  const { defaultPolicy, rulesFor } = await import('../guard/index.ts');
  const { own, from } = await ownRules(place, io);
  for (const [name, folder] of [
    ['workspace', place.workspace],
    ['cwd', place.cwd],
  ] as const)
    if (folder !== undefined && !existsSync(resolve(io.cwd, folder)))
      io.err(`! --${name} ${folder} is not there: no script of it is read, and nothing is known of what it tracks\n`);
  return {
    workspace: place.workspace,
    cwd: place.cwd,
    home: place.home ?? io.env.HOME,
    egress: hostsOf(place.egress),
    policy: { ...defaultPolicy, rules: rulesFor(own) },
    from: io.cwd,
    rulesFrom: from,
  };
}

interface OwnRules {
  own: HomeGuard;
  /** Whose rules these are, for people. */
  from: string;
  /** Where the home around here has its cases. */
  casesFile: string | undefined;
}

/** The person's rules: those of the named file, else of the home around here, else none. */
async function ownRules({ rules: file, program }: Place, io: CliIo): Promise<OwnRules> {
  const { loadRules } = await import('../guarding/index.ts');
  const { findHome } = await import('../home/index.ts');
  const paths = await findHome({ home: program, env: io.env, cwd: io.cwd }).catch((error: unknown) => {
    if (error instanceof DayshiftError && program === undefined && !io.env.DAYSHIFT_HOME) return undefined;
    throw error;
  });
  const casesFile = paths?.guardCasesFile;
  if (file !== undefined) {
    const own = await loadRules(resolve(io.cwd, file), file);
    if (own === undefined) throw new DayshiftError('usage', `${file} is not there`);
    return { own, from: `the rules of ${file}, then the built-in ones`, casesFile };
  }
  // Without a home those count by which interactive sessions are judged.
  const path = paths?.guardFile ?? ownFile(io);
  const own = await loadRules(path, path);
  if (own === undefined) return { own: {}, from: 'the built-in rules', casesFile };
  return { own, from: `the rules of ${path}, then the built-in ones`, casesFile };
}
