import type { HomePaths } from '../home/index.ts';
import type { DayState } from '../journal/index.ts';
import type { Build, CliIo, ExitCode } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .argument('[day]', 'DATE; default: the latest day')
    .option('--watch', 'keep showing it')
    .option('--json', 'print it as JSON')
    .option('--ids', 'print only the tasks’ ids')
    .addHelpText(
      'after',
      '\nExit codes: 0, or 3 where something waits for you.\n\nExamples:\n  dayshift status --watch\n  dayshift status yesterday --json',
    )
    .action((day: string | undefined, options: { watch?: boolean; json?: boolean; ids?: boolean }) =>
      run(() => status(day, { ...options, ...command.optsWithGlobals<{ home?: string }>() }, io)),
    );
};

interface Options {
  home?: string;
  watch?: boolean;
  json?: boolean;
  ids?: boolean;
}

async function status(day: string | undefined, options: Options, io: CliIo): Promise<ExitCode> {
  const { findHome } = await import('../home/index.ts');
  const paths = await findHome({
    env: io.env,
    cwd: io.cwd,
    ...(options.home === undefined ? {} : { home: options.home }),
  });
  const { readAll, readRecent } = await import('../journal/read-only.ts');
  const { allDays, dayArgument } = await import('./day-argument.ts');
  const { createBlock } = await import('./block.ts');
  const block = options.watch === true && io.tty ? createBlock(io) : undefined;
  let shown: number | undefined;
  const look = async (): Promise<ExitCode> => {
    let { recent, warnings } = await readRecent(paths);
    const date = await dayArgument(day, paths, allDays(recent));
    if (recent.older[date] !== undefined) ({ recent, warnings } = await readAll(paths));
    const found = recent.days[date];
    const items = Object.values(recent.items).filter((item) => item.day === date || item.day === '');
    const code = items.some((item) => item.status === 'open') ? 3 : 0;
    // On a terminal the clock moves; elsewhere only news are worth a line.
    if (block === undefined && shown === recent.seq) return code;
    shown = recent.seq;
    if (options.json === true) {
      io.out(`${JSON.stringify({ date, day: found ?? null, items }, null, options.watch === true ? 0 : 2)}\n`);
      return code;
    }
    if (options.ids === true) {
      for (const id of Object.keys(found?.tasks ?? {})) io.out(`${id}\n`);
      return 0;
    }
    for (const warning of warnings) if (block === undefined) io.err(`${warning}\n`);
    if (found === undefined) {
      const begins = (await holds(paths, ['daemon'])) ? 'dayshift start begins it' : 'dayshift run starts it';
      const nothing = [`Nothing has run on ${date}.`, `dayshift plan shows the day, ${begins}.`];
      if (block === undefined) io.out(`${nothing.join(' ')}\n`);
      else block.draw(nothing);
      return 0;
    }
    const { renderStatus, statusView } = await import('../report/status.ts');
    const rows = block === undefined || io.rows === undefined ? undefined : io.rows - 1;
    const view = statusView(found, items, Date.now());
    const table = renderStatus(view, { columns: io.columns, color: io.color, rows, whole: !io.tty });
    const footer = await asleep(paths, found);
    if (block === undefined) io.out(`${table}\n${footer.map((line) => `${line}\n`).join('')}`);
    else block.draw([...table.split('\n'), ...footer]);
    return code;
  };
  let code = await look();
  if (options.watch !== true) return code;
  const { setTimeout: wait } = await import('node:timers/promises');
  const end = new AbortController();
  process.once('SIGINT', () => end.abort());
  while (!end.signal.aborted) {
    code = await look();
    await wait(1000, undefined, { signal: end.signal }).catch(() => undefined);
  }
  return code;
}

/** A day that was cut off looks as if it were at work: said, where no process drives it. */
async function asleep(paths: HomePaths, day: DayState): Promise<string[]> {
  const atWork = Object.values(day.tasks).some((task) => /^(?:preparing|working|checking)$/.test(task.status));
  if (!atWork) return [];
  if (await holds(paths, ['daemon', 'run'])) return [];
  return [`Nothing runs now: the day was interrupted. dayshift run ${day.date} goes on with it.`];
}

/** Whether a Dayshift of this kind lives in the home. */
async function holds(paths: HomePaths, modes: readonly string[]): Promise<boolean> {
  const { lockHolder } = await import('../journal/read-only.ts');
  const holder = await lockHolder(paths.lockFile);
  return holder?.alive === true && modes.includes(holder.mode);
}
