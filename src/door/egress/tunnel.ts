import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { messageOf } from '../../base/index.ts';
import { connectTarget, defaultPort, hostName, readHello, type EgressTarget } from '../../egress/index.ts';
import { pass, refusalFor, relayBoth, type EgressState } from './pass.ts';
import { readUntil } from './read.ts';
import { Refused, type EgressRefusal } from './refused.ts';
import { bodyOf, statusOf } from './words.ts';

/** Fatal alert "unrecognized name": what a TLS client understands. */
const unrecognizedName = Buffer.from([21, 3, 3, 0, 2, 2, 112]);

/**
 * `CONNECT host:port`. What passes then is TLS to that very name, as its first bytes must show. At another port than
 * 443 they may begin a request of HTTP instead: then `serve` gets the client, and its requests go one by one. Never rejects.
 */
export async function tunnel(
  state: EgressState,
  request: IncomingMessage,
  client: Socket,
  head: Buffer,
  serve: (client: Socket, target: EgressTarget) => void,
): Promise<void> {
  const gone = new AbortController();
  client.on('error', () => client.destroy());
  client.on('close', () => gone.abort());
  const target = connectTarget(request.url ?? '');
  if ('problem' in target) {
    refuse(client, refusalFor(state, { host: target.asked }, new Refused(target.problem)));
    return;
  }
  let accepted = false;
  try {
    const passage = await pass(state, target, 'tunnel', gone.signal);
    try {
      if (head.length > 0) client.unshift(head);
      accepted = true;
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      const first = await firstWords(state, client, target);
      if (first === 'tls') await relayBoth(client, passage);
      else serve(client, target);
    } finally {
      passage.over();
    }
  } catch (error) {
    // Who left before it was told anything was not refused.
    if (gone.signal.aborted) return;
    const refusal = refusalFor(state, target, error);
    if (!accepted) refuse(client, refusal);
    else {
      if (refusal.reason !== 'not_tls') client.write(unrecognizedName);
      client.destroySoon();
    }
  }
}

function refuse(client: Socket, refusal: EgressRefusal): void {
  const [status, phrase] = statusOf(refusal);
  const body = bodyOf(refusal);
  client.write(
    `HTTP/1.1 ${status} ${phrase}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  client.destroySoon();
}

/** What the client begins with; rejects with Refused where that is neither TLS to the target nor, where it may be, HTTP. */
async function firstWords(state: EgressState, client: Socket, target: EgressTarget): Promise<'tls' | 'http'> {
  const { clock, timing } = state;
  let need = 1;
  const words = readUntil(client, (bytes) => {
    if (bytes.length < need) return undefined;
    const hello = readHello(bytes);
    switch (hello.kind) {
      case 'more':
        need = hello.need;
        return undefined;
      case 'not_tls':
        if (target.port === defaultPort || !isCapital(bytes[0])) throw new Refused('not_tls');
        return 'http';
      case 'broken':
        throw new Refused('not_tls', 'no hello that can be read');
      case 'hello':
        if (hello.hidden) throw new Refused('hidden_name');
        if (hello.name === undefined) throw new Refused('no_name');
        if (hostName(hello.name) !== target.host) throw new Refused('other_name', printed(hello.name));
        return 'tls';
    }
  }).catch((error: unknown) => {
    throw error instanceof Refused ? error : new Refused('not_tls', messageOf(error));
  });
  let cancel: () => void = () => undefined;
  const silence = new Promise<never>((_, reject) => {
    cancel = clock.after(timing.hello, () => reject(new Refused('not_tls', 'it said nothing')));
  });
  try {
    return await Promise.race([words, silence]);
  } finally {
    cancel();
    words.catch(() => undefined); // it was decided without them
  }
}

/** A request of HTTP begins with its method. */
function isCapital(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 65 && byte <= 90;
}

function printed(name: string): string {
  return name.slice(0, 120).replace(/[^\x21-\x7e]/g, '?');
}
