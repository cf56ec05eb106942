import { timezoneOf } from '../../src/home/index.ts';
import { quietMs } from '../../src/inbox/index.ts';
import type { ChatContext } from './context.ts';

/** Whether it is quiet now: what comes, comes without a sound. */
export function isQuiet(ctx: Pick<ChatContext, 'home'>, now: number): boolean {
  return quietMs({ quiet: ctx.home.config.chat.quiet_hours, timezone: timezoneOf(ctx.home) }, now) > 0;
}
