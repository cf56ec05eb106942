import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { autoRetry } from '@grammyjs/auto-retry';
import { hydrateFiles, type FileApiFlavor } from '@grammyjs/files';
import { apiThrottler } from '@grammyjs/transformer-throttler';
import { Api, HttpError, type ApiClientOptions, type Transformer } from 'grammy';
import { checkProxy, DayshiftError, type Clock } from '../../src/base/index.ts';

/** Telegram's own server. */
const TELEGRAM = 'https://api.telegram.org';
/** A call may take so long, in ms; one that carries a file longer. */
const CALL_MS = 20_000;
const FILE_MS = 120_000;
/** An answer to somebody waits for the flood limits so long, in seconds, before it is left to the outbox. */
const PATIENCE_SECONDS = 15;

/** A client whose files know their own address. */
export type BotApi = FileApiFlavor<Api>;

/** The Bot API as the bot's parts use it. */
export interface Apis {
  /** For the core's own calls: it knows itself when to try again. */
  plain: BotApi;
  /** For answers to people: what is refused for haste or a broken line is tried again a few times. */
  patient: BotApi;
  /** What both are made with: the address, the proxy. */
  client: ApiClientOptions;
  /** The connections that downloads use too. */
  agent: HttpAgent | undefined;
}

/** Two clients of one bot. They share one purse: the flood limits count both. */
export function openApis(
  token: string,
  options: { root: string | undefined; proxy: string | undefined; clock: Clock },
): Apis {
  const root = (options.root === undefined || options.root === '' ? TELEGRAM : options.root).replace(/\/+$/, '');
  if (!/^https?:\/\//.test(root))
    throw new DayshiftError('usage', 'TELEGRAM_API_ROOT is no address', { hint: `leave it out, or set ${TELEGRAM}` });
  const agent = proxied(root, options.proxy);
  const client: ApiClientOptions = {
    apiRoot: root,
    ...(agent === undefined ? {} : { baseFetchConfig: { compress: true, agent } as object }),
  };
  const purse = apiThrottler({
    global: { reservoir: 30, reservoirRefreshAmount: 30, reservoirRefreshInterval: 1000 },
    group: { maxConcurrent: 1, reservoir: 20, reservoirRefreshAmount: 20, reservoirRefreshInterval: 60_000 },
    // One a second on the average; some may come at once.
    out: {
      maxConcurrent: 1,
      reservoir: 40,
      reservoirIncreaseAmount: 1,
      reservoirIncreaseInterval: 1000,
      reservoirIncreaseMaximum: 40,
    },
  });
  const open = (...more: Transformer[]) => {
    const api = new Api(token, client) as BotApi;
    // The first one lies innermost: time runs while the server is asked, not while a call waits for its turn.
    api.config.use(hydrateFiles(token, { apiRoot: root }), inTime(options.clock), onceMore, purse, ...more);
    return api;
  };
  const retry = autoRetry({ maxRetryAttempts: 3, maxDelaySeconds: PATIENCE_SECONDS, rethrowHttpErrors: true });
  return { plain: open(), patient: open(retry), client, agent };
}

/** Ends a call that takes too long: one that hangs would hold up all that come after it. */
function inTime(clock: Clock): Transformer {
  return async (prev, method, payload, signal) => {
    // Polling brings its own end.
    if (method === 'getUpdates') return prev(method, payload, signal);
    const controller = new AbortController();
    const ms = method === 'sendDocument' || method === 'sendPhoto' ? FILE_MS : CALL_MS;
    const cancel = clock.after(ms, () => controller.abort());
    try {
      return await prev(method, payload, asSignal(controller.signal));
    } finally {
      cancel();
    }
  };
}

/** Calls that do nothing more when they are done twice. */
const harmless = /^(?:get|set|edit|delete|answer|pin)/;

/** A connection that was kept open may be closed by the server just when it is used again: what is harmless is asked once more. */
const onceMore: Transformer = async (prev, method, payload, signal) => {
  try {
    return await prev(method, payload, signal);
  } catch (error) {
    if (!(error instanceof HttpError) || method === 'getUpdates' || !harmless.test(method)) throw error;
    return prev(method, payload, signal);
  }
};

type GrammySignal = Parameters<Transformer>[3];

/** grammY's own type of a signal is that of an old library; it takes Node's. */
export function asSignal(signal: AbortSignal): GrammySignal {
  return signal as unknown as GrammySignal;
}

/** Through the proxy that config names. Node's own agents know how. */
function proxied(root: string, proxy: string | undefined): HttpAgent | undefined {
  if (proxy === undefined) return undefined;
  checkProxy(proxy, 'chat.telegram.proxy');
  const options = { keepAlive: true, proxyEnv: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } };
  return root.startsWith('https:') ? new HttpsAgent(options) : new HttpAgent(options);
}
