import { UNKNOWN, isKnown } from '../marks.ts';
import type { Machine } from '../machine.ts';
import type { Effect, Target } from '../types.ts';

/** Ports on which databases listen; a raw connection to one is a client. */
const rawPorts = new Set(
  '1433 1521 3050 3306 33060 4333 5432 5433 6379 6380 6432 7000 7687 9042 9000 9200 11211 26257 27017 27018 28015 50000'.split(
    ' ',
  ),
);
/** Ports on which databases speak HTTP. */
const httpPorts = new Set('5984 7474 8086 8123 8529 9200'.split(' '));

const databaseScheme =
  /^(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|cassandra|clickhouse|sqlserver|jdbc)$/;

/** True for the machine itself, in any spelling that tools accept. */
export const isLoopback = (host: string): boolean =>
  /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){1,3}|0\.0\.0\.0|\[?::1\]?|\[::\])$/.test(host.toLowerCase());

/** Host and port of `host`, `host:port`, `user@host:port`, `scheme://…`. Undefined where the host is not known. */
export function targetOf(address: string): Target | undefined {
  const rest = address.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '');
  const end = rest.search(/[/?#\\]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  const place = authority.slice(authority.lastIndexOf('@') + 1);
  const match = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(place);
  const host = match?.[1] ?? '';
  if (host === '' || !isKnown(host)) return undefined;
  const scheme = /^([a-z]+):\/\//i.exec(address)?.[1]?.toLowerCase();
  const port = match?.[2] ?? (scheme === 'https' ? '443' : scheme === 'http' ? '80' : undefined);
  return { host: host.toLowerCase(), port };
}

/** A connection as an effect: to a database where the scheme or the port is one, else to its host. `raw`: bytes, not HTTP. */
export function connection(address: string, command: string, how: { raw?: boolean; sends?: boolean } = {}): Effect {
  const target = targetOf(address);
  const scheme = /^([a-z0-9+.-]+):\/\//i.exec(address)?.[1]?.toLowerCase() ?? '';
  const sends = how.sends === true;
  if (databaseScheme.test(scheme)) return { kind: 'database', how: 'client', command };
  if (target === undefined) return { kind: 'network', host: isKnown(address) ? address : UNKNOWN, command, sends };
  const raw = how.raw === true || /^(?:dict|gopher|telnet|tcp)$/.test(scheme);
  if (target.port !== undefined && (raw ? rawPorts : httpPorts).has(target.port)) {
    return { kind: 'database', how: sends || raw ? 'client' : 'look', command };
  }
  const host = target.port === undefined ? target.host : `${target.host}:${target.port}`;
  return { kind: 'network', host, command, sends };
}

/** Tells a connection to the machine. */
export function connect(
  address: string,
  command: string,
  machine: Machine,
  how: { raw?: boolean; sends?: boolean } = {},
): void {
  machine.emit(connection(address, command, how));
}
