import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';

/** Things of the host that no sandbox may reach, there to be reached for: canaries prove by them that the way is shut. */
export interface Lure {
  /** A loopback port, a socket file, and on Linux an abstract socket, that say `greeting` to whoever connects. */
  port: number;
  socket: string;
  abstract: string;
  greeting: string;
  /** A file. */
  file: string;
  close(): Promise<void>;
}

/** Lays a lure out in `folder`, which must be no place that a sandbox shows. It keeps no process alive. */
export async function openLure(folder: string): Promise<Lure> {
  const word = randomUUID();
  const greeting = `the host ${word}`;
  const file = join(folder, 'outside');
  await writeFile(file, greeting, { mode: 0o600 });
  const open = new Set<Socket>();
  const greet = async (at: { port: number; host: string } | { path: string }): Promise<Server> => {
    const server = createServer((connection) => {
      open.add(connection);
      connection.on('close', () => open.delete(connection)).on('error', () => connection.destroy());
      connection.end(greeting);
    });
    await once(server.listen(at).unref(), 'listening');
    return server;
  };
  const socket = join(folder, 'host.sock');
  // Where there are no abstract sockets nobody connects to one either.
  const abstract = `\0dayshift-${word}`;
  const tcp = await greet({ port: 0, host: '127.0.0.1' });
  const servers = [tcp, await greet({ path: socket })];
  if (process.platform === 'linux') servers.push(await greet({ path: abstract }));
  return {
    port: (tcp.address() as AddressInfo).port,
    socket,
    abstract,
    greeting,
    file,
    async close() {
      for (const connection of open) connection.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}
