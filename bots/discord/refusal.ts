import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js';
import { messageOf } from '../../src/base/index.ts';
import { PlatformError } from '../chat/index.ts';

/** What the bot was about to do, and the permissions that it takes, as Discord's settings name them. */
const needs = {
  send: 'View Channel, Send Messages and, for threads, Send Messages in Threads',
  edit: 'View Channel',
  remove: 'View Channel',
  pin: 'Pin Messages',
  thread: 'Create Public Threads',
  file: 'Attach Files',
  fetch: 'View Channel and Read Message History',
} as const;

export type Doing = keyof typeof needs;

/** The API's own numbers for what matters here. */
export const codes = {
  unknownChannel: 10_003,
  unknownMessage: 10_008,
  unknownWebhook: 10_015,
  unknownInteraction: 10_062,
  tooManyPins: 30_003,
  tooLarge: 40_005,
  missingAccess: 50_001,
  cannotMessage: 50_007,
  missingPermissions: 50_013,
  wrongChannelType: 50_024,
  archivedThread: 50_083,
  lockedThread: 160_005,
} as const;

/** The API's number of an error; undefined where it is no answer of the API's. */
export function codeOf(error: unknown): number | undefined {
  return error instanceof DiscordAPIError ? Number(error.code) : undefined;
}

/** Whether the token was refused: no other try is of use until a person changes it. */
export function isTokenRefused(error: unknown): boolean {
  return (error instanceof DiscordAPIError || error instanceof HTTPError) && error.status === 401;
}

/** Any failure as the core wants to know it. Addresses stay out of the words: those of interactions hold tokens. */
export function refusalOf(error: unknown, doing: Doing): PlatformError {
  if (error instanceof PlatformError) return error;
  const as = (why: PlatformError['why'], words: string) => new PlatformError(why, words, { cause: error });
  if (error instanceof RateLimitError)
    return new PlatformError('flood', 'Discord asks for a pause', { retryAfterMs: error.retryAfter, cause: error });
  if (error instanceof DiscordAPIError) {
    const words = `${error.message} (${error.code})`;
    switch (Number(error.code)) {
      case codes.unknownChannel:
      case codes.unknownMessage:
      case codes.unknownWebhook:
      case codes.lockedThread:
      case codes.archivedThread:
        return as('gone', words);
      case codes.missingPermissions:
      case codes.missingAccess:
        return as('forbidden', `${words}: the bot needs ${needs[doing]} in this channel`);
      case codes.cannotMessage:
        return as('forbidden', `${words}: this person takes no direct messages from the bot`);
      // No right is missing: there is no room.
      case codes.tooManyPins:
      case codes.wrongChannelType:
      case codes.tooLarge:
        return as('unsupported', words);
      default:
        break;
    }
    if (error.status === 401) return as('unreachable', 'Discord refuses the token (401)');
    if (error.status === 403) return as('forbidden', words);
    if (error.status === 404) return as('gone', words);
    return as(error.status === 429 ? 'flood' : error.status < 500 ? 'markup' : 'unreachable', words);
  }
  if (error instanceof HTTPError) return as('unreachable', `Discord answers with ${error.status}`);
  return as('unreachable', messageOf(error));
}
