import { defaultPort, readEntry } from '../egress/index.ts';

/** The host of a registry's address as an entry of an `egress` list; undefined where none can be: a file, an address without a name. */
function entryOf(address: string): string | undefined {
  const url = URL.parse(address.trim());
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  const port = url.port === '' ? (url.protocol === 'https:' ? defaultPort : 80) : Number(url.port);
  const entry = port === defaultPort ? url.hostname : `${url.hostname}:${port}`;
  // `npm.` alone would be read as the word.
  return readEntry(entry).kind === 'host' ? entry : undefined;
}

/** The entries of several addresses, each once, and those that have none. */
export function entriesOf(addresses: readonly string[]): { hosts: string[]; without: string[] } {
  const hosts = addresses.flatMap((address) => entryOf(address) ?? []);
  const without = addresses.filter((address) => entryOf(address) === undefined).map(bare);
  return { hosts: [...new Set(hosts)], without };
}

/** The address without user and password. What cannot be read as one is left out: it may hold either. */
export function bare(address: string): string {
  const url = URL.parse(address.trim());
  if (url === null) return '';
  url.username = '';
  url.password = '';
  return url.href;
}
