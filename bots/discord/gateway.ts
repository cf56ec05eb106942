import { WebSocketManager, WebSocketShardEvents, type SessionInfo } from '@discordjs/ws';
import {
  GatewayCloseCodes,
  GatewayIntentBits,
  GatewayOpcodes,
  type GatewayDispatchPayload,
  type REST,
} from 'discord.js';
import { messageOf, type Clock } from '../../src/base/index.ts';
import { isTokenRefused } from './refusal.ts';
import type { Way } from './way.ts';

/** A word is asked of the gateway so often, in ms; none until the next time: the line is dead. Heard of within twice that. */
const PROBE_MS = 20_000;
/** A connection that says nothing at its start is given up after so long, in ms. */
const START_MS = 15_000;
/** Tries of the library's own, half a second apart, before the pauses grow. */
const MOST_CLOSES = 4;
const LONGEST_PAUSE_MS = 60_000;

const INTENTS: number = GatewayIntentBits.Guilds | GatewayIntentBits.GuildMessages | GatewayIntentBits.DirectMessages;
const CONTENT: number = GatewayIntentBits.MessageContent;

export interface GatewayOptions {
  token: string;
  rest: REST;
  way: Pick<Way, 'through' | 'back'>;
  clock: Clock;
  log: (text: string) => void;
  /** What an earlier process knew of its connection: Discord hands over what came since, where it still can. */
  known: SessionInfo | null;
  onEvent: (event: GatewayDispatchPayload) => void;
  /** It is there. `resumed`: nothing was missed. */
  onUp: (resumed: boolean) => void;
  /** Whether the bot may read what people write in servers; `words`: where that is turned on. */
  onContent: (allowed: boolean, words: string) => void;
  /** The token is not accepted: nothing more is tried. */
  onRefused: () => void;
}

export interface Gateway {
  /** Where to go on after a restart; null where there is nothing to go on from. */
  session(): SessionInfo | null;
  stop(): Promise<void>;
}

const noContent =
  'the bot may not read messages in servers. Turn it on: discord.com/developers/applications → your ' +
  'application → Bot → Privileged Gateway Intents → Message Content Intent, then restart Dayshift. Until then ' +
  'only direct messages, buttons, slash commands and messages that name the bot are heard';

/** Keeps a connection to the gateway: connects anew after whatever happens, and says what a person has to do. */
export function keepGateway(options: GatewayOptions): Gateway {
  const { clock, log, way } = options;
  let session = options.known;
  let withContent = true;
  let stopped = false;
  let failures = 0;
  let current: WebSocketManager | undefined;
  let cancelRetry: () => void = () => undefined;
  let cancelProbe: () => void = () => undefined;

  function connect(): void {
    if (stopped) return;
    const manager = new WebSocketManager({
      token: options.token,
      rest: options.rest,
      // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- bits of one field, which the enum names one by one
      intents: withContent ? INTENTS | CONTENT : INTENTS,
      shardCount: 1,
      helloTimeout: START_MS,
      readyTimeout: START_MS,
      handshakeTimeout: START_MS,
      retrieveSessionInfo: () => (session === null ? null : { ...session, resumeURL: way.through(session.resumeURL) }),
      updateSessionInfo: (_, next) => {
        if (manager === current) session = next === null ? null : { ...next, resumeURL: way.back(next.resumeURL) };
      },
    });
    current = manager;
    const ask = manager.fetchGatewayInformation.bind(manager);
    manager.fetchGatewayInformation = async (force) => {
      const information = await ask(force);
      return { ...information, url: way.through(information.url) };
    };
    let closes = 0;
    let over = false;
    const up = (resumed: boolean) => {
      if (over || manager !== current) return;
      if (failures > 0) log('discord: connected again');
      failures = closes = 0;
      if (withContent) options.onContent(true, '');
      options.onUp(resumed);
      probe(manager);
    };
    const end = (after: () => void) => {
      if (over) return;
      over = true;
      if (manager === current) leave();
      if (!stopped) after();
    };
    manager.on(WebSocketShardEvents.Ready, () => up(false));
    manager.on(WebSocketShardEvents.Resumed, () => up(true));
    manager.on(WebSocketShardEvents.Dispatch, ({ data }) => {
      if (!over) options.onEvent(data);
    });
    manager.on(WebSocketShardEvents.Closed, ({ code }) => {
      closes += 1;
      if (code === (GatewayCloseCodes.AuthenticationFailed as number)) end(options.onRefused);
      else if (code === (GatewayCloseCodes.DisallowedIntents as number)) end(withoutContent);
      else if (closes > MOST_CLOSES) end(() => later(`the gateway closed with ${code}`));
    });
    manager.on(WebSocketShardEvents.Error, ({ error }) => log(`discord: ${error.message}`));
    manager.connect().catch((error: unknown) => {
      end(() => (isTokenRefused(error) ? options.onRefused() : later(messageOf(error))));
    });
  }

  /** Without the right to read what people write the rest still works: buttons, commands, direct messages. */
  function withoutContent(): void {
    if (!withContent) {
      later('Discord refuses the intents');
      return;
    }
    withContent = false;
    log(`discord: ${noContent}`);
    options.onContent(false, `On Discord ${noContent}.`);
    connect();
  }

  function later(why: string): void {
    failures += 1;
    const pause = Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** Math.min(10, failures - 1));
    // Once is enough to know that it is away.
    if (failures === 1) log(`discord: not connected: ${why}; it is tried again until it is`);
    cancelRetry = clock.after(pause, connect);
  }

  /** A connection may be dead without a sign: it is asked for one. */
  function probe(manager: WebSocketManager): void {
    cancelProbe();
    let answered = true;
    manager.removeAllListeners(WebSocketShardEvents.HeartbeatComplete);
    manager.on(WebSocketShardEvents.HeartbeatComplete, () => {
      answered = true;
    });
    const look = () => {
      if (manager !== current || stopped) return;
      if (!answered) {
        log('discord: the connection is dead: connecting anew');
        leave();
        connect();
        return;
      }
      answered = false;
      void Promise.resolve(manager.send(0, { op: GatewayOpcodes.Heartbeat, d: session?.sequence ?? null })).catch(
        () => undefined,
      );
      cancelProbe = clock.after(PROBE_MS, look);
    };
    cancelProbe = clock.after(PROBE_MS, look);
  }

  /** Lets go of the connection; what it knew stays, so that the next one goes on from there. */
  function leave(): void {
    const manager = current;
    current = undefined;
    cancelProbe();
    if (manager === undefined) return;
    manager.removeAllListeners();
    manager.on(WebSocketShardEvents.Error, () => undefined);
    // With this code Discord keeps the session.
    void Promise.resolve(manager.destroy({ code: 4200, reason: 'coming back' })).catch(() => undefined);
  }

  connect();
  return {
    session: () => session,
    stop() {
      stopped = true;
      cancelRetry();
      leave();
      return Promise.resolve();
    },
  };
}
