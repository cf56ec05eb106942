import type { EgressRule, EgressTarget } from '../../egress/index.ts';
import type { Clock } from '../../base/index.ts';
import type { EgressMeter } from './meter.ts';
import type { Dialer } from './dial.ts';
import type { EgressRefusal } from './refused.ts';

/** What one door lets out beside model calls. */
export interface EgressAccess {
  rules: readonly EgressRule[];
  /** Hosts that may have addresses of a private network, or of this very machine: the person named them for that. */
  named: ReadonlySet<string>;
  /** The model's provider may be asked to search the web; its other errands are refused always. */
  search?: boolean;
}

interface EgressHandlers {
  /** This door is about to connect to a target for the first time. A rejection keeps the connection in. */
  onOpened(target: EgressTarget): Promise<void>;
  /** Must not throw. */
  onRefused(refusal: EgressRefusal): void;
  /** Bytes moved: a sign of life. */
  onTraffic?(): void;
}

/** How long things may take, in ms. */
export interface EgressTiming {
  /** To resolve a name, and to connect to each of its addresses. */
  connect: number;
  /** Until a client has said which server it wants. */
  hello: number;
  /** Without a byte in either direction. */
  idle: number;
  /** The same once one side has finished sending. */
  halfOpen: number;
}

export const usualTiming: EgressTiming = { connect: 10_000, hello: 10_000, idle: 300_000, halfOpen: 60_000 };

export interface EgressOptions {
  access: EgressAccess;
  /** Of the task, shared by all its doors. */
  meter: EgressMeter;
  handlers: EgressHandlers;
  dialer: Dialer;
  clock: Clock;
  timing?: Partial<EgressTiming>;
  /** Nothing leaves before this resolves, and nothing at all where it rejects. */
  gate?: Promise<void> | undefined;
  /** What a client must show as the password of its proxy credentials; see `DoorOptions`. */
  token?: string | undefined;
}
