import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { EgressTarget } from '../../egress/index.ts';
import { closeServer, listen } from '../server.ts';
import { prepareSocket } from '../socket.ts';
import { isToken, proxyPassword } from '../token.ts';
import type { Door } from '../types.ts';
import { chmod } from 'node:fs/promises';
import { egressState, type EgressState } from './pass.ts';
import { plainRequest } from './plain.ts';
import { tunnel } from './tunnel.ts';
import type { EgressOptions } from './types.ts';

/** The proxy of one door. */
export interface EgressProxy {
  /** Makes `server` a proxy beside what it is: `CONNECT`, and requests that name their host in the first line. */
  attach(server: Server): void;
  /** Ends all connections; resolves once nothing is under way. Harmless the second time. */
  close(): Promise<void>;
}

export function egressProxy(options: EgressOptions): EgressProxy {
  const state = egressState(options);
  const clients = new Set<Socket>();
  const track = (work: Promise<void>): void => {
    state.underway.add(work);
    void work.finally(() => state.underway.delete(work));
  };
  const keep = (client: Socket): void => {
    clients.add(client);
    client.once('close', () => clients.delete(client));
  };
  const inside = insideTunnels(state, track);
  const isOurs = options.token === undefined ? undefined : isToken(options.token);
  const isStranger = ({ headers }: IncomingMessage) => isOurs?.(proxyPassword(headers)) === false;
  return {
    attach(server) {
      server.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) => {
        keep(client);
        if (isStranger(request)) sendAway(client);
        else track(tunnel(state, request, client, head, inside));
      });
      const others = server.listeners('request') as RequestListener[];
      server.removeAllListeners('request');
      server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
        if (incoming.url?.startsWith('/') === true || incoming.url === '*')
          for (const serve of others) serve(incoming, outgoing);
        else if (isStranger(incoming)) outgoing.writeHead(407, challenge).end();
        else track(plainRequest(state, incoming, outgoing));
      });
    },
    async close() {
      state.closing.abort();
      for (const client of clients) client.destroy();
      await Promise.allSettled(state.underway);
    },
  };
}

/** Some programs, git among them, show their credentials only when they are asked for them. Nothing is written down of who has none. */
const challenge = { 'proxy-authenticate': 'Basic realm="proxy"', 'content-length': '0', connection: 'close' };

function sendAway(client: Socket): void {
  const head = Object.entries(challenge).map(([name, value]) => `${name}: ${value}`);
  client.on('error', () => client.destroy());
  client.write(['HTTP/1.1 407 Proxy Authentication Required', ...head, '', ''].join('\r\n'));
  client.destroySoon();
}

/** Serves the requests of clients that speak HTTP inside a tunnel: each goes out by itself, to the tunnel's target alone. */
function insideTunnels(
  state: EgressState,
  track: (work: Promise<void>) => void,
): (client: Socket, target: EgressTarget) => void {
  const targets = new WeakMap<Socket, EgressTarget>();
  const server = createServer({ keepAliveTimeout: state.timing.idle, headersTimeout: 0, requestTimeout: 0 });
  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const target = targets.get(incoming.socket);
    if (target === undefined) outgoing.destroy();
    else track(plainRequest(state, incoming, outgoing, target));
  });
  server.on('connect', (_request, client: Socket) => client.destroy());
  return (client, target) => {
    targets.set(client, target);
    server.emit('connection', client);
    client.resume();
  };
}

/** A door that leads to the hosts of a list and nowhere else: for commands that Dayshift runs without an agent. Throws DayshiftError where it cannot. */
export async function openEgressDoor(socketPath: string, options: EgressOptions): Promise<Omit<Door, 'serve'>> {
  const server = createServer((_incoming, outgoing) => {
    const words = options.token === undefined ? 'This door leads out by proxy only.\n' : '';
    outgoing.writeHead(404, { 'content-type': 'text/plain' }).end(words);
  });
  server.maxConnections = 512;
  const proxy = egressProxy(options);
  proxy.attach(server);
  await prepareSocket(socketPath);
  await listen(server, socketPath);
  await chmod(socketPath, 0o600);
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await proxy.close();
    await closeServer(server, []);
  };
  return { socketPath, close: () => (closed ??= close()) };
}
