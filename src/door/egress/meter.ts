import type { Clock } from '../../base/index.ts';
import type { EgressTarget } from '../../egress/index.ts';
import type { EventData } from '../../journal/index.ts';
import type { EgressRefusal, RefusalReason } from './refused.ts';

/** What one task may move and how fast. */
export interface EgressLimits {
  /** Bytes both ways over all attempts. */
  bytes: number;
  /** Of these, bytes that are sent out. */
  sent: number;
  /** Connections at once. */
  connections: number;
  /** New connections in a minute. */
  perMinute: number;
}

/** Counts what one task moves, whatever door it takes, and says when it is enough. */
export interface EgressMeter {
  /** A connection wants out. Undefined: it may, and must be followed by `release` once it is over. */
  admit(): Extract<RefusalReason, 'too_many' | 'too_fast' | 'used_up'> | undefined;
  release(): void;
  /** A connection was made. */
  connected(target: EgressTarget): void;
  /** Bytes moved. False where the task has used up what it may move: the connection has to end. */
  moved(target: EgressTarget, sent: number, received: number): boolean;
  /** True for the first refusal of its kind for this host; the others are only counted. */
  refused(refusal: EgressRefusal): boolean;
  /** Everything since the last time; undefined where that is nothing. */
  take(): EventData<'egress.counted'> | undefined;
}

/** So many kinds of refusals are told apart; a task that tries more names than that is not worth more lines. */
const mostRefusals = 200;

export function createMeter(
  limits: EgressLimits,
  clock: Clock,
  before: { sent: number; received: number },
): EgressMeter {
  let { sent, received } = before;
  let open = 0;
  let starts: number[] = [];
  const hosts = new Map<string, EventData<'egress.counted'>['hosts'][number]>();
  const refusals = new Map<string, { host: string; reason: RefusalReason; count: number }>();
  const countOf = ({ host, port }: EgressTarget) => {
    const key = `${host}:${port}`;
    const known = hosts.get(key) ?? { host, port, connections: 0, sent: 0, received: 0 };
    hosts.set(key, known);
    return known;
  };
  const usedUp = () => sent >= limits.sent || sent + received >= limits.bytes;
  return {
    admit() {
      if (usedUp()) return 'used_up';
      if (open >= limits.connections) return 'too_many';
      const now = clock.now();
      starts = starts.filter((at) => at <= now && at > now - 60_000);
      if (starts.length >= limits.perMinute) return 'too_fast';
      starts.push(now);
      open += 1;
      return undefined;
    },
    release() {
      open -= 1;
    },
    connected(target) {
      countOf(target).connections += 1;
    },
    moved(target, out, back) {
      const count = countOf(target);
      count.sent += out;
      count.received += back;
      sent += out;
      received += back;
      return !usedUp();
    },
    refused({ host, reason }) {
      const key = `${reason} ${host}`;
      const known = refusals.get(key);
      if (known !== undefined) known.count += 1;
      else if (refusals.size < mostRefusals) refusals.set(key, { host, reason, count: 0 });
      else {
        const rest = refusals.get('rest') ?? { host: '(others)', reason, count: 0 };
        rest.count += 1;
        refusals.set('rest', rest);
      }
      return known === undefined && refusals.get(key) !== undefined;
    },
    take() {
      const told = [...refusals.values()].filter(({ count }) => count > 0).map((refusal) => ({ ...refusal }));
      const data = { hosts: [...hosts.values()], refused: told };
      hosts.clear();
      for (const refusal of refusals.values()) refusal.count = 0;
      return data.hosts.length === 0 && data.refused.length === 0 ? undefined : data;
    },
  };
}
