import { REST } from 'discord.js';
import { DayshiftError } from '../../src/base/index.ts';
import type { Way } from './way.ts';

/** A call may take so long, in ms: what is not answered by then counts as not reached. */
const TIMEOUT_MS = 15_000;
/** An address that a person gave without a scheme, or with a slash at its end, would be asked for wrongly. */
const DEFAULT_ROOT = 'https://discord.com/api';

/** The REST API. Throws where its address is none. It tries nothing again and waits for nothing: what a refusal means is the core's to say. */
export function openRest(token: string, root: string | undefined, way: Pick<Way, 'through'>): REST {
  const api = root === undefined || root === '' ? DEFAULT_ROOT : root.replace(/\/+$/, '');
  if (!/^https?:$/.test(URL.parse(api)?.protocol ?? ''))
    throw new DayshiftError('usage', 'DISCORD_API_ROOT is not an http(s) address', {
      hint: `correct it, or take it away: Discord's own is ${DEFAULT_ROOT}`,
    });
  const rest = new REST({
    api: way.through(api),
    retries: 0,
    timeout: TIMEOUT_MS,
    rejectOnRateLimit: () => true,
    userAgentAppendix: 'dayshift',
  });
  return rest.setToken(token);
}
