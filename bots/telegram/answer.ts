import { messageOf } from '../../src/base/index.ts';
import {
  laterIntents,
  piecesOf,
  PlatformError,
  sendFileOrSay,
  type Answer,
  type Chat,
  type Input,
  type Piece,
  type Platform,
} from '../chat/index.ts';
import type { Place } from '../../src/journal/index.ts';

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
  const pieces = messages.flatMap((message) => piecesOf(message, via.platform));
  for (const [index, piece] of pieces.entries()) {
    try {
      await show(via.platform, place, piece);
    } catch (error) {
      via.log(`telegram: an answer was not sent at once: ${messageOf(error)}`);
      await via.chat.outbox.post(laterIntents(place, pieces.slice(index)));
      return;
    }
  }
}

async function show(platform: Platform, place: Place, piece: Piece): Promise<void> {
  if ('file' in piece) {
    await sendFileOrSay(platform, place, piece.file);
    return;
  }
  await platform.send(place, piece.part).catch((error: unknown) => {
    if (!(error instanceof PlatformError) || error.why !== 'markup') throw error;
    return platform.send(place, { ...piece.part, plain: true });
  });
}
