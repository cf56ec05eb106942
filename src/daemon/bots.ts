import { DayshiftError, hasCode } from '../base/index.ts';
import type { Service, ServiceContext, RunningService } from './service.ts';

/** What the folder of the chat front-ends shows: this room never imports it, and loads it only where a token is set. */
interface BotsModule {
  startBots: (context: ServiceContext) => Promise<RunningService>;
}

/** A bot with a token is on. */
const TOKENS = ['TELEGRAM_BOT_TOKEN', 'DISCORD_BOT_TOKEN'];

/** The chats: their libraries take memory that a home without tokens need not spend. */
export const chatBots: Service = {
  name: 'chat',
  async start(context) {
    const on = TOKENS.some((name) => (context.run.env[name] ?? '') !== '');
    if (!on) return { stop: () => Promise.resolve() };
    const { startBots } = await load();
    return startBots(context);
  },
};

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
