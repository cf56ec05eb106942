import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { onTestFinished } from 'vitest';
import { systemClock, type Clock } from '../../src/base/index.ts';
import {
  createDialer,
  createMeter,
  openEgressDoor,
  type EgressLimits,
  type EgressMeter,
  type EgressRefusal,
} from '../../src/door/index.ts';
import { rulesOf, type EgressTarget } from '../../src/egress/index.ts';
import { selfSigned } from './certificate.ts';

export const certificate = selfSigned('docs.example.test', '*.wide.test', 'other.test');

/** A door with a proxy alone, before servers on loopback that answer to made-up names. */
export interface EgressRig {
  socketPath: string;
  opened: EgressTarget[];
  refused: EgressRefusal[];
  meter: EgressMeter;
  asked: string[];
  /** `CONNECT`, and the head of the answer. */
  tunnel: (authority: string, early?: string | Buffer) => Promise<Tunnel>;
  /** Bytes as they are, and everything that comes back until the end. */
  raw: (bytes: string | Buffer) => Promise<string>;
  close: () => Promise<void>;
}

export interface Tunnel {
  status: number;
  head: string;
  socket: Socket;
  /** What comes after the head until the end. */
  rest: () => Promise<Buffer>;
}

export interface EgressRigOptions {
  list: string[];
  /** What a name resolves to, asked anew each time; without it 127.0.0.1. */
  names?: Record<string, string[] | (() => string[] | Promise<string[]>)>;
  /** Hosts that may lie on loopback; by default all. */
  named?: string[];
  limits?: Partial<EgressLimits>;
  clock?: Clock;
  env?: Record<string, string>;
  own?: string[];
  /** Where a port is really served: nobody can listen on 443 here. */
  ports?: Record<number, number>;
  onOpened?: (target: EgressTarget) => Promise<void>;
  token?: string;
}

export async function egressRig(options: EgressRigOptions): Promise<EgressRig> {
  const folder = await mkdtemp(join(tmpdir(), 'egress-'));
  const socketPath = join(folder, 's');
  const opened: EgressTarget[] = [];
  const refused: EgressRefusal[] = [];
  const asked: string[] = [];
  const clock = options.clock ?? systemClock;
  const rules = rulesOf(options.list);
  const plenty = { bytes: 1e9, sent: 1e9, connections: 100, perMinute: 1000, ...options.limits };
  const meter = createMeter(plenty, clock, { sent: 0, received: 0 });
  const lookup = async (host: string): Promise<string[]> => {
    asked.push(host);
    const answer = options.names?.[host] ?? ['127.0.0.1'];
    return typeof answer === 'function' ? answer() : answer;
  };
  const dialer = createDialer(options.env ?? {}, lookup, () => new Set(options.own ?? []));
  const all = { has: () => true } as unknown as ReadonlySet<string>;
  const door = await openEgressDoor(socketPath, {
    access: { rules, named: options.named === undefined ? all : new Set(options.named) },
    meter,
    clock,
    token: options.token,
    dialer: (target, how) => dialer({ ...target, port: options.ports?.[target.port] ?? target.port }, how),
    handlers: {
      async onOpened(target) {
        await options.onOpened?.(target);
        opened.push(target);
      },
      onRefused: (refusal) => void refused.push(refusal),
    },
  });
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await door.close();
    await rm(folder, { recursive: true, force: true });
  };
  onTestFinished(close);
  const open = (): Socket => {
    const socket = connect({ path: socketPath, allowHalfOpen: true }).on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
    return socket;
  };
  return {
    socketPath,
    opened,
    refused,
    meter,
    asked,
    close,
    async tunnel(authority, early = '') {
      const socket = open();
      socket.write(
        Buffer.concat([Buffer.from(`CONNECT ${authority} HTTP/1.1\r\nHost: x\r\n\r\n`), Buffer.from(early)]),
      );
      const head = await headOf(socket);
      return {
        status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]),
        head,
        socket,
        rest: () => everything(socket),
      };
    },
    async raw(bytes) {
      const socket = open();
      socket.write(bytes);
      return (await everything(socket)).toString('latin1');
    },
  };
}

async function headOf(socket: Socket): Promise<string> {
  let text = '';
  for (;;) {
    const byte = socket.read(1) as Buffer | null;
    if (byte === null) {
      if (socket.readableEnded || socket.destroyed) return text;
      await Promise.race([once(socket, 'readable'), once(socket, 'end'), once(socket, 'close')]);
    } else {
      text += byte.toString('latin1');
      if (text.endsWith('\r\n\r\n')) return text;
    }
  }
}

export async function everything(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.resume();
  if (!socket.readableEnded && !socket.destroyed)
    await new Promise<void>((resolve) => void socket.once('end', resolve).once('close', resolve));
  return Buffer.concat(chunks);
}

/** TLS over a tunnel, naming `servername`; rejects as the client would see it. */
export async function tlsOver({ socket }: Tunnel, servername: string): Promise<ReturnType<typeof connectTls>> {
  const tls = connectTls({ socket, servername, rejectUnauthorized: false });
  tls.on('error', () => undefined);
  onTestFinished(() => void tls.destroy());
  await new Promise<void>((resolve, reject) => {
    tls.once('secureConnect', () => resolve());
    tls.once('error', reject);
    tls.once('close', () => reject(new Error('closed')));
  });
  return tls;
}

/** Where a server of the tests listens, and what came to it. */
export interface Listening {
  port: number;
  connections: Socket[];
}

async function listening(server: Server): Promise<Listening> {
  const connections: Socket[] = [];
  server.on('connection', (socket: Socket) => void connections.push(socket.on('error', () => undefined)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of connections) socket.destroy();
  });
  return { port: (server.address() as AddressInfo).port, connections };
}

export const httpsServer = (serve: RequestListener): Promise<Listening> =>
  listening(createHttpsServer(certificate, serve));

export const httpServer = (serve: RequestListener): Promise<Listening> => listening(createHttpServer(serve));

export const tcpServer = (serve: (socket: Socket) => void): Promise<Listening> =>
  listening(createServer({ allowHalfOpen: true }, serve));

/** What a client says first that wants TLS with `servername`. */
export async function helloFor(servername: string): Promise<Buffer> {
  let bytes: Buffer | undefined;
  const server = await tcpServer((socket) => void socket.once('data', (data: Buffer) => (bytes = data)));
  const client = connectTls({ port: server.port, host: '127.0.0.1', servername }).on('error', () => undefined);
  while (bytes === undefined) await new Promise((resolve) => setImmediate(resolve));
  client.destroy();
  return bytes;
}

/** An https server that greets, and says where it was reached. */
export const hello = () =>
  httpsServer((request, response) => response.end(`hello ${request.url ?? ''} at ${request.headers.host ?? ''}`));

/** A rig with such a server behind port 443. */
export async function behind443(options: EgressRigOptions) {
  const server = await hello();
  return { server, rig: await egressRig({ ports: { 443: server.port }, ...options }) };
}
