import { chmod } from 'node:fs/promises';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono, type MiddlewareHandler } from 'hono';
import { messageOf, type Clock } from '../base/index.ts';
import type { PriceTable } from '../budget/index.ts';
import { errorBody } from './answer.ts';
import { readCanary } from './canary.ts';
import { egressProxy, type EgressOptions } from './egress/index.ts';
import { passFree } from './free.ts';
import { modelCall, type Gateway } from './gateway.ts';
import { answerHook } from './hook.ts';
import { forbidden } from './outside.ts';
import { redactText } from './redact.ts';
import { checkUpstream } from './send.ts';
import { closeServer, doorServers, listen } from './server.ts';
import { prepareSocket } from './socket.ts';
import { isToken, shownToken } from './token.ts';
import type { Door, DoorHandlers, Upstream } from './types.ts';
import { secretsOf } from './upstream.ts';

export interface DoorOptions {
  socketPath: string;
  handlers: DoorHandlers;
  upstream: Upstream;
  prices: PriceTable;
  clock: Clock;
  /** Ids of model calls, unique over the journal. */
  newId: () => string;
  /**
   * Where others reach the door too (its port is one of the host's loopback): what a client must show, as
   * `x-dayshift-token`, `x-api-key` or `Authorization: Bearer`, of the proxy as the password of its credentials. Whoever
   * does not is refused before anything else is looked at.
   */
  token?: string | undefined;
  /**
   * Nothing leaves through the door before this resolves, and nothing at all where it rejects: its words are the answer.
   * Hooks and the canary's report are let in, for it is they that decide. Default: open from the start.
   */
  gate?: Promise<void>;
  /** The hosts that may be reached by way of this door beside the model, which then is a proxy too. */
  egress?: EgressOptions;
  /** An upstream that sends nothing for so long is taken for dead; default five minutes (three times as much for an answer that does not stream). */
  stallMs?: number;
}

const fiveMinutes = 5 * 60_000;

/** Opens the door of one attempt: listens on its socket until `close`. Throws DayshiftError where it cannot. */
export async function openDoor(options: DoorOptions): Promise<Door> {
  const { socketPath, handlers, upstream } = options;
  checkUpstream(upstream);
  const secrets = secretsOf(upstream);
  const told = new Set<string>();
  const warn = (message: string): void => {
    const clean = redactText(message, secrets);
    if (told.has(clean)) return;
    told.add(clean);
    handlers.onWarning?.(clean);
  };
  const gateway: Gateway = {
    ...options,
    handlers: guarded(handlers, warn),
    secrets,
    stallMs: options.stallMs ?? fiveMinutes,
    warn,
    underway: new Set(),
    mayAsk(errands) {
      const why = forbidden(errands, options.egress?.access.search === true);
      if (why === undefined) return;
      const detail = `a model call asked it ${why}`;
      options.egress?.handlers.onRefused({ host: 'the model’s provider', reason: 'not_listed', detail });
      throw new Error(`it asks the model’s provider ${why}, which is not on this task’s egress list`);
    },
  };
  const app = routes(gateway, options.token, options.gate);
  const proxy =
    options.egress === undefined
      ? undefined
      : egressProxy({ ...options.egress, gate: options.gate, token: options.token });
  const servers = doorServers(app.fetch, (error) => warn(`the door failed: ${error.message}`));
  const newServer = () => {
    const made = servers.add();
    proxy?.attach(made);
    return made;
  };
  const server = newServer();
  await prepareSocket(socketPath);
  await listen(server, socketPath);
  await chmod(socketPath, 0o600);
  let closed: Promise<void> | undefined;
  return {
    socketPath,
    serve(listener) {
      if (closed !== undefined) listener.close();
      else newServer().listen(listener);
    },
    close: () =>
      (closed ??= Promise.all([proxy?.close(), ...servers.all.map((one) => closeServer(one, gateway.underway))]).then(
        () => undefined,
      )),
  };
}

function routes(
  gateway: Gateway,
  token: string | undefined,
  gate = Promise.resolve(),
): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  if (token !== undefined) app.use(onlyWith(token));
  app.get('/', (c) => c.body(null, 200));
  app.post('/hook', async (c) =>
    c.json(await answerHook(gateway.handlers, gateway.warn, c.env.incoming, c.env.outgoing)),
  );
  app.post('/canary', async (c) => {
    await gateway.handlers.onCanary?.(await readCanary(c.env.incoming));
    return c.json({});
  });
  app.use(onceOpen(gate));
  app.post('/v1/messages', async (c) => {
    await modelCall(gateway, c.env.incoming, c.env.outgoing);
    return RESPONSE_ALREADY_SENT;
  });
  const free = async (path: string, { incoming, outgoing }: HttpBindings): Promise<Response> => {
    await passFree(gateway, path, incoming, outgoing);
    return RESPONSE_ALREADY_SENT;
  };
  app.post('/v1/messages/count_tokens', (c) => free('/v1/messages/count_tokens', c.env));
  app.get('/v1/models', (c) => free('/v1/models', c.env));
  app.get('/v1/models/:id{[A-Za-z0-9][A-Za-z0-9._:@-]*}', (c) => free(`/v1/models/${c.req.param('id')}`, c.env));
  app.notFound((c) => {
    gateway.handlers.onRefusedRequest?.({ method: c.req.method, path: c.req.path });
    return c.json(errorBody('not_found_error', 'Dayshift’s door does not lead there'), 404);
  });
  app.onError((error, c) => {
    gateway.warn(`the door failed: ${error.message}`);
    return c.json(errorBody('api_error', 'Dayshift’s door failed'), 500);
  });
  return app;
}

/** Holds a request until the gate is open; one that it stays shut for is refused. */
function onceOpen(gate: Promise<void>): MiddlewareHandler {
  return async (c, next) => {
    try {
      await gate;
    } catch (error) {
      c.header('x-should-retry', 'false');
      return c.json(errorBody('permission_error', `Dayshift’s door is shut: ${messageOf(error)}`), 403);
    }
    return next();
  };
}

function onlyWith(token: string): MiddlewareHandler<{ Bindings: HttpBindings }> {
  const isOurs = isToken(token);
  return async (c, next) => {
    if (isOurs(shownToken(c.env.incoming.headers))) return next();
    // What is still to come of the request is not read.
    c.header('connection', 'close');
    c.header('x-should-retry', 'false');
    return c.json(errorBody('authentication_error', 'this door is not yours'), 401);
  };
}

/** The handlers that only listen, made safe: a fault in one must not end a call, far less the daemon. */
function guarded(handlers: DoorHandlers, warn: (message: string) => void): DoorHandlers {
  const safely = (what: string, run: () => void): void => {
    try {
      run();
    } catch (error) {
      warn(`${what} failed: ${messageOf(error)}`);
    }
  };
  return {
    onTool: (request, signal) => handlers.onTool(request, signal),
    onStop: (request, signal) => handlers.onStop(request, signal),
    beforeCall: (call, signal) => handlers.beforeCall(call, signal),
    onEnd: () => safely('noting an end', () => handlers.onEnd?.()),
    onTraffic: () => safely('noting traffic', () => handlers.onTraffic()),
    onSettled: (data) => safely('settling a call', () => handlers.onSettled(data)),
    onCanary: async (report) => handlers.onCanary?.(report),
    onRefused: (data) => safely('noting a refusal', () => handlers.onRefused(data)),
    onRefusedRequest: (request) => safely('noting a request', () => handlers.onRefusedRequest?.(request)),
  };
}
