import type { Command } from 'commander';
import type { Build, CliIo, ExitCode } from './io.ts';

/** Where commands are judged; the same for every part of `guard` that judges one. `--home` is HOME here, as they see it. */
function withPlace(command: Command): Command {
  return command
    .option('--workspace <dir>', 'the agent’s checkout; default: --cwd')
    .option('--cwd <dir>', 'where commands start; default: --workspace, else here')
    .option('--home <dir>', 'HOME as commands see it; default: yours')
    .option('--egress <hosts>', 'hosts that may be reached: host,host:port,*.host');
}

interface Place {
  workspace?: string;
  cwd?: string;
  home?: string;
  egress?: string;
}

export const build: Build = (command, io, run) => {
  command.addHelpText('after', '\nThe language of rules, and what is judged how: docs/guard.md.');
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
};

async function checkInput(place: Place, jsonl: boolean, io: CliIo): Promise<ExitCode> {
  const { checkLines, placeFor } = await import('../guarding/index.ts');
  for await (const text of checkLines(io.stdin(), placeFor(queryOf(place, io)), { jsonl })) await io.write(text);
  return 0;
}

function queryOf({ workspace, cwd, home, egress }: Place, io: CliIo) {
  const hosts = egress?.split(',').map((host) => host.trim());
  return {
    workspace,
    cwd,
    home: home ?? io.env.HOME,
    egress: hosts?.filter((host) => host !== '') ?? [],
    from: io.cwd,
  };
}
