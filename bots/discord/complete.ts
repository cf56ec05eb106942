import { type APIApplicationCommandAutocompleteInteraction, type APIApplicationCommandOptionChoice } from 'discord.js';
import type { Chat } from '../chat/index.ts';
import type { Where } from './channels.ts';

/** What may stand in the option that somebody types into; nothing for those who may not see it. */
export function completions(
  chat: Chat,
  heard: APIApplicationCommandAutocompleteInteraction,
  where: Where,
): APIApplicationCommandOptionChoice<string>[] {
  const user = heard.member?.user ?? heard.user;
  const typed = heard.data.options.flatMap((one) =>
    'focused' in one && one.focused && typeof one.value === 'string' ? [one.value] : [],
  )[0];
  if (user === undefined || typed === undefined) return [];
  return chat
    .complete({ channel: 'discord', user: user.id, ...where }, heard.data.name, typed)
    .slice(0, 25)
    .map(({ value, label }) => ({ name: label.slice(0, 100), value: value.slice(0, 100) }));
}
