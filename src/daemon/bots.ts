import { DayshiftError, hasCode, messageOf } from '../base/index.ts';
import { loadEnvFile, looksSecret } from '../home/index.ts';
import type { Service, ServiceContext, RunningService } from './service.ts';
import { watchedFile } from './watch/seen.ts';
import { tell, warn } from './watch/tell.ts';

/** What the folder of the chat front-ends shows: this room never imports it, and loads it only where a token is set. */
interface BotsModule {
  startBots: (context: ServiceContext, env: Env) => Promise<RunningBots>;
}

type Env = Record<string, string | undefined>;

/** The bots of a home. */
export interface RunningBots extends RunningService {
  /** Tokens or roots are others now: the bots that they belong to start again, end, or start. Never rejects. */
  renew(env: Env): Promise<void>;
}

/** A bot with a token is on. */
const TOKENS = { TELEGRAM_BOT_TOKEN: 'Telegram', DISCORD_BOT_TOKEN: 'Discord' };
/** What of `.env` counts while Dayshift is up. */
const OF_CHATS = /^(?:TELEGRAM|DISCORD)_/;
/** How often `.env` is looked at, in ms; a change counts when two looks in a row see the same. */
const LOOK_EVERY_MS = 1000;

/** The chats: their libraries take memory that a home without tokens need not spend. A token that comes to stand in `.env` later counts at once. */
export const chatBots: Service = {
  name: 'chat',
  async start(context) {
    const { run } = context;
    const file = watchedFile('asItIs');
    // The file's mark comes before its text: what is written in between is a change.
    await file(run.home.paths.envFile);
    const { values: first, warnings: remarks, unread: unreadAtFirst } = await loadEnvFile(run.home.paths);
    let known = asOpened(run, first);
    let env: Env = run.env;
    let bots: RunningBots | undefined;
    let stopped = false;
    let cancel: () => void = () => undefined;
    let looking: Promise<void> = Promise.resolve();

    const isOn = () => Object.keys(TOKENS).some((name) => (env[name] ?? '') !== '');
    const begin = async () => {
      if (isOn()) bots = await (await load()).startBots(context, env);
    };

    async function look(): Promise<void> {
      if (!(await file(run.home.paths.envFile))) return;
      const { values, warnings, unread } = await loadEnvFile(run.home.paths);
      for (const warning of warnings) await tell(run, undefined, warning);
      if (unread !== true && (await take(values))) await (bots === undefined ? begin() : bots.renew(env));
    }

    /** What `.env` sets now. Resolves with whether it changes something for the bots. */
    async function take(values: Record<string, string>): Promise<boolean> {
      for (const [name, value] of Object.entries(values)) if (looksSecret(name, value)) run.keepSecret(value);
      const changed = [...new Set([...Object.keys(known), ...Object.keys(values)])].filter(
        (name) => known[name] !== values[name],
      );
      known = values;
      if (changed.length === 0) return false;
      const ofChats = changed.filter((name) => OF_CHATS.test(name));
      const fresh = Object.fromEntries(ofChats.map((name) => [name, run.environment?.[name] ?? values[name]]));
      await tell(run, undefined, changesWords(changed, fresh, run.environment ?? {}));
      env = { ...env, ...fresh };
      return ofChats.length > 0;
    }

    const again = () => {
      if (stopped) return;
      cancel = run.clock.after(LOOK_EVERY_MS, () => {
        looking = look()
          .catch((error: unknown) => run.log(`.env: ${messageOf(error)}`))
          .then(again);
      });
    };
    // The terminal has it already: now for those who are elsewhere.
    for (const remark of remarks) await warn(run, remark);
    if (unreadAtFirst !== true) await take(first);
    again();
    const end = async () => {
      stopped = true;
      cancel();
      await looking;
      await bots?.stop();
    };
    await begin().catch(async (error: unknown) => {
      await end();
      throw error;
    });
    return { stop: end };
  },
};

/** What `.env` set when the home was opened, which is a while ago: what the process's own environment lacks came from there. */
function asOpened({ env, environment }: ServiceContext['run'], now: Record<string, string>): Record<string, string> {
  if (environment === undefined) return now;
  const own = (name: string) => environment[name] !== undefined;
  const opened = Object.entries(env).filter((one): one is [string, string] => one[1] !== undefined && !own(one[0]));
  return Object.fromEntries([...Object.entries(now).filter(([name]) => own(name)), ...opened]);
}

/** What comes of a change of `.env`, by names alone. */
function changesWords(changed: readonly string[], fresh: Env, environment: Env): string {
  const lines = changed.map((name) => {
    const bot = Object.hasOwn(TOKENS, name) ? TOKENS[name as keyof typeof TOKENS] : undefined;
    if (!OF_CHATS.test(name)) return `${name} counts from the next start of Dayshift`;
    if (environment[name] !== undefined)
      return `${name} is set${environment[name] === '' ? ', to nothing,' : ''} in the environment too, which wins: nothing changes`;
    if (bot === undefined) return `${name} counts from now on`;
    return (fresh[name] ?? '') === ''
      ? `there is no ${name} any more: the ${bot} bot ends`
      : `${name} is new: the ${bot} bot starts with it`;
  });
  return `.env: ${lines.join('; ')}.`;
}

async function load(): Promise<BotsModule> {
  // In a checkout sources, in a package what was built of them: the extension is this file's own.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const address = new URL(`../../bots/index.${extension}`, import.meta.url);
  try {
    return (await import(address.href)) as BotsModule;
  } catch (error) {
    if (!hasCode(error, 'ERR_MODULE_NOT_FOUND')) throw error;
    throw new DayshiftError('environment', 'the chat front-ends are not installed', {
      hint: 'install dayshift anew: bots/ or one of its libraries is missing',
      cause: error,
    });
  }
}
