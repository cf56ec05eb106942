import { randomBytes } from 'node:crypto';
import { createServer, Agent as HttpAgent, request as plainRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as tlsRequest } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { checkProxy, messageOf } from '../../src/base/index.ts';

/** The way to Discord: straight on, or through the proxy that config names. */
export interface Way {
  /** An address (http, https, ws, wss) as it is to be asked for. The same again for one that is such already. */
  through(address: string): string;
  /** What `through` was given. */
  back(address: string): string;
  close(): Promise<void>;
}

/** No proxy: every address is its own. */
const straight: Way = {
  through: (address) => address,
  back: (address) => address,
  close: () => Promise.resolve(),
};

/**
 * Opens the way. Through a proxy it is a small server on loopback: the libraries of REST and gateway know no proxy alike,
 * and Node's own agents do. Its addresses cannot be guessed. Rejects where the setting makes no sense.
 */
export async function openWay(proxy: string | undefined, log: (text: string) => void): Promise<Way> {
  if (proxy === undefined) return straight;
  checkProxy(proxy, 'chat.discord.proxy');
  const options = { keepAlive: true, proxyEnv: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } };
  const [plain, tls] = [new HttpAgent(options), new HttpsAgent(options)];
  const secret = randomBytes(16).toString('hex');
  const sockets = new Set<Socket>();
  let told = false;

  const failed = (error: unknown) => {
    if (!told) log(`discord: no way through the proxy: ${messageOf(error)}`);
    told = true;
  };

  /** What this server was asked for, asked of Discord; undefined for who does not know the address. */
  function passOn(incoming: IncomingMessage) {
    const [, given, origin = '', rest = ''] = /^\/([0-9a-f]+)\/([^/?]+)(.*)$/s.exec(incoming.url ?? '') ?? [];
    if (given !== secret) return undefined;
    const url = new URL(rest, decodeURIComponent(origin));
    const settings = { method: incoming.method, headers: { ...incoming.headers, host: url.host } };
    return url.protocol === 'https:'
      ? tlsRequest(url, { ...settings, agent: tls })
      : plainRequest(url, { ...settings, agent: plain });
  }

  const server = createServer((incoming, outgoing) => {
    const out = passOn(incoming);
    if (out === undefined) {
      outgoing.writeHead(404).end();
      return;
    }
    out.on('response', (answer) => {
      told = false;
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('error', () => outgoing.destroy());
      answer.pipe(outgoing);
    });
    out.on('error', (error) => {
      failed(error);
      outgoing.destroy();
    });
    outgoing.on('close', () => out.destroy());
    incoming.pipe(out);
  });
  server.on('upgrade', (incoming, socket, head) => {
    const out = passOn(incoming);
    if (out === undefined) {
      socket.destroy();
      return;
    }
    out.on('upgrade', (answer, upstream, first) => {
      socket.write(headOf(answer));
      socket.write(first);
      upstream.write(head);
      join(socket, upstream);
    });
    out.on('response', () => socket.destroy());
    out.on('error', (error) => {
      failed(error);
      socket.destroy();
    });
    socket.on('error', () => out.destroy());
    out.end();
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  server.unref();
  const here = `127.0.0.1:${(server.address() as AddressInfo).port}/${secret}/`;

  return {
    through(address) {
      if (address.includes(here)) return address;
      const url = new URL(address);
      const origin = `${url.protocol.replace('ws', 'http')}//${url.host}`;
      const scheme = url.protocol.startsWith('ws') ? 'ws' : 'http';
      return `${scheme}://${here}${encodeURIComponent(origin)}${address.slice(address.indexOf(url.host) + url.host.length) || '/'}`;
    },
    back(address) {
      const at = address.indexOf(here);
      if (at < 0) return address;
      const [, origin = '', rest = ''] = /^([^/]+)(.*)$/s.exec(address.slice(at + here.length)) ?? [];
      const plainly = `${decodeURIComponent(origin)}${rest}`;
      return address.startsWith('ws') ? plainly.replace(/^http/, 'ws') : plainly;
    },
    close() {
      for (const agent of [plain, tls]) agent.destroy();
      return new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      });
    },
  };
}

function headOf({ statusCode = 101, statusMessage = '', rawHeaders }: IncomingMessage): string {
  const lines = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1] ?? ''}`] : [],
  );
  return [`HTTP/1.1 ${statusCode} ${statusMessage}`, ...lines, '', ''].join('\r\n');
}

/** Two ends that live and die together. */
function join(a: Duplex, b: Duplex): void {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    from.pipe(to);
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  }
}
