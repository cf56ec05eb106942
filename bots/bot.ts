import type { RunningService, ServiceContext } from '../src/daemon/index.ts';
import type { Chat } from './chat/index.ts';

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
  /** The home's own folder, for what a bot has to remember. */
  folder: string;
}

/** A bot's folder shows this. Rejects only where trying again is of no use (a wrong token); else it comes up by itself later. */
export interface BotModule {
  startBot(options: BotOptions): Promise<RunningService>;
}
