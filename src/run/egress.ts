import type { Clock } from '../base/index.ts';
import { certificatesOf, readClient, type ClientSettings } from '../clients/index.ts';
import { createDialer, createMeter, type Dialer, type EgressMeter, type Upstream } from '../door/index.ts';
import type { Preset } from '../egress/index.ts';
import type { Home } from '../home/index.ts';
import type { TaskState } from '../journal/index.ts';

const MB = 1_000_000;

/** What all tasks of a daemon share of the way out: the person's clients, read once, and what each task has moved. */
export interface Egress {
  client(preset: Preset): Promise<ClientSettings>;
  certificates(): ReturnType<typeof certificatesOf>;
  dialer: Dialer;
  /** Of one task, whatever door it takes; `task` tells what it has moved before this daemon. */
  meterOf(key: string, task: TaskState): EgressMeter;
}

interface Needs {
  /** Asked anew for each task: its settings may be read again while the daemon is up. */
  readonly home: Home;
  /** The daemon's. */
  env: Record<string, string | undefined>;
  clock: Clock;
  upstream: Upstream;
}

/** Starts nothing yet: the clients are asked when a list names one. */
export function createEgress(needs: Needs): Egress {
  const { env, clock, upstream } = needs;
  const clients = new Map<Preset, Promise<ClientSettings>>();
  const meters = new Map<string, EgressMeter>();
  let certificates: ReturnType<typeof certificatesOf> | undefined;
  return {
    dialer: createDialer(upstream.proxy ?? {}),
    client(preset) {
      const known = clients.get(preset) ?? readClient(preset, env);
      clients.set(preset, known);
      return known;
    },
    certificates: () => (certificates ??= certificatesOf(env)),
    meterOf(key, task) {
      const known = meters.get(key);
      if (known !== undefined) return known;
      const { task_mb, task_sent_mb, connections, connections_per_minute } = needs.home.config.egress;
      const limits = {
        bytes: task_mb * MB,
        sent: task_sent_mb * MB,
        connections,
        perMinute: connections_per_minute,
      };
      const before = { sent: 0, received: 0 };
      for (const host of Object.values(task.egress ?? {})) {
        before.sent += host.sent;
        before.received += host.received;
      }
      const meter = createMeter(limits, clock, before);
      meters.set(key, meter);
      return meter;
    },
  };
}
