import { count, cutEnd, duration, printable, usd, zoneClock } from '../base/index.ts';
import { timezoneOf } from '../home/index.ts';
import { openItems, renderItem } from '../inbox/index.ts';
import type { JournalEvent } from '../journal/index.ts';
import type { OpenHome } from '../daemon/index.ts';
import { renderStatus, statusView } from '../report/index.ts';
import { clip } from '../report/status.ts';
import { createBlock } from './block.ts';
import type { CliIo } from './io.ts';

export interface View {
  /** Stops drawing, so that a person can type. */
  pause(): void;
  resume(): void;
  /** Says something in between, above what is drawn. */
  note(text: string): void;
  end(): void;
}

/** Shows a running day: a table drawn in place on a terminal, plain lines elsewhere, JSON lines where asked for. */
export function startView(open: OpenHome, date: string, io: CliIo, json: boolean): View {
  if (json) return follow(open, io, (event) => io.out(`${JSON.stringify(event)}\n`));
  if (io.tty) return drawn(open, date, io);
  // What was asked as the day began, or before it was cut off, waits too.
  for (const { openedAt, task, id, questions } of openItems(open.journal.state, date))
    print(open, date, openedAt, task, askedLine(id, questions), io);
  return follow(open, io, (event) => say(open, event, io, date));
}

/** Says what happens, one line an event that matters; returns the function that ends it. */
export function followLines(open: OpenHome, io: CliIo): () => void {
  return open.journal.subscribe((event) => say(open, event, io));
}

function follow(open: OpenHome, io: CliIo, tell: (event: JournalEvent) => void): View {
  const end = open.journal.subscribe(tell);
  return { pause: () => undefined, resume: () => undefined, note: (text) => io.err(`${text}\n`), end };
}

/** One line an event that matters. `date`: the day that runs; another day's tasks are told with theirs. */
function say(open: OpenHome, event: JournalEvent, io: CliIo, date?: string): void {
  const line = lineOf(event, clockOf(open, event.day));
  if (line === undefined) return;
  const other = date !== undefined && event.day !== undefined && event.day !== date ? `${event.day}/` : '';
  print(open, event.day, event.at, event.task === undefined ? '' : `${other}${event.task}`, line, io);
}

function askedLine(id: string, questions: readonly { question: string }[]): string {
  return `? ${id}: ${questions.map(({ question }) => question).join(' / ')}`;
}

function print(
  open: OpenHome,
  day: string | undefined,
  at: string,
  task: string,
  line: string,
  io: Pick<CliIo, 'out'>,
): void {
  const time = clockOf(open, day)(at).slice(11);
  io.out(`${time} ${task.padEnd(12)} ${cutEnd(printable(line).replaceAll('\n', '\n'.padEnd(22)), 1500)}\n`);
}

const clocks = new Map<string, (at: string | number) => string>();

/** Times as the report of that day has them: in its zone. What is of no day: in the home's. */
export function clockOf({ home, journal }: OpenHome, day?: string): (at: string | number) => string {
  const zone = (day === undefined ? undefined : journal.state.days[day]?.plan.timezone) ?? timezoneOf(home);
  const clock = clocks.get(zone) ?? zoneClock(zone);
  clocks.set(zone, clock);
  return clock;
}

function lineOf(event: JournalEvent, clock: (at: string) => string): string | undefined {
  switch (event.type) {
    case 'day.started':
      return `${event.day ?? ''} starts`;
    case 'day.paused':
      return `paused: ${event.data.reason}`;
    case 'day.resumed':
      return 'goes on';
    case 'day.warned':
      return `! ${event.data.message}`;
    case 'task.preparing':
      return 'preparing';
    case 'attempt.intended':
      return event.data.mode === 'start' ? 'working' : `goes on (${event.data.why})`;
    case 'task.parked':
      return `parked: ${event.data.reason.replaceAll('_', ' ')}${event.data.item === undefined ? '' : ` ${event.data.item}`}${event.data.until === undefined ? '' : ` until ${clock(event.data.until).slice(0, 16)}`}`;
    case 'task.checking':
      return 'checking';
    case 'setup.ran':
    case 'check.ran':
      return `${event.data.exitCode === 0 ? '✓' : '✗'} ${event.data.command} (${duration(event.data.ms)})`;
    case 'review.decided':
      return event.data.decision === 'retry' ? `sent back: ${event.data.reasons.join('; ')}` : undefined;
    case 'guard.decided':
      return `refused: ${event.data.tool} ${cutEnd(event.data.subject, 120)} — ${event.data.rule}`;
    case 'item.opened':
      return askedLine(event.data.id, event.data.questions);
    case 'item.answered':
      return `${event.data.id} answered: ${event.data.answers.join('; ')}`;
    case 'model.refused':
      return `the model call failed (${event.data.meaning}): ${event.data.detail}`;
    case 'budget.alerted':
      return `! ${event.data.percent} % of the ${event.data.scope}'s budget: ${usd(event.data.spentUsd)} of ${usd(event.data.limitUsd)}`;
    case 'work.measured':
      return `${count(event.data.stat.files, 'file')} changed, +${event.data.stat.insertions} −${event.data.stat.deletions}`;
    case 'task.done':
      return 'done';
    case 'task.failed':
      return `failed: ${event.data.reason}`;
    case 'task.stopped':
      return `stopped: ${event.data.reason}`;
    case 'schedule.ran':
      return `${event.data.name}: ${event.data.said}`;
    case 'notice.posted':
      // Reloads are told by the log, which a drawn table shows too.
      return event.data.notice === 'reload' || event.data.notice === 'schedule' ? undefined : event.data.text;
    default:
      return undefined;
  }
}

/** Redraws the table once a second and after each event, over its last self. */
function drawn(open: OpenHome, date: string, io: CliIo): View {
  const block = createBlock(io);
  let paused = false;
  let due = true;
  const draw = (withItems = true) => {
    const day = open.journal.state.days[date];
    if (paused || day === undefined) return;
    due = false;
    const items = Object.values(open.journal.state.items).filter((item) => item.day === date);
    const waits = withItems ? items.filter((item) => item.status === 'open') : [];
    const room = (io.rows ?? 24) - 1;
    const below = waits.flatMap((item) => ['', ...renderItem(item).split('\n')]).slice(0, Math.floor(room / 2));
    const table = renderStatus(statusView(day, items, open.clock.now()), {
      columns: io.columns,
      color: io.color,
      rows: room - below.length,
    });
    block.draw([...table.split('\n'), ...below.map((line) => clip(line, io.columns))]);
  };
  const unsubscribe = open.journal.subscribe(() => (due = true));
  const fast = setInterval(() => due && draw(), 200);
  const slow = setInterval(() => draw(), 1000);
  draw();
  return {
    // Whoever asks shows the item: it is left out here.
    pause() {
      draw(false);
      paused = true;
    },
    resume() {
      paused = false;
      block.leave();
    },
    note(text) {
      if (paused) io.out(`${text}\n`);
      else {
        block.above(text);
        draw();
      }
    },
    end() {
      draw(false);
      unsubscribe();
      clearInterval(fast);
      clearInterval(slow);
    },
  };
}
