import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { hasCode, messageOf, type Clock } from '../../base/index.ts';
import { kindOf, type EgressTarget } from '../../egress/index.ts';
import { proxyFor, type ChainedProxy } from './chain.ts';
import { createLookup, ownAddresses, type Lookup } from './lookup.ts';
import { readHead } from './read.ts';
import { Refused } from './refused.ts';

/** A way to a target. `proxy`: it leads to the daemon's own proxy, which has not been told the target yet. */
export interface Line {
  socket: Socket;
  proxy?: ChainedProxy;
}

interface DialOptions {
  /** The target may have an address that is not public. */
  named: boolean;
  /** `tunnel`: the line shall lead to the target itself. `plain`: HTTP requests will go by it. */
  use: 'tunnel' | 'plain';
  /** For each name and each address, in ms. */
  timeoutMs: number;
  clock: Clock;
  signal: AbortSignal;
}

/** Of a name's addresses so many are tried, one after the other. */
const mostAddresses = 6;

/** Connects to targets: resolves the name, judges every address, and connects to the very address that was judged. */
export type Dialer = (target: EgressTarget, options: DialOptions) => Promise<Line>;

/** `env`: where the daemon's own proxy is named. Rejects with Refused. */
export function createDialer(
  env: Record<string, string | undefined>,
  lookup: Lookup = createLookup(),
  own: () => Set<string> = ownAddresses,
): Dialer {
  return async (target, options) => {
    const proxy = proxyFor(env, options.use === 'plain' ? 'http' : 'https', target);
    if (proxy === 'unusable') throw new Refused('unreachable', 'the proxy in Dayshift’s environment cannot be used');
    const addresses = await judged(target.host, options, lookup, own(), proxy !== 'direct');
    if (proxy !== 'direct') return throughProxy(proxy, target, options);
    return { socket: await toFirst(addresses, target.port, options) };
  };
}

/** The addresses of a host, all of which may be reached. One that may not be closes the host: an answer is taken whole. */
async function judged(
  host: string,
  options: DialOptions,
  lookup: Lookup,
  own: Set<string>,
  byProxy: boolean,
): Promise<string[]> {
  let addresses: string[];
  try {
    addresses = await within(options, lookup(host));
  } catch (error) {
    // Behind a proxy this machine may not know the names of the world: then that one resolves them.
    if (byProxy && !(error instanceof Refused)) return [];
    if (error instanceof Refused) throw error;
    throw new Refused('no_address', hasCode(error, 'ENOTFOUND') ? undefined : messageOf(error));
  }
  if (addresses.length === 0) throw new Refused('no_address');
  for (const address of addresses) {
    const kind = own.has(address) && kindOf(address) === 'public' ? 'loopback' : kindOf(address);
    const never = kind === 'unknown' || kind === 'multicast' || kind === 'unspecified';
    if (never || (kind !== 'public' && !options.named)) throw new Refused('not_public', kind.replace('_', ' '));
  }
  return addresses;
}

async function toFirst(addresses: string[], port: number, options: DialOptions): Promise<Socket> {
  let last: unknown;
  for (const host of addresses.slice(0, mostAddresses)) {
    try {
      return await connected(connectTcp({ host, port, allowHalfOpen: true, noDelay: true }), options);
    } catch (error) {
      if (options.signal.aborted) throw error;
      last = error;
    }
  }
  throw new Refused('unreachable', codeOf(last));
}

async function throughProxy(proxy: ChainedProxy, target: EgressTarget, options: DialOptions): Promise<Line> {
  const { host, port, tls, authorization } = proxy;
  const raw = tls
    ? connectTls({ host, port, ALPNProtocols: ['http/1.1'], ...serverName(host) })
    : connectTcp({ host, port, allowHalfOpen: true, noDelay: true });
  let socket: Socket;
  try {
    socket = await connected(raw, options, tls ? 'secureConnect' : 'connect');
  } catch (error) {
    throw new Refused('unreachable', `Dayshift’s own proxy: ${codeOf(error) ?? 'no answer'}`);
  }
  if (options.use === 'plain') return { socket, proxy };
  const place = `${target.host}:${target.port}`;
  const login = authorization === undefined ? '' : `Proxy-Authorization: ${authorization}\r\n`;
  socket.write(`CONNECT ${place} HTTP/1.1\r\nHost: ${place}\r\n${login}\r\n`);
  try {
    const head = await within(options, readHead(socket));
    const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
    if (status?.startsWith('2') !== true)
      throw new Refused('unreachable', `Dayshift’s own proxy answered ${status ?? 'something else than HTTP'}`);
    return { socket };
  } catch (error) {
    socket.destroy();
    if (error instanceof Refused) throw error;
    throw new Refused('unreachable', 'Dayshift’s own proxy did not answer');
  }
}

/** No name is sent for an address. */
function serverName(host: string): { servername?: string } {
  return kindOf(host) === 'unknown' ? { servername: host } : {};
}

/** Resolves once the socket is connected; rejects, with the socket gone, where it fails, takes too long, or nobody wants it any more. */
async function connected(socket: Socket, options: DialOptions, event = 'connect'): Promise<Socket> {
  // For good: whoever has the socket later looks at its end, not at its error.
  socket.on('error', () => undefined);
  const done = new Promise<void>((resolve, reject) => {
    socket.once(event, () => resolve());
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('it closed')));
  });
  try {
    await within(options, done);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** `work`, or a refusal where it takes too long or nobody wants it any more. */
async function within<T>({ clock, timeoutMs, signal }: DialOptions, work: Promise<T>): Promise<T> {
  let cancel: () => void = () => undefined;
  const tooLong = new Promise<never>((_, reject) => {
    const stop = (): void => reject(new Refused('unreachable', 'the client went away'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    const timer = clock.after(timeoutMs, () => reject(new Refused('unreachable', 'it took too long')));
    cancel = () => {
      timer();
      signal.removeEventListener('abort', stop);
    };
  });
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    cancel();
    work.catch(() => undefined); // nobody waits for it any more
  }
}

function codeOf(error: unknown): string | undefined {
  if (error instanceof Refused) return error.detail;
  return error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : undefined;
}
