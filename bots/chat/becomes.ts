import { messageOf } from '../../src/base/index.ts';
import type { Call } from './commands/types.ts';
import type { Message } from './input.ts';

/** Puts something else in the place of the message that was tapped. False where that cannot be. */
export async function becomes(
  { input, platform, log }: Call,
  card: Pick<Message, 'rich' | 'buttons'>,
): Promise<boolean> {
  if (input.type !== 'tap' || !platform.can.edit) return false;
  const { channel, chat, thread, message } = input;
  try {
    await platform.edit({ channel, chat, ...(thread === undefined ? {} : { thread }) }, message, card);
    return true;
  } catch (error) {
    log(`${channel}: a card was not edited: ${messageOf(error)}`);
    return false;
  }
}
