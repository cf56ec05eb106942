import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { DayshiftError } from '../base/index.ts';
import {
  adoptDay,
  feedbackFiles,
  isRehearsal,
  openHome,
  remarksOf,
  runContext,
  startDay,
  watch,
  type OpenHome,
  type RunningDay,
} from '../daemon/index.ts';
import { filesOf, formatProblem } from '../document/index.ts';
import { loadDay } from '../home/index.ts';
import { takeAllFeedback } from '../operator/index.ts';
import { outcomeOf } from '../run/index.ts';
import { askHere } from './ask-here.ts';
import { onInterrupt } from './interrupt.ts';
import type { CliIo, ExitCode } from './io.ts';
import { startView, type View } from './live-view.ts';
import { me } from './operate.ts';

export interface Where {
  home?: string;
  env: NodeJS.ProcessEnv;
  cwd: string;
}

export interface RunDayOptions {
  json: boolean;
  /** Go on without a sandbox where there is none: only the demo does. */
  sandboxOptional?: boolean;
  /** Asked when the rest of the day waits for a person: true if something was answered and the day goes on. By default the person at this terminal. */
  onWaits?: (day: RunningDay, open: OpenHome) => Promise<boolean>;
  /** The home was made for a rehearsal, and its scripted model is there. */
  rehearsal?: boolean;
  /** See RunContext: where tests kill. */
  onPoint?: (name: string) => void;
}

const exitCodes = { done: 0, failed: 1, waits: 3 } as const;

/** Runs a day in the foreground until nothing can go on, or somebody ends it; then writes the report. */
export async function runDay(
  where: Where,
  target: string | undefined,
  io: CliIo,
  options: RunDayOptions,
): Promise<ExitCode> {
  let view: View | undefined;
  const warn = (text: string) => (view === undefined ? io.err(`! ${text}\n`) : view.note(`! ${text}`));
  io.outlivesReader = true;
  const open = await openHome({ ...where, mode: 'run', onWarning: warn });
  try {
    if (options.rehearsal !== true && isRehearsal(open.home.paths)) {
      throw new DayshiftError(
        'usage',
        `${open.home.paths.home} is the home of a rehearsal: its model is gone, and a real one would cost`,
        {
          hint: 'dayshift run --rehearse in your own home rehearses the day anew',
        },
      );
    }
    const date = await plannedDate(open, target, warn);
    const ended = new AbortController();
    const onWaits =
      options.onWaits ?? (io.interactive ? (day: RunningDay) => askHere(open, day, io, ended.signal) : undefined);
    const ctx = await runContext(open, {
      // Nobody is there, and no chat: only questions wait. `dayshift up` asks.
      canAsk: io.interactive,
      log: warn,
      ...(options.sandboxOptional === true ? { sandboxOptional: true } : {}),
      ...(options.onPoint === undefined ? {} : { onPoint: options.onPoint }),
    });
    await adoptDay(ctx, date.loaded);
    // What people wrote since the last day counts for this one.
    for (const line of await takeAllFeedback({ ...open, newId: randomUUID, runner: undefined })) warn(line);
    const day = await startDay(ctx, date.date, me(), [watch, feedbackFiles]);
    const shown = (view = startView(open, date.date, io, options.json));
    const interrupted = onInterrupt(() => {
      shown.note('Parking what runs … (once more: end at once)');
    });
    const ends = Promise.race([interrupted.promise, day.asked]);
    try {
      for (;;) {
        const outcome = await Promise.race([day.settled(), ends]);
        if (outcome !== 'waits' || onWaits === undefined) break;
        shown.pause();
        const goesOn = await Promise.race([onWaits(day, open), ends]);
        shown.resume();
        if (goesOn !== true) break;
      }
    } finally {
      interrupted.off();
      ended.abort();
      await day.end();
      shown.end();
      view = undefined;
    }
    const [path, ...others] = await day.report();
    const more = others.map((other) => `Report of an earlier day, as it is now: ${other}\n`).join('');
    if (!options.json) io.out(`\n${await firstScreen(path)}\nReport: ${path}\n${more}`);
    const state = open.journal.state.days[date.date];
    return state === undefined ? 1 : exitCodes[outcomeOf(state)];
  } finally {
    await open.close();
  }
}

/** The plan from its file; where the file is gone and the journal has the day, the day goes on as it was planned. */
async function plannedDate(open: OpenHome, target: string | undefined, warn: (text: string) => void) {
  const { state } = open.journal;
  const loaded = await loadDay(target, open.home, new Date(open.clock.now()), state);
  const { plan, problems, file, missing } = loaded;
  const errors = problems.filter((problem) => problem.severity === 'error');
  for (const remark of remarksOf(loaded)) warn(remark);
  if (plan !== undefined) return { date: plan.date, loaded };
  if (missing !== undefined && state.days[missing] !== undefined) {
    warn(`${file} is gone: ${missing} goes on as it was planned.`);
    return { date: missing, loaded };
  }
  throw new DayshiftError('usage', errors.map(formatProblem).join('\n'), {
    hint: `mend ${filesOf(problems, file)}; dayshift plan shows what is understood`,
  });
}

/** The report up to its second heading: what a busy person reads. */
async function firstScreen(path: string): Promise<string> {
  const text = await readFile(path, 'utf8');
  const second = text.indexOf('\n## ', text.indexOf('\n## ') + 1);
  return (second < 0 ? text : text.slice(0, second)).trimEnd();
}
