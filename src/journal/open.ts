import { DayshiftError, messageOf, systemClock, type Clock } from '../base/index.ts';
import { validateEvent, type JournalEvent, type NewEvent } from './events.ts';
import { fold } from './fold.ts';
import { EVENT_VERSION } from './known.ts';
import { encodeLine } from './line.ts';
import { openLog } from './log.ts';
import type { Journal } from './port.ts';
import { recover } from './recover.ts';
import { RECENT_EVERY, recentFileOf, recentOf } from './recent.ts';
import { SNAPSHOT_EVERY, type JournalPaths } from './replay.ts';
import { createSnapshots } from './snapshots.ts';

export interface JournalOptions {
  clock?: Clock;
  /** Told what a person should know and nothing depends on: a torn tail, a lost snapshot, events of a newer version. */
  onWarning?: (text: string) => void;
}

/** The events of one `append`. */
interface Group {
  /** UTC date of the append. */
  day: string;
  events: JournalEvent[];
  lines: string[];
  resolve: (events: JournalEvent[]) => void;
  reject: (error: DayshiftError) => void;
}

/**
 * Opens a home's journal for writing; the caller holds the home's lock. Cuts a torn tail, reports it as
 * warning and as event. Rejects with DayshiftError where the journal is damaged or cannot be written.
 */
export async function openJournal(paths: JournalPaths, options: JournalOptions = {}): Promise<Journal> {
  const { clock = systemClock, onWarning: warn = () => undefined } = options;
  const recovered = recover(paths, clock);
  for (const warning of recovered.warnings) warn(warning);
  const { state, skipped } = recovered;
  let { last } = recovered;
  let nextSeq = recovered.position.next;
  const log = openLog(paths.journal);
  const saved = recovered.replayed === 0 ? state.seq : 0;
  // About one byte of it for each byte of journal.
  const snapshots = createSnapshots(
    paths.stateFile,
    { saved, every: SNAPSHOT_EVERY, bytesAnEvent: 200, spares: 'the next start' },
    warn,
  );
  // Whether the one on the disk is any good nobody looked: it is written anew.
  const recents = createSnapshots(
    recentFileOf(paths.stateFile),
    { saved: 0, every: RECENT_EVERY, bytesAnEvent: 500, spares: 'dayshift status' },
    warn,
  );
  const listeners = new Set<(event: JournalEvent) => void>();
  let waiting: Group[] = [];
  let flushing: Promise<void> | undefined;
  /** Why nothing more is taken. */
  let refusal: DayshiftError | undefined;
  let closed: Promise<void> | undefined;

  const snapshot = () => ({
    seq: state.seq,
    file: last?.file ?? '',
    offset: last?.start ?? 0,
    line: last?.sum ?? '',
    skipped: [...skipped],
    state,
  });

  const recent = () => ({ ...snapshot(), part: 'recent' as const, state: recentOf(state) });

  function append(...news: NewEvent[]): Promise<JournalEvent[]> {
    if (refusal !== undefined) return Promise.reject(refusal);
    if (news.length === 0) return Promise.resolve([]);
    let group: Omit<Group, 'resolve' | 'reject'>;
    try {
      group = prepare(news, nextSeq, new Date(clock.now()).toISOString());
    } catch (error) {
      return Promise.reject(error instanceof DayshiftError ? error : unwritable(news, error));
    }
    nextSeq += news.length;
    return new Promise((resolve, reject) => {
      waiting.push({ ...group, resolve, reject });
      flushing ??= flush();
    });
  }

  /** Writes what waits, group after group together, until nothing waits. */
  async function flush(): Promise<void> {
    for (;;) {
      // Whoever was just acknowledged gets the chance to append again, so that many writers share one sync.
      await new Promise((resolve) => setImmediate(resolve));
      const batch = takeBatch();
      if (batch[0] === undefined) break;
      try {
        const bytes = Buffer.from(batch.flatMap((group) => group.lines).join(''));
        const { file, offset } = await log.write(batch[0].day, bytes);
        const lastLine = batch.at(-1)?.lines.at(-1) ?? '';
        last = { file, start: offset + bytes.length - Buffer.byteLength(lastLine), sum: lastLine.slice(-11, -3) };
      } catch (error) {
        refusal = error instanceof DayshiftError ? error : unwritable([], error);
        for (const group of [...batch, ...waiting]) group.reject(refusal);
        waiting = [];
        break;
      }
      for (const group of batch) acknowledge(group);
      snapshots.consider(state.seq, snapshot);
      recents.consider(state.seq, recent);
    }
    flushing = undefined;
  }

  /** The groups that go into the same day's file. */
  function takeBatch(): Group[] {
    const other = waiting.findIndex((group) => group.day !== waiting[0]?.day);
    return waiting.splice(0, other < 0 ? waiting.length : other);
  }

  function acknowledge({ events, resolve }: Group): void {
    for (const event of events) fold(state, event);
    resolve(events);
    for (const event of events) {
      for (const listener of [...listeners]) {
        try {
          listener(event);
        } catch (error) {
          warn(`a listener of the journal failed at event ${event.seq} (${event.type}): ${messageOf(error)}`);
        }
      }
    }
  }

  async function close(): Promise<void> {
    refusal ??= new DayshiftError('internal', 'the journal is closed');
    await flushing;
    if (last !== undefined) {
      await snapshots.finish(state.seq, snapshot);
      await recents.finish(state.seq, recent);
    }
    await log.close();
  }

  if (recovered.cut !== undefined) await append({ type: 'journal.repaired', data: recovered.cut });

  return {
    append,
    state,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => (closed ??= close()),
  };
}

/** Events as they will stand in the journal, and their lines. Throws DayshiftError where one does not fit its schema. */
function prepare(news: NewEvent[], firstSeq: number, at: string): Pick<Group, 'day' | 'events' | 'lines'> {
  const lines: string[] = [];
  const events = news.map((event, index) => {
    const { type, day, task, attempt, actor = { kind: 'daemon' } } = event;
    const checked = validateEvent(event);
    if (event.type === 'journal.repaired' && event.data.through !== undefined) {
      throw new DayshiftError('internal', 'only a repair of the journal stands in for lost events');
    }
    if (!checked.success) {
      const what = checked.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
      throw new DayshiftError('internal', `the event ${type} is not written, for it is not valid: ${what}`);
    }
    const seq = firstSeq + index;
    const json = JSON.stringify({ v: EVENT_VERSION, seq, at, day, task, attempt, actor, type, data: checked.data });
    lines.push(encodeLine(json, news.length - 1 - index));
    // What is folded is what a replay would read: the caller keeps no hand in it.
    return JSON.parse(json) as JournalEvent;
  });
  return { day: at.slice(0, 10), events, lines };
}

function unwritable(news: NewEvent[], cause: unknown): DayshiftError {
  const what = news.map((event) => event.type).join(', ');
  return new DayshiftError('internal', `the journal cannot write ${what || 'events'}: ${messageOf(cause)}`, { cause });
}
