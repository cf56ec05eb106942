import type { Clock } from '../../src/base/index.ts';
import type { Home } from '../../src/home/index.ts';
import type { Channel, Journal } from '../../src/journal/index.ts';
import type { Operator } from '../../src/operator/index.ts';

/** All that the core uses of the daemon that it lives in. */
export interface ChatContext {
  home: Home;
  journal: Journal;
  operator: Operator;
  clock: Clock;
  newId: () => string;
  /** The id of a new inbox item. */
  newItemId: () => string;
  /** Takes secrets out of whatever is written. */
  redact: (text: string) => string;
  /** Words for whoever looks at the daemon: one line, no secrets. */
  log: (text: string) => void;
  env: Record<string, string | undefined>;
  /** Channels whose bot has a token. What is said before it first comes up waits for it, and goes elsewhere after a while. */
  channels?: readonly Channel[];
  /** The home's own secret: buttons are signed with it. */
  secret: Uint8Array;
}
