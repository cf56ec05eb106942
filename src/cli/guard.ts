import { resolve } from 'node:path';
import type { Command } from 'commander';
import { DayshiftError } from '../base/index.ts';
import type { HomeGuard } from '../guard/index.ts';
import type { Build, CliIo, ExitCode } from './io.ts';

/** Where commands are judged; the same for every part of `guard` that judges one. `--home` is HOME here, as they see it. */
function withPlace(command: Command): Command {
  return withRules(command)
    .option('--workspace <dir>', 'the agent’s checkout; default: --cwd')
    .option('--cwd <dir>', 'where commands start; default: --workspace, else here')
    .option('--home <dir>', 'HOME as commands see it; default: yours')
    .option('--egress <hosts>', 'hosts that may be reached: host,host:port,*.host');
}

const withRules = (command: Command): Command =>
  command.option('--rules <file>', 'your rules; default: config/guard.yaml of the home around here, if there is one');

interface Place {
  workspace?: string;
  cwd?: string;
  home?: string;
  egress?: string;
  rules?: string;
}

export const build: Build = (command, io, run) => {
  command.addHelpText('after', '\nThe language of rules, and what is judged how: docs/guard.md.');
  const explain = withPlace(command.command('explain'))
    .description('show how one command is judged: parse, commands, effects, rules, decision')
    .argument('<command>', 'a line of shell, in quotes')
    .option('--json', 'print it as JSON')
    .addHelpText('after', "\nExample:\n  dayshift guard explain 'cd src && npm run release'");
  explain.action((text: string, options: { json?: boolean }) =>
    run(() => explainOne(text, explain.optsWithGlobals<Place>(), options.json === true, io)),
  );
  const check = withPlace(command.command('check'))
    .description('judge commands from standard input, one a line; a line of JSON for each')
    .option('--jsonl', 'each line is {"id": …, "command": "…"}')
    .addHelpText(
      'after',
      '\nPrints {"id", "decision", "rule", "reason"} a line and exits 0 whatever they are. It needs no home.\n\nExample:\n  printf "%s\\n" "npm test" "git push" | dayshift guard check --workspace ~/shop',
    );
  check.action((options: { jsonl?: boolean }) =>
    run(() => checkInput(check.optsWithGlobals<Place>(), options.jsonl === true, io)),
  );
  const rules = withRules(command.command('rules'))
    .description('print the rules in force, as YAML')
    .option('--json', 'print them as JSON');
  rules.action((options: { json?: boolean }) =>
    run(() => printInForce(rules.optsWithGlobals<Place>(), options.json === true, io)),
  );
};

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
  const { own } = await ownRules(place.rules, io);
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
  const hosts = place.egress?.split(',').map((host) => host.trim());
  const { own, from } = await ownRules(place.rules, io);
  return {
    workspace: place.workspace,
    cwd: place.cwd,
    home: place.home ?? io.env.HOME,
    egress: hosts?.filter((host) => host !== '') ?? [],
    policy: { ...defaultPolicy, rules: rulesFor(own) },
    from: io.cwd,
    rulesFrom: from,
  };
}

/** The person's rules: those of the named file, else of the home around here, else none. */
async function ownRules(file: string | undefined, io: CliIo): Promise<{ own: HomeGuard; from: string }> {
  const { loadRules } = await import('../guarding/index.ts');
  if (file !== undefined) {
    const own = await loadRules(resolve(io.cwd, file), file);
    if (own === undefined) throw new DayshiftError('usage', `${file} is not there`);
    return { own, from: `the rules of ${file}, then the built-in ones` };
  }
  const { findHome } = await import('../home/index.ts');
  const paths = await findHome({ env: io.env, cwd: io.cwd }).catch((error: unknown) => {
    if (error instanceof DayshiftError && io.env.DAYSHIFT_HOME === undefined) return undefined;
    throw error;
  });
  const own = paths === undefined ? undefined : await loadRules(paths.guardFile, paths.guardFile);
  if (own === undefined) return { own: {}, from: 'the built-in rules' };
  return { own, from: `the rules of ${paths?.guardFile ?? ''}, then the built-in ones` };
}
