import type { Message } from './input.ts';
import type { Part, Platform } from './platform.ts';
import { splitRich } from './rich/index.ts';

/** A message as parts that fit the platform, in order; the buttons stand under the last one. */
export function parts(message: Message, platform: Pick<Platform, 'limits' | 'length'>): Part[] {
  const texts = splitRich(message.rich, platform.limits.text, (rich) => platform.length(rich));
  return texts.map((rich, index) => ({
    rich,
    ...(message.secret === true ? { secret: true } : {}),
    ...(index === texts.length - 1 && message.buttons !== undefined && message.buttons.length > 0
      ? { buttons: message.buttons }
      : {}),
    ...(index === texts.length - 1 && message.forceReply === true ? { forceReply: true } : {}),
  }));
}
