import type { Build, CliIo, ExitCode } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .argument('[day]', 'DATE; default: the latest day')
    .option('--watch', 'keep showing it')
    .option('--json', 'print it as JSON')
    .option('--ids', 'print only the tasks’ ids')
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
  const { readState } = await import('../journal/read-only.ts');
  const { dayArgument } = await import('./day-argument.ts');
  const look = async (): Promise<ExitCode> => {
    const { state, warnings } = await readState(paths);
    const date = await dayArgument(day, paths);
    const found = state.days[date];
    const items = Object.values(state.items).filter((item) => item.day === date);
    if (options.json === true) {
      io.out(`${JSON.stringify({ date, day: found ?? null, items }, null, options.watch === true ? 0 : 2)}\n`);
      return 0;
    }
    if (options.ids === true) {
      io.out(
        Object.keys(found?.tasks ?? {})
          .map((id) => `${id}\n`)
          .join(''),
      );
      return 0;
    }
    for (const warning of warnings) io.err(`${warning}\n`);
    if (found === undefined) {
      io.out(`Nothing has run on ${date}. dayshift plan shows the day, dayshift run starts it.\n`);
      return 0;
    }
    const { renderStatus, statusView } = await import('../report/status.ts');
    const view = statusView(found, items, Date.now());
    const clear = options.watch === true && io.tty ? '\u001b[H\u001b[2J' : '';
    io.out(`${clear}${renderStatus(view, { columns: io.columns, color: io.color })}\n`);
    return items.some((item) => item.status === 'open') ? 3 : 0;
  };
  const first = await look();
  if (options.watch !== true) return first;
  const { watch } = await import('node:fs');
  // The folder changes with each group of events; the clock column moves by the second.
  await new Promise<void>((resolve, reject) => {
    let due = false;
    const watcher = watch(paths.journal, () => (due = true));
    const timer = setInterval(() => {
      if (!due && !io.tty) return;
      due = false;
      look().catch((error: unknown) => {
        clearInterval(timer);
        watcher.close();
        reject(error instanceof Error ? error : new Error(String(error)));
      });
    }, 1000);
    process.once('SIGINT', () => {
      clearInterval(timer);
      watcher.close();
      resolve();
    });
  });
  return 0;
}
