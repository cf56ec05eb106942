import { count } from '../base/index.ts';
import type { EventData, JournalEvent } from '../journal/index.ts';
import { code, inline } from './markdown.ts';
import type { NetworkFacts, TaskFacts } from './types.ts';

type Reason = EventData<'egress.refused'>['reason'];

/** What a task reached beside the model, and what it was kept from, in the order in which it tried. */
export function networkOf(events: JournalEvent[]): NetworkFacts {
  const hosts = new Map<string, NetworkFacts['hosts'][number]>();
  const refused = new Map<string, NetworkFacts['refused'][number]>();
  const reached = ({ host, port }: { host: string; port: number }, by?: EventData<'egress.opened'>['by']) => {
    const key = `${host}:${port}`;
    const known = hosts.get(key) ?? { host, port, by: by ?? 'agent', connections: 0, sent: 0, received: 0 };
    hosts.set(key, known);
    return known;
  };
  for (const event of events) {
    if (event.type === 'egress.opened') reached(event.data, event.data.by);
    else if (event.type === 'egress.refused') {
      const { host, port, reason, detail, by } = event.data;
      const known = refused.get(`${reason} ${host}`);
      if (known !== undefined) known.count += 1;
      else
        refused.set(`${reason} ${host}`, {
          host,
          reason,
          by,
          count: 1,
          ...(port === undefined ? {} : { port }),
          ...(detail === undefined ? {} : { detail }),
        });
    } else if (event.type === 'egress.counted') {
      for (const each of event.data.hosts) {
        const known = reached(each);
        known.connections += each.connections;
        known.sent += each.sent;
        known.received += each.received;
      }
      for (const { host, reason, count: more } of event.data.refused) {
        const known = refused.get(`${reason} ${host}`);
        if (known !== undefined) known.count += more;
        else refused.set(`${reason} ${host}`, { host, reason, by: 'agent', count: more });
      }
    }
  }
  // One that was only tried is not one that was reached.
  const failed = new Set([...refused.values()].map(({ host }) => host));
  const seen = [...hosts.values()].filter(({ host, connections }) => connections > 0 || !failed.has(host));
  return { hosts: seen, refused: [...refused.values()] };
}

const whose = { agent: '', setup: ', first by a setup command', check: ', first by a check' };

/** `48 MB received, 210 kB sent in 14 connections, first by a setup command`. */
export function trafficWords({ connections, sent, received, by }: NetworkFacts['hosts'][number]): string {
  return `${bytes(received)} received, ${bytes(sent)} sent in ${count(connections, 'connection')}${whose[by]}`;
}

/** Each host that was reached, as lines. */
export function networkLines({ network }: TaskFacts): string[] {
  return network.hosts.map((host) => `- ${code(`${host.host}:${host.port}`)}: ${trafficWords(host)}`);
}

/** Each host that was kept out, as lines. */
export function keptLines(task: TaskFacts): string[] {
  return keptOf(task).map(({ host, times, reason, detail, hint }) => {
    const why = `${reason}${detail === undefined ? '' : ` (${inline(detail, 120)})`}${hint}`;
    return `- ${code(host)}${times}: ${why}`;
  });
}

/** Hosts off the list that a task tried, for those who read no further; undefined where there are none. */
export function strangersOf({ network }: TaskFacts): { hosts: string[]; more: number } | undefined {
  const names = new Set(
    network.refused.flatMap(({ host, reason }) => (reason === 'not_listed' || reason === 'address' ? [host] : [])),
  );
  return names.size === 0 ? undefined : { hosts: [...names].slice(0, 3), more: Math.max(0, names.size - 3) };
}

/** A host that was kept out: `example.com:443`, `, 3 times`, and why. `reason` and `hint` are our words, with code in backticks. */
interface Kept {
  host: string;
  times: string;
  reason: string;
  detail?: string;
  hint: string;
}

/** Each host that was kept out. */
export function keptOf({ network }: TaskFacts): Kept[] {
  return network.refused.map(({ host, port, reason, detail, count: times }) => ({
    host: port === undefined ? host : `${host}:${port}`,
    times: times === 1 ? '' : `, ${times} times`,
    // A journal of another version may know more of them.
    reason: Object.hasOwn(reasons, reason) ? reasons[reason] : 'refused',
    ...(detail === undefined ? {} : { detail }),
    hint: hints[reason] ?? '',
  }));
}

const reasons: Record<Reason, string> = {
  malformed: 'no host and port that can be read',
  address: 'an address; only names are let out',
  not_listed: 'not on the `egress` list',
  too_many: 'too many connections at once',
  too_fast: 'too many new connections in a minute',
  used_up: 'the task had moved all the data it may',
  no_address: 'the name does not resolve',
  not_public: 'its address is not a public one',
  unreachable: 'it did not answer',
  not_tls: 'the connection was neither TLS nor, where that is allowed, HTTP',
  no_name: 'the TLS in it named no server',
  other_name: 'the TLS in it was for another server',
  hidden_name: 'the TLS in it hid the name of its server',
  failed: 'the proxy failed',
};

const hints: Partial<Record<Reason, string>> = {
  used_up: '; the config sets how much: `egress.task_mb`, `egress.task_sent_mb`',
  not_public: '; where that is meant, put the name into `egress.private` of the config',
};

/** `1.4 MB`; decimal, as the settings are. */
function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = n / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit] ?? ''}`;
}
