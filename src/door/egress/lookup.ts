import { lookup as systemLookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';

/** Names to addresses, as this machine resolves them. Rejects where there are none. */
export type Lookup = (host: string) => Promise<string[]>;

/** An answer is used again for so long, in ms: one install asks for one name dozens of times. */
const keepMs = 5_000;
/**
 * The system's resolver keeps a thread busy for each name, and the daemon's files go by the same few threads: no more
 * names are asked for at once than this.
 */
const mostAtOnce = 2;

/** The system's resolver, with /etc/hosts and all. Of two that ask for one name at once the second gets the first one's answer. */
export function createLookup(ask: Lookup = resolve, now: () => number = Date.now): Lookup {
  const known = new Map<string, { at: number; answer: Promise<string[]> }>();
  const waiting: (() => void)[] = [];
  let running = 0;
  const inTurn = async (host: string): Promise<string[]> => {
    if (running >= mostAtOnce) await new Promise<void>((go) => waiting.push(go));
    else running += 1;
    try {
      return await ask(host);
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
  return (host) => {
    const time = now();
    for (const [name, { at }] of known) if (at + keepMs < time || at > time) known.delete(name);
    const before = known.get(host);
    if (before !== undefined) return before.answer;
    const answer = inTurn(host);
    known.set(host, { at: time, answer });
    answer.catch(() => known.delete(host));
    return answer;
  };
}

async function resolve(host: string): Promise<string[]> {
  const all = await systemLookup(host, { all: true, order: 'verbatim' });
  return all.map(({ address }) => address);
}

/** The addresses of this machine itself: behind a name they lead to its own ports, past any firewall. */
export function ownAddresses(): Set<string> {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return new Set(all.map(({ address }) => address));
}
