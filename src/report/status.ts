import { createColors } from 'picocolors';
import { duration, oneLine, usd, zoneClock } from '../base/index.ts';
import type { DayState, ItemState, TaskState } from '../journal/index.ts';

/** One task as the live view shows it. */
interface StatusRow {
  id: string;
  name: string;
  status: TaskState['status'];
  /** True where a person's answer is awaited. */
  waitsForYou: boolean;
  /** What it does now, waits for, or how it ended: one line. */
  now: string;
  costUsd: number;
  /** Working time so far, the running attempt's included. */
  ms: number;
}

export interface StatusView {
  date: string;
  status: DayState['status'];
  pauseReason?: string;
  rows: StatusRow[];
  /** Tasks that are over (done, failed, stopped). */
  over: number;
  /** What waits for a person: of this day, and what belongs to none. */
  waiting: number;
  costUsd: number;
  limitUsd: number;
  /** What waits about the day itself or about none, a line each; lessons and settings are only counted: nothing waits for these. */
  asked: string[];
  /** Since the day's start; 0 before. */
  ms: number;
}

/** How a day stands at `now` (milliseconds). `items`: the inbox, of any days. Imports nothing heavy: `dayshift status` must start fast. */
export function statusView(day: DayState, items: ItemState[], now: number): StatusView {
  // What belongs to no day (a chat that does not work, a lesson) waits today too.
  const own = items.filter((item) => (item.day === day.date || item.day === '') && item.status === 'open');
  const rows = Object.entries(day.tasks).map(([id, task]) =>
    rowOf(
      task,
      own.filter((item) => item.task === id),
      day,
      now,
    ),
  );
  return {
    date: day.date,
    status: day.status,
    ...(day.pauseReason === undefined ? {} : { pauseReason: day.pauseReason }),
    rows,
    over: rows.filter(({ status }) => status === 'done' || status === 'failed' || status === 'stopped').length,
    waiting: own.length,
    asked: own
      .filter((item) => item.task === '' && item.kind !== 'lesson' && item.kind !== 'setting')
      .map((item) =>
        oneLine(
          `${item.id}${item.day === '' ? '' : ' asks about the day'}: ${item.questions[0]?.question ?? ''}`,
        ).slice(0, 500),
      ),
    costUsd: rows.reduce((sum, row) => sum + row.costUsd, 0),
    limitUsd: day.limitUsd,
    ms: day.startedAt === undefined ? 0 : Math.max(0, (endOf(day) ?? now) - Date.parse(day.startedAt)),
  };
}

/** When the last task of a day ended; undefined while one is not over. */
function endOf(day: DayState): number | undefined {
  const tasks = Object.values(day.tasks);
  const over = tasks.every(({ status }) => status === 'done' || status === 'failed' || status === 'stopped');
  return over && tasks.length > 0 ? Math.max(...tasks.map(({ since }) => Date.parse(since))) : undefined;
}

function rowOf(task: TaskState, open: ItemState[], day: DayState, now: number): StatusRow {
  const running = task.open && (task.status === 'working' || task.status === 'checking');
  const reserved = Object.values(task.reserved).reduce((sum, { usd: amount }) => sum + amount, 0);
  return {
    id: task.spec.id,
    name: oneLine(task.spec.name),
    status: task.status,
    waitsForYou: open.length > 0 && task.status !== 'done' && task.status !== 'failed' && task.status !== 'stopped',
    now: oneLine(nowOf(task, open[0], day, now)).slice(0, 500),
    costUsd: task.spentUsd + reserved,
    ms: task.workedMs + (running ? Math.max(0, now - Date.parse(task.since)) : 0),
  };
}

function nowOf(task: TaskState, item: ItemState | undefined, day: DayState, now: number): string {
  switch (task.status) {
    case 'queued': {
      const unmet = task.spec.needs.filter((id) => day.tasks[id]?.status !== 'done');
      return unmet.length === 0 ? '' : `needs ${unmet.join(', ')}`;
    }
    case 'preparing':
      return 'makes its workspace';
    case 'checking':
      return `checks the work${task.rounds > 1 ? `, round ${task.rounds}` : ''}`;
    case 'working':
    case 'parked':
      if (item !== undefined) return `${item.id}: ${item.questions[0]?.question ?? 'asks'}`;
      return task.status === 'parked' ? parked(task, day) : doing(task, now);
    case 'done':
    case 'failed':
    case 'stopped':
      return task.reason ?? '';
  }
}

function parked(task: TaskState, day: DayState): string {
  const until =
    task.parked?.until === undefined ? '' : ` until ${zoneClock(day.plan.timezone)(task.parked.until).slice(0, 16)}`;
  return `${(task.parked?.reason ?? 'parked').replaceAll('_', ' ')}${until}`;
}

/** With how long ago, where that is long enough to wonder. */
function doing(task: TaskState, now: number): string {
  if (task.doing === undefined) return 'starts';
  const age = task.doingAt === undefined ? 0 : now - Date.parse(task.doingAt);
  return age >= 60_000 ? `(${duration(age)}) ${task.doing}` : task.doing;
}

type Paint = 'green' | 'red' | 'yellow' | 'cyan' | 'dim';
const looks: Record<TaskState['status'] | 'waits', [mark: string, paint: Paint]> = {
  queued: ['·', 'dim'],
  preparing: ['…', 'cyan'],
  working: ['▶', 'cyan'],
  checking: ['≟', 'cyan'],
  parked: ['‖', 'yellow'],
  waits: ['?', 'yellow'],
  done: ['✓', 'green'],
  failed: ['✗', 'red'],
  stopped: ['■', 'dim'],
};

