import { DayshiftError } from '../base/index.ts';
import type { State } from '../journal/index.ts';
import type { Build, CliIo, ExitCode } from './io.ts';
import type { CostBy, CostTable } from '../report/index.ts';

interface Options {
  home?: string;
  json?: boolean;
  by?: string;
  day?: string;
  month?: string;
}

const kinds: readonly CostBy[] = ['day', 'task', 'module', 'project', 'model'];

export const build: Build = (command, io, run) => {
  command
    .option('--by <what>', `${kinds.join(', ')}; default: day`)
    .option('--day <date>', 'only this day: DATE, today, yesterday')
    .option('--month <month>', 'only this month: 2026-11')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      '\nIn US dollars, at the prices of config/pricing.yaml. Calls that were cut off count with what was reserved for them.\n\nExamples:\n  dayshift cost --by module --month 2026-11\n  dayshift cost --by task --day yesterday',
    )
    .action(() => run(() => cost(command.optsWithGlobals<Options>(), io)));
};

async function cost(options: Options, io: CliIo): Promise<ExitCode> {
  const by = kinds.find((kind) => kind === (options.by ?? 'day'));
  if (by === undefined) {
    throw new DayshiftError('usage', `--by ${options.by ?? ''}: there is no such sum`, {
      hint: `one of ${kinds.join(', ')}`,
    });
  }
  if (options.month !== undefined && !/^\d{4}-(?:0[1-9]|1[0-2])$/.test(options.month)) {
    throw new DayshiftError('usage', `--month ${options.month} is no month`, {
      hint: 'a month is written like 2026-11',
    });
  }
  const { findHome } = await import('../home/index.ts');
  const { readEvents, readState } = await import('../journal/read-only.ts');
  const { startCost } = await import('../report/index.ts');
  const { dayArgument } = await import('./day-argument.ts');
  const paths = await findHome({
    env: io.env,
    cwd: io.cwd,
    ...(options.home === undefined ? {} : { home: options.home }),
  });
  const day = options.day === undefined ? undefined : await dayArgument(options.day, paths);
  const sums = startCost(by);
  for await (const event of readEvents(paths.journal, day === undefined ? {} : { day })) {
    if (options.month === undefined || event.day?.startsWith(options.month) === true) sums.add(event);
  }
  const table = sums.table();
  const { state } = await readState(paths);
  if (options.json === true) io.out(`${JSON.stringify({ ...table, windows: state.windows }, null, 2)}\n`);
  else io.out(await render(table, state, io));
  return 0;
}

async function render(table: CostTable, state: State, io: CliIo): Promise<string> {
  if (table.rows.length === 0) return 'Nothing was spent.\n';
  const { usd } = await import('../base/index.ts');
  const { createColors } = await import('picocolors');
  const colors = createColors(io.color);
  // A digit more where amounts are small: rounded to cents they would not add up.
  const small = table.total.usd < 10;
  const money = (amount: number) => (small && amount >= 0.01 ? `$${amount.toFixed(3)}` : usd(amount));
  const cells = [...table.rows, table.total].map((row) => [
    row.name,
    `${money(row.usd)}${row.estimatedUsd > 0 ? '*' : ''}`,
    String(row.calls),
    thousands(row.tokens.input + row.tokens.cacheWrite5m + row.tokens.cacheWrite1h + row.tokens.cacheRead),
    thousands(row.tokens.output),
  ]);
  const all = [[table.by, 'cost', 'calls', 'tokens in', 'tokens out'], ...cells];
  const widths = [0, 1, 2, 3, 4].map((at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  const lines = all.map((row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
  );
  const [head = '', ...rest] = lines;
  const notes = [
    ...(table.total.estimatedUsd > 0
      ? [`* of it ${usd(table.total.estimatedUsd)} by estimate: calls that were cut off`]
      : []),
    ...Object.entries(state.windows).map(([window, told]) => windowLine(window, told)),
  ];
  const total = rest.pop() ?? '';
  return `${[colors.bold(head), ...rest, colors.bold(total), ...notes].join('\n')}\n`;
}

function windowLine(window: string, told: State['windows'][string]): string {
  const used = told.used === undefined ? told.status : `${Math.round(told.used * 100)} % used`;
  const reset = told.resetAt === undefined ? '' : `, begins anew at ${told.resetAt}`;
  return `Subscription, window ${window}: ${used}${reset} (told at ${told.at})`;
}

function thousands(value: number): string {
  return value.toLocaleString('en-US');
}
