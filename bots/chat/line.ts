import type { SlotState } from '../../src/journal/index.ts';
import { backoffMs, type Purse } from '../../src/outbox/index.ts';
import { PlatformError, type Part, type Platform } from './platform.ts';
import type { Piece } from './pieces.ts';

/** A platform with what is known of it in this process. */
export interface Line {
  platform: Platform;
  purse: Purse;
  lanes: Map<string, Lane>;
  /** Slots that may show something old, with the time before which they are left alone. */
  dirty: Map<string, number>;
  /** What slots show whose edits are no events. */
  shown: Map<string, string>;
  /** Messages on their way, as they were composed. */
  composed: Map<string, Piece[]>;
  /** Messages whose markup was refused. */
  plain: Set<string>;
  /** Threads that are no more. */
  gone: Set<string>;
  /** Chats that took an edit no more: somebody blocked the bot, or threw it out. */
  barred: Set<string>;
  /** Chats in which no thread may be opened, and since when, in ms since the epoch. */
  flat: Map<string, number>;
  /** Failures in a row: one call at a time tries again. */
  failures: number;
  /** No call is made until then, in ms since the epoch; noted then. A clock that was set back since is not waited for. */
  downUntil: number;
  downSince: number;
  left: boolean;
  underWay: Set<Promise<unknown>>;
}

/** A chat's messages go out one after the other. */
interface Lane {
  busy: boolean;
  again: boolean;
  cancel: () => void;
}

/** A message that is to show something else. */
export interface Edit {
  name: string;
  slot: SlotState;
  all: Part[];
  mark: string;
  marked: boolean;
}

export function newLine(platform: Platform, purse: Purse): Line {
  return {
    ...{ platform, purse, failures: 0, downUntil: 0, downSince: 0, left: false },
    ...{ lanes: new Map(), dirty: new Map(), shown: new Map(), composed: new Map() },
    ...{ plain: new Set(), gone: new Set(), barred: new Set(), flat: new Map(), underWay: new Set() },
  };
}

/** Notes that the server answered, or that it did not. Returns what its refusal means for the call. */
export function noteFailure(line: Line, error: unknown, now: number): PlatformError['why'] {
  const why = error instanceof PlatformError ? error.why : 'unreachable';
  if (why === 'flood') line.purse.still((error as PlatformError).retryAfterMs ?? 5000, now);
  else if (why === 'unreachable') {
    line.failures += 1;
    line.downSince = now;
    line.downUntil = now + backoffMs(line.failures);
  }
  return why;
}
