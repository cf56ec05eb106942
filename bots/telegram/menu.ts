import type { Chat } from '../chat/index.ts';
import type { BotApi } from './api.ts';

/** Of a command's description, in UTF-16 units. */
const MOST = 256;

/** The menu behind the button beside the field for words. */
export async function putMenu(api: BotApi, commands: Chat['commands']): Promise<void> {
  await api.setMyCommands(
    commands.map(({ name, takes, summary }) => ({
      command: name,
      description: `${takes === '' ? '' : `${takes} – `}${summary}`.slice(0, MOST),
    })),
  );
}
