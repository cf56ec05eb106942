/** Text with markup that belongs to no chat server: made here, split here, shown by each server's own renderer. */
export { bold, code, italic, line, paragraphs, plainOf, pre, quote, rich } from './build.ts';
export { toDiscord } from './discord.ts';
export { splitRich } from './split.ts';
export { toTelegram, type TelegramEntity, type TelegramText } from './telegram.ts';
