import { watch } from 'node:fs';
import { messageOf } from '../base/index.ts';
import type { JournalEvent } from './events.ts';
import { isDamage, select, startFor, wantFor, type EventFilter } from './read.ts';
import { walk } from './walk.ts';

/** Notification of changes is not to be had everywhere (network shares, used-up watches): so the folder is looked at anyway, so often. */
const POLL_MS = 500;

/**
 * Like `readEvents`, but goes on with what is appended, over to new files, until `signal` is aborted.
 * Throws DayshiftError where the journal is damaged.
 */
export async function* followEvents(
  dir: string,
  filter: EventFilter,
  signal: AbortSignal,
): AsyncGenerator<JournalEvent> {
  const changes = watchFolder(dir, signal);
  let last = filter.afterSeq ?? 0;
  let from = startFor(dir, last);
  let trouble = 0;
  try {
    while (!isAborted(signal)) {
      changes.expect();
      const steps = walk(dir, from, wantFor(filter));
      try {
        for (;;) {
          const step = await steps.next();
          if (step.done === true) {
            from = step.value.position;
            break;
          }
          if (step.value.seq <= last) continue;
          last = step.value.seq;
          const event = select(step.value, filter);
          if (event !== undefined) yield event;
          if (isAborted(signal)) return;
        }
        trouble = 0;
      } catch (error) {
        // A file may have been repaired under our feet, and our place in it be no more: once more from its beginning.
        if (!isDamage(error) || trouble > 0) throw error;
        trouble += 1;
        from = startFor(dir, last);
        continue;
      } finally {
        await steps.return({ position: from });
      }
      await changes.next();
    }
  } finally {
    changes.close();
  }
}

/** A call, for to the compiler `aborted` stays what it was before an await. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function watchFolder(dir: string, signal: AbortSignal) {
  let changed = false;
  let wake = (): void => undefined;
  const fire = () => {
    changed = true;
    wake();
  };
  let watcher: ReturnType<typeof watch> | undefined;
  const attach = () => {
    try {
      watcher ??= watch(dir, fire).on('error', (error) => {
        process.emitWarning(`${dir} cannot be watched, it is looked at instead: ${messageOf(error)}`);
        watcher?.close();
      });
    } catch {
      // not there yet, or no watches left: the next poll tries again
    }
  };
  signal.addEventListener('abort', fire, { once: true });
  attach();
  return {
    /** From now on a change counts. */
    expect(): void {
      attach();
      changed = false;
    },
    /** Resolves at the next change, or after a while. */
    async next(): Promise<void> {
      if (changed || signal.aborted) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, POLL_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      wake = () => undefined;
    },
    close(): void {
      signal.removeEventListener('abort', fire);
      watcher?.close();
    },
  };
}
