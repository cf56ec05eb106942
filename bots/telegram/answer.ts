import { messageOf } from '../../src/base/index.ts';
import {
  parts,
  PlatformError,
  sendFileOrSay,
  type Answer,
  type Chat,
  type Input,
  type Platform,
} from '../chat/index.ts';

/** What the server takes beside a tap, in UTF-16 units; longer ones than `FLASH` stay until they are closed. */
const TOAST = 190;
const FLASH = 90;

/** Words beside a tap, as the server takes them. */
export function flashOf(toast: string | undefined): { text?: string; show_alert?: boolean } {
  if (toast === undefined || toast === '') return {};
  return { text: toast.slice(0, TOAST).toWellFormed(), ...(toast.length > FLASH ? { show_alert: true } : {}) };
}

/** Shows what the core answers where the person is. What cannot be sent now is left to the outbox: late rather than never. */
export async function showMessages(
  messages: Answer['messages'],
  input: Input,
  via: { platform: Platform; chat: Chat; log: (text: string) => void },
): Promise<void> {
  const { channel, chat, thread } = input;
  const place = { channel, chat, ...(thread === undefined ? {} : { thread }) };
  for (const message of messages) {
    try {
      for (const part of parts(message, via.platform)) {
        await via.platform.send(place, part).catch((error: unknown) => {
          if (!(error instanceof PlatformError) || error.why !== 'markup') throw error;
          return via.platform.send(place, { ...part, plain: true });
        });
      }
    } catch (error) {
      via.log(`telegram: an answer was not sent at once: ${messageOf(error)}`);
      await via.chat.outbox.post([{ place, priority: 'reply', content: { kind: 'text', rich: message.rich } }]);
    }
    for (const file of message.files ?? [])
      await sendFileOrSay(via.platform, place, file).catch((error: unknown) =>
        via.log(`telegram: ${file.name} was not sent: ${messageOf(error)}`),
      );
  }
}
