import { count, zoneClock } from '../base/index.ts';
import type { EventFilter, JournalEvent } from '../journal/index.ts';
import type { Build, CliIo, ExitCode } from './io.ts';

interface Options {
  home?: string;
  json?: boolean;
  day?: string;
  task?: string;
  follow?: boolean;
}

/** What `--follow` alone shows of the past. */
const RECENT = 20;

export const build: Build = (command, io, run) => {
  command
    .option('--day <date>', 'only events of this day: DATE, today, yesterday')
    .option('--task <id>', 'only events of this task: [DATE/]id')
    .option('--follow', 'go on with what happens; alone, it begins with the last few events')
    .option('--json', 'print each event as a line of JSON')
    .addHelpText(
      'after',
      '\nTimes are in the home’s zone. Each line: time, day/task, who, what.\n\nExamples:\n  dayshift journal --task pagination\n  dayshift journal --follow --json',
    )
    .action(() => run(() => show(command.optsWithGlobals<Options>(), io)));
  command
    .command('repair')
    .description('keep the damaged part of the journal aside and go on with the rest')
    .option('--json', 'print what was done as JSON')
    .action((_options: unknown, repair: typeof command) => run(() => mend(repair.optsWithGlobals<Options>(), io)));
};

async function show(options: Options, io: CliIo): Promise<ExitCode> {
  const { followEvents, readEvents, readState } = await import('../journal/read-only.ts');
  const { journalLine } = await import('./journal-line.ts');
  const paths = await pathsOf(options, io);
  const filter = await filterOf(options, paths);
  const clock = await clockIn(paths);
  const print = (event: JournalEvent) =>
    io.out(`${options.json === true ? JSON.stringify(event) : journalLine(event, io, clock)}\n`);
  if (options.follow !== true) {
    let none = true;
    for await (const event of readEvents(paths.journal, filter)) {
      none = false;
      print(event);
    }
    if (none && filter.task !== undefined) {
      const { findTask } = await import('../operator/index.ts');
      // Throws where there is no such task.
      findTask((await readState(paths)).state, filter.day === undefined ? filter.task : `${filter.day}/${filter.task}`);
    }
    return 0;
  }
  if (filter.day === undefined && filter.task === undefined) {
    const { state } = await readState(paths);
    filter.afterSeq = Math.max(0, state.seq - RECENT);
  }
  const end = new AbortController();
  process.once('SIGINT', () => end.abort());
  for await (const event of followEvents(paths.journal, filter, end.signal)) print(event);
  return 0;
}

async function pathsOf({ home }: Options, io: CliIo) {
  const { findHome } = await import('../home/index.ts');
  return findHome({ env: io.env, cwd: io.cwd, ...(home === undefined ? {} : { home }) });
}

/** The home's; where its settings cannot be read, the machine's: the journal is looked at when things are broken. */
async function clockIn(paths: Awaited<ReturnType<typeof pathsOf>>): Promise<(at: string) => string> {
  const { loadHome, timezoneOf } = await import('../home/index.ts');
  const home = await loadHome({ home: paths.home, env: {}, cwd: paths.home }).catch(() => ({ config: {} }));
  return zoneClock(timezoneOf(home));
}

async function filterOf(options: Options, paths: Awaited<ReturnType<typeof pathsOf>>): Promise<EventFilter> {
  const [, inTask, id] = /^(?:([^/]+)\/)?(.*)$/s.exec(options.task ?? '') ?? [];
  const filter: EventFilter = { unknown: true };
  const day = options.day ?? inTask;
  if (day !== undefined) {
    const { dayArgument } = await import('./day-argument.ts');
    filter.day = await dayArgument(day, paths);
  }
  if (options.task !== undefined && id !== undefined) filter.task = id;
  return filter;
}

async function mend(options: Options, io: CliIo): Promise<ExitCode> {
  const { repairJournal, takeLock } = await import('../journal/index.ts');
  const paths = await pathsOf(options, io);
  const lock = await takeLock(paths.lockFile, { mode: 'journal repair' });
  try {
    const repairs = await repairJournal(paths.journal, { stateFile: paths.stateFile });
    if (options.json === true) io.out(`${JSON.stringify(repairs)}\n`);
    else if (repairs.length === 0) io.out('Nothing is damaged: the journal stays as it is.\n');
    else {
      for (const { file, kept, bytes, lines } of repairs) {
        const what =
          kept === '' ? 'events were missing' : `${count(lines, 'damaged line')} (${bytes} bytes) went to ${kept}`;
        io.out(`${file}: ${what}\n`);
      }
      io.out(`The rest is as it was. What was lost is marked in the journal; the folder is ${paths.journal}\n`);
    }
  } finally {
    await lock.release();
  }
  return 0;
}