/**
 * The view as lines of at most `columns` cells, without a newline at the end: a line a task, then the total. At most
 * `rows` lines, where given: tasks that are over are left out first, then those that have not begun. `whole`: what is said of the
 * day is not cut.
 */
export function renderStatus(
  view: StatusView,
  options: { columns: number; color: boolean; rows?: number | undefined; whole?: boolean },
): string {
  const colors = createColors(options.color);
  // Half of the lines are the tasks', whatever is asked.
  const asked = view.asked.slice(0, Math.max(1, Math.floor(((options.rows ?? Infinity) - 1) / 2)));
  const { shown, hidden } = choose(view.rows, (options.rows ?? Infinity) - 1 - asked.length);
  const columns = Math.max(20, options.columns);
  const idWidth = Math.min(24, Math.max(4, ...view.rows.map((row) => cellsOf(row.id))));
  // What a task does now is worth more than its name: the name has what is left.
  const longest = Math.max(0, ...view.rows.map((row) => cellsOf(row.name)));
  const forName = Math.min(30, columns - idWidth - 64, longest);
  const nameWidth = forName < Math.min(12, longest) ? 0 : forName;
  const lines = shown.map((row) => {
    const [mark, paint] = looks[row.waitsForYou ? 'waits' : row.status];
    const left = [
      mark,
      fit(row.id, idWidth),
      ...(nameWidth === 0 ? [] : [fit(row.name, nameWidth)]),
      fit(row.status, 9),
    ];
    const right =
      columns < 50
        ? usd(row.costUsd).padStart(7)
        : `${usd(row.costUsd).padStart(8)} ${(row.ms === 0 ? '' : duration(row.ms)).padStart(12)}`;
    const start = left.join(' ');
    const room = columns - cellsOf(start) - cellsOf(right) - 2;
    const line =
      room < 4
        ? fit(start, columns - cellsOf(right) - 1).concat(' ', right)
        : `${start} ${fit(row.now, room)} ${right}`;
    return colors[paint](clip(line, columns).trimEnd());
  });
  if (hidden.length > 0) lines.push(colors.dim(clip(`  … ${hidden.length} more: ${countsOf(hidden)}`, columns)));
  const room = options.whole === true ? Infinity : columns;
  for (const line of asked) lines.push(colors.yellow(clip(`? ${line}`, room)));
  lines.push(colors.bold(clip(totalLine(view), room)));
  return lines.join('\n');
}

const LEFT_OUT_FIRST = ['stopped', 'done', 'failed', 'queued', 'parked', 'preparing', 'checking', 'working'];

/** The tasks that fit into so many lines, as they stand, with a line to spare for those that do not. */
function choose(rows: StatusRow[], room: number): { shown: StatusRow[]; hidden: StatusRow[] } {
  if (rows.length <= room) return { shown: rows, hidden: [] };
  const worth = (row: StatusRow) => (row.waitsForYou ? LEFT_OUT_FIRST.length : LEFT_OUT_FIRST.indexOf(row.status));
  const kept = new Set([...rows].sort((a, b) => worth(b) - worth(a)).slice(0, Math.max(0, room - 1)));
  return { shown: rows.filter((row) => kept.has(row)), hidden: rows.filter((row) => !kept.has(row)) };
}

function countsOf(rows: StatusRow[]): string {
  return [...Map.groupBy(rows, (row) => row.status)].map(([status, of]) => `${of.length} ${status}`).join(', ');
}

function totalLine(view: StatusView): string {
  const paused = view.status === 'paused' ? ` paused: ${oneLine(view.pauseReason ?? '')} ·` : '';
  const waiting = view.waiting === 0 ? '' : ` · ${view.waiting} ${view.waiting === 1 ? 'waits' : 'wait'} for you`;
  const time = view.ms === 0 ? '' : ` · ${duration(view.ms)}`;
  return `${view.date} ·${paused} ${view.over} of ${view.rows.length} over${waiting} · ${usd(view.costUsd)} of ${usd(view.limitUsd)}${time}`;
}

let segmenter: Intl.Segmenter | undefined;

/** Characters as a reader sees them. Made only when a text needs it: it takes milliseconds. */
function graphemes(text: string): Iterable<{ segment: string }> {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** Latin letters and the signs of this view, each one cell wide. */
const narrow = /^[ -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u2193\u225f\u25a0\u25b6\u2713\u2717\u2016]*$/;

/** Cells of a terminal: emoji and East Asian characters take two, combining marks none. */
export function cellsOf(text: string): number {
  if (narrow.test(text)) return text.length;
  let cells = 0;
  for (const { segment } of graphemes(text)) cells += cellOf(segment);
  return cells;
}

function cellOf(grapheme: string): number {
  if (/^[\p{M}\p{Cf}\p{Cc}]+$/u.test(grapheme)) return 0;
  const wide =
    /\p{Emoji_Presentation}|\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u;
  return wide.test(grapheme) ? 2 : 1;
}

/** Cut to `cells`, with a mark where something is missing. */
export function clip(text: string, cells: number): string {
  if (cellsOf(text) <= cells) return text;
  let out = '';
  let used = 0;
  for (const { segment } of graphemes(text)) {
    if (used + cellOf(segment) > cells - 1) break;
    out += segment;
    used += cellOf(segment);
  }
  return `${out}…`;
}

function fit(text: string, cells: number): string {
  const clipped = clip(text, Math.max(1, cells));
  return clipped + ' '.repeat(Math.max(0, cells - cellsOf(clipped)));
}
