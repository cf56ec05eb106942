import { DayshiftError, messageOf } from '../src/base/index.ts';
import type { RunningService, ServiceContext } from '../src/daemon/index.ts';
import type { Channel } from '../src/journal/index.ts';
import { homeSecret } from '../src/home/index.ts';
import type { BotModule } from './bot.ts';
import { startChat } from './chat/index.ts';

/** Every bot: its name, the token that turns it on, its folder. */
const bots: { name: Channel; token: string; load: () => Promise<BotModule> }[] = [
  { name: 'telegram', token: 'TELEGRAM_BOT_TOKEN', load: () => import('./telegram/index.ts') },
  { name: 'discord', token: 'DISCORD_BOT_TOKEN', load: () => import('./discord/index.ts') },
];

/** Starts the core and each bot that has a token. One that fails is told and hinders no other. */
export async function startBots(context: ServiceContext): Promise<RunningService> {
  const { run, operator } = context;
  const { journal, clock, newId, newItemId, redact, log, env } = run;
  const { paths } = run.home;
  const secret = await homeSecret(paths);
  const chat = startChat({
    ...{ journal, operator, clock, newId, newItemId, redact, log, env, secret },
    channels: bots.filter(({ token }) => (env[token] ?? '') !== '').map(({ name }) => name),
    // Its settings may be read anew while it is up.
    get home() {
      return run.home;
    },
  });
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
          get config() {
            return run.home.config.chat;
          },
          clock,
          redact: (text) => redact(text),
          folder: paths.own,
        }),
      )
      .catch((error: unknown) => {
        const hint = error instanceof DayshiftError && error.hint !== undefined ? ` → ${error.hint}` : '';
        log(`${name} did not start: ${messageOf(error)}${hint}`);
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
