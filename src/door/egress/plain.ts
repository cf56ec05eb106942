import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { plainTarget, type EgressTarget } from '../../egress/index.ts';
import { pass, refusalFor, type EgressState, type Passage } from './pass.ts';
import { Refused, type EgressRefusal } from './refused.ts';
import { bodyOf, statusOf } from './words.ts';

/** Meant for the next machine only (RFC 9110, 7.6.1), or what the sender of the next hop says itself. */
const ownOfTheHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'host',
]);

/**
 * One request of plain HTTP: `GET http://host/path`, or, inside a tunnel to `within`, `GET /path`. It goes out by a
 * connection of its own, with the Host that was judged. Never rejects.
 */
export async function plainRequest(
  state: EgressState,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  within?: EgressTarget,
): Promise<void> {
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  const url = incoming.url ?? '';
  const target = within === undefined ? plainTarget(url) : { ...within, path: url };
  if ('problem' in target) {
    refuse(outgoing, refusalFor(state, { host: target.asked }, new Refused(target.problem)));
    return;
  }
  const { host, port } = target;
  try {
    if (!/^\/[\x21-\x7e]*$/.test(target.path) || incoming.method === 'TRACE') throw new Refused('malformed');
    const passage = await pass(state, { host, port }, 'plain', gone.signal);
    try {
      await exchange(passage, incoming, outgoing, target.path);
    } finally {
      passage.over();
    }
  } catch (error) {
    if (!gone.signal.aborted) refuse(outgoing, refusalFor(state, { host, port }, error));
  }
}

function refuse(outgoing: ServerResponse, refusal: EgressRefusal): void {
  if (outgoing.headersSent) {
    outgoing.destroy();
    return;
  }
  const [status, phrase] = statusOf(refusal);
  const body = bodyOf(refusal);
  // What is still to come of the request is not read: the connection cannot be used again.
  outgoing.writeHead(status, phrase, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  outgoing.end(body);
}

/** Sends the request on and its answer back. Rejects with Refused where no answer came. */
function exchange(passage: Passage, incoming: IncomingMessage, outgoing: ServerResponse, path: string): Promise<void> {
  const { target, proxy, socket } = passage;
  const place = target.port === 80 ? target.host : `${target.host}:${target.port}`;
  const headers = [...passedOn(incoming), 'Host', place, 'Connection', 'close'];
  if (proxy?.authorization !== undefined) headers.push('Proxy-Authorization', proxy.authorization);
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      // With an agent, even `false`, this would be ignored and another connection made.
      createConnection: () => socket,
      method: incoming.method ?? 'GET',
      path: proxy === undefined ? path : `http://${place}${path}`,
      headers,
      setHost: false,
    });
    outgoing.once('close', () => {
      request.destroy();
      resolve();
    });
    request.on('error', (error: NodeJS.ErrnoException) => reject(new Refused('unreachable', error.code)));
    request.on('upgrade', () => reject(new Refused('unreachable', 'it wants another protocol')));
    request.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', [...passedOn(answer)]);
      answer.on('data', () => void passage.count());
      // Cut here is cut there: an answer that is not whole must not look whole.
      answer.on('error', () => outgoing.destroy());
      answer.on('close', () => {
        if (!answer.complete) outgoing.destroy();
      });
      answer.pipe(outgoing);
    });
    incoming.on('data', () => void passage.count());
    incoming.pipe(request);
  });
}

/** The headers that go on, as they were written, in their order. */
function* passedOn({ rawHeaders, headers }: IncomingMessage): Generator<string> {
  const alsoOfTheHop = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    const lower = name.toLowerCase();
    if (ownOfTheHop.has(lower) || alsoOfTheHop.includes(lower)) continue;
    yield name;
    yield rawHeaders[at + 1] ?? '';
  }
}
