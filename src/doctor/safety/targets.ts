import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer, type ListenOptions, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { Target } from '../../sandbox/index.ts';

/** Whatever stands in for a service of the host; the real ones are tried beside them where they are. */
const services = ['postgres', 'mysql', 'docker', 'ssh-agent', 'dbus', 'other door', 'control'];

/** Listeners on this machine that say `greeting` to whoever connects. */
export async function openTargets(
  folder: string,
  greeting: string,
): Promise<{ targets: Target[]; close(): Promise<void> }> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const closers: (() => Promise<unknown>)[] = [];
  const open = new Set<Socket>();
  const listen = async (at: ListenOptions): Promise<number> => {
    const server = createServer((connection) => {
      open.add(connection);
      connection.on('close', () => open.delete(connection)).on('error', () => connection.destroy());
      connection.end(greeting);
    });
    await once(server.listen(at), 'listening');
    closers.push(() => new Promise((resolve) => server.close(resolve)));
    const address = server.address();
    return typeof address === 'string' ? 0 : (address?.port ?? 0);
  };
  const targets: Target[] = [];
  for (const host of addresses()) {
    // An address that was taken away meanwhile, or that nobody may bind to.
    const port = await listen({ host, port: 0 }).catch(() => undefined);
    if (port !== undefined) targets.push({ kind: 'port', name: host, host, port });
  }
  for (const name of services) {
    const path = join(folder, `${name.replaceAll(' ', '-')}.sock`);
    await listen({ path });
    targets.push({ kind: 'socket', name, path });
  }
  const path = `dayshift-arena-${greeting.slice(-12)}`;
  await listen({ path: `\0${path}` });
  targets.push({ kind: 'abstract', name: 'abstract', path });
  const udp = createSocket('udp4', (_, from) => udp.send(greeting, from.port, from.address));
  udp.bind(0, '127.0.0.1');
  await once(udp, 'listening');
  closers.push(() => new Promise((resolve) => udp.close(() => resolve(undefined))));
  targets.push({ kind: 'udp', name: 'udp', host: '127.0.0.1', port: udp.address().port });
  return {
    targets,
    async close() {
      for (const connection of open) connection.destroy();
      await Promise.all(closers.map((close) => close()));
    },
  };
}

/** Loopback and what else this machine listens by. */
function addresses(): string[] {
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const others = own.filter(({ internal, family, scopeid }) => !internal && (family === 'IPv4' || !scopeid));
  const six = own.some(({ address }) => address === '::1') ? ['::1'] : [];
  return [...new Set(['127.0.0.1', ...six, ...others.map(({ address }) => address)])];
}
