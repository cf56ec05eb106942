import { chmod, rm } from 'node:fs/promises';
import { DayshiftError, messageOf } from '../base/index.ts';
import type { HomePaths } from '../home/index.ts';
import type { Actor } from '../journal/index.ts';
import type { Operator, Outcome } from '../operator/index.ts';
import { controlSocketOf, type OperatorCall } from './call-running.ts';

/** How long a client gets to take its answer when the server ends, in ms. */
const LONGEST_FAREWELL_MS = 1000;

export interface ControlServer {
  /** Takes no more calls, and resolves when those that were taken are answered. */
  close(): Promise<void>;
}

/** Serves the operator on the home's socket (mode 0600: whoever may open it is the home's owner). */
export async function serveControl(paths: HomePaths, operator: Operator): Promise<ControlServer> {
  const [{ Hono }, { createAdaptorServer }] = await Promise.all([import('hono'), import('@hono/node-server')]);
  const app = new Hono();
  const underway = new Set<Promise<unknown>>();
  app.post('/operator/:call', async (context) => {
    const call = operatorCall(operator, context.req.param('call'));
    if (call === undefined) return context.json({ ok: false, message: 'there is no such call' }, 404);
    // A connection that is kept would keep the server from ending.
    context.header('connection', 'close');
    const { input, by } = await context.req.json<{ input: never; by: Actor }>();
    try {
      const called = call(input, by);
      underway.add(called);
      return context.json(await called.finally(() => underway.delete(called)));
    } catch (error) {
      const { kind, hint } = error instanceof DayshiftError ? error : { kind: 'internal' as const, hint: undefined };
      return context.json({ error: { kind, message: messageOf(error), hint } });
    }
  });
  const server = createAdaptorServer({ fetch: app.fetch });
  const path = controlSocketOf(paths);
  // Whoever holds the lock owns the socket: one that lies here is a dead process's.
  await rm(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  await chmod(path, 0o600);
  return {
    async close() {
      // A call may be the very reason why the day is over: whoever made it gets its answer.
      const closed = new Promise((resolve) => server.close(resolve));
      while (underway.size > 0) await Promise.allSettled(underway);
      // What was not read by then is not waited for.
      const cut = setTimeout(() => {
        if ('closeAllConnections' in server) server.closeAllConnections();
      }, LONGEST_FAREWELL_MS);
      await closed;
      clearTimeout(cut);
      await rm(path, { force: true });
    },
  };
}

function operatorCall(operator: Operator, name: string): ((input: never, by: Actor) => Promise<Outcome>) | undefined {
  return Object.hasOwn(operator, name) ? operator[name as OperatorCall] : undefined;
}
