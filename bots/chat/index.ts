/** What to say and what an input means, for every chat. A bot implements `Platform` and hands inputs to a `Chat`. */
export { startChat, type Chat } from './chat.ts';
export { commands } from './commands/index.ts';
export type { ChatContext } from './context.ts';
export { laneOf } from './lane.ts';
export { laterIntents } from './later.ts';
export { piecesOf, sendFileOrSay, type Piece } from './pieces.ts';
export type { Answer, Form, InFile, Input, Message } from './input.ts';
export {
  PlatformError,
  type Button,
  type Capabilities,
  type Limits,
  type Option,
  type OutFile,
  type Part,
  type Platform,
} from './platform.ts';
export { plainOf, toDiscord, toTelegram, type TelegramEntity, type TelegramText } from './rich/index.ts';
