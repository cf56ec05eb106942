import { messageOf } from '../src/base/index.ts';
import type { RunningService, ServiceContext } from '../src/daemon/index.ts';
import { homeSecret } from '../src/home/index.ts';
import { startChat, type Chat } from './chat/index.ts';

/** What a bot gets. */
export interface BotOptions {
  chat: Chat;
  token: string;
  /** The environment with the home's `.env`: API roots are there. */
  env: Record<string, string | undefined>;
  /** For its own warnings: one line, no secrets. */
  log: (text: string) => void;
  /** `config.chat` of the home. */
  config: ServiceContext['run']['home']['config']['chat'];
  clock: ServiceContext['run']['clock'];
  /** Takes secrets out of whatever is written. */
  redact: (text: string) => string;
}

/** A bot's folder shows this. Rejects only where trying again is of no use (a wrong token); else it comes up by itself later. */
export interface BotModule {
  startBot(options: BotOptions): Promise<RunningService>;
}

/** Every bot: its name, the token that turns it on, its folder. */
const bots: { name: string; token: string; load: () => Promise<BotModule> }[] = [];

/** Starts the core and each bot that has a token. One that fails is told and hinders no other. */
export async function startBots(context: ServiceContext): Promise<RunningService> {
  const { run, operator } = context;
  const { home, journal, clock, newId, redact, log, env } = run;
  if (bots.length === 0) log('a bot’s token is set, but this version has no bots yet: nothing is sent to any chat');
  const secret = await homeSecret(home.paths);
  const chat = startChat({ home, journal, operator, clock, newId, redact, log, env, secret });
  const running = bots.flatMap(({ name, token, load }) => {
    const value = env[token] ?? '';
    if (value === '') return [];
    run.keepSecret(value);
    const started = load()
      .then((module) =>
        module.startBot({
          chat,
          token: value,
          env,
          log,
          config: home.config.chat,
          clock,
          redact: (text) => redact(text),
        }),
      )
      .catch((error: unknown) => {
        log(`${name} did not start: ${messageOf(error)}`);
        return undefined;
      });
    return [started];
  });
  return {
    async stop() {
      await chat.end();
      await Promise.allSettled(running.map(async (one) => (await one)?.stop()));
    },
  };
}
