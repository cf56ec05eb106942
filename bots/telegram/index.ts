/** The Telegram bot: grammY on the one side, the chat core on the other. */
export { startBot } from './start.ts';
