import { onTestFinished } from 'vitest';
import { chatContract } from '../chat/contract.testing.ts';
import { telegramStage } from './testing.ts';

chatContract('the Telegram bot', async (chat) => {
  const stage = await telegramStage(chat);
  onTestFinished(() => stage.close());
  return stage;
});
