import { DayshiftError, messageOf } from '../src/base/index.ts';
import type { RunningBots, RunningService, ServiceContext } from '../src/daemon/index.ts';
import type { Channel } from '../src/journal/index.ts';
import { homeSecret } from '../src/home/index.ts';
import type { BotModule } from './bot.ts';
import { startChat } from './chat/index.ts';

interface Bot {
  name: Channel;
  /** Turns it on. */
  token: string;
  /** Another server than the vendor's. */
  root: string;
  load: () => Promise<BotModule>;
}

/** Every bot: its name, its settings in the environment, its folder. */
const bots: Bot[] = [
  {
    ...{ name: 'telegram', token: 'TELEGRAM_BOT_TOKEN', root: 'TELEGRAM_API_ROOT' },
    load: () => import('./telegram/index.ts'),
  },
  {
    ...{ name: 'discord', token: 'DISCORD_BOT_TOKEN', root: 'DISCORD_API_ROOT' },
    load: () => import('./discord/index.ts'),
  },
];

type Env = ServiceContext['run']['env'];

/** A bot whose settings are others gets so long to end, in ms: then the next one begins all the same. */
const LONGEST_STOP_MS = 5000;

/** Starts the core and each bot that has a token. One that fails is told and hinders no other. */
export async function startBots(context: ServiceContext, first: Env): Promise<RunningBots> {
  const { run, operator } = context;
  const { journal, clock, newId, newItemId, redact, log } = run;
  const { paths } = run.home;
  const secret = await homeSecret(paths);
  let env = first;
  const tokenOf = (bot: Bot) => env[bot.token] ?? '';
  const chat = startChat({
    ...{ journal, operator, clock, newId, newItemId, redact, log, secret },
    get env() {
      return env;
    },
    get channels() {
      return bots.filter((bot) => tokenOf(bot) !== '').map(({ name }) => name);
    },
    // Its settings may be read anew while it is up.
    get home() {
      return run.home;
    },
  });
  const running = new Map<Channel, Promise<RunningService | undefined>>();

  function begin(bot: Bot): void {
    const { name, load } = bot;
    const token = tokenOf(bot);
    if (token === '') return;
    run.keepSecret(token);
    const started = load()
      .then((module) =>
        module.startBot({
          ...{ chat, token, env, log, clock },
          get config() {
            return run.home.config.chat;
          },
          redact: (text) => redact(text),
          folder: paths.own,
        }),
      )
      .catch((error: unknown) => {
        const hint = error instanceof DayshiftError && error.hint !== undefined ? ` → ${error.hint}` : '';
        log(`${name} did not start: ${messageOf(error)}${hint}`);
        return undefined;
      });
    running.set(name, started);
  }

  async function end({ name }: Bot): Promise<void> {
    const bot = running.get(name);
    running.delete(name);
    const ended = Promise.resolve(bot)
      .then((one) => one?.stop())
      .catch((error: unknown) => log(`${name} did not end well: ${messageOf(error)}`));
    let cancel: () => void = () => undefined;
    await Promise.race([ended, new Promise<void>((resolve) => (cancel = clock.after(LONGEST_STOP_MS, resolve)))]);
    cancel();
  }

  for (const bot of bots) begin(bot);
  return {
    async renew(next) {
      const before = env;
      env = next;
      const isOther = ({ token, root }: Bot) => before[token] !== env[token] || before[root] !== env[root];
      for (const bot of bots.filter(isOther)) {
        await end(bot);
        begin(bot);
        // Nobody misses what nobody wants any more.
        if (tokenOf(bot) === '') chat.troubles.works({ channel: bot.name, problem: 'token' });
      }
    },
    async stop() {
      await chat.end();
      await Promise.allSettled([...running.values()].map(async (one) => (await one)?.stop()));
    },
  };
}
