import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';

/** Of one door, on all its servers. One attempt needs a handful; more would only use up the daemon's file descriptors. */
const mostConnections = 512;

type Fetch = Parameters<typeof createAdaptorServer>[0]['fetch'];

/** A server without any time-out of its own: a hook may be held for an hour, a connection kept as long as a client likes. */
function createDoorServer(fetch: Fetch): Server {
  const server = createAdaptorServer({
    fetch,
    overrideGlobalObjects: false,
    serverOptions: { requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 },
  }) as Server;
  server.timeout = 0;
  return server;
}

/** The servers of one door: they share its connections, and an error of one is told to `onError` and ends nothing. */
export function doorServers(
  fetch: Fetch,
  onError: (error: Error) => void,
): { all: readonly Server[]; add: () => Server } {
  const all: Server[] = [];
  return {
    all,
    add() {
      const server = createDoorServer(fetch).on('error', onError);
      all.push(server);
      for (const one of all) one.maxConnections = Math.floor(mostConnections / all.length);
      return server;
    },
  };
}

/** Resolves once the server listens; rejects where it cannot. */
export function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Ends every connection, then waits for what is still `underway`. */
export async function closeServer(server: Server, underway: Iterable<Promise<void>>): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await ended;
  await Promise.allSettled(underway);
}
