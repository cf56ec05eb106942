import type { Home } from '../../src/home/index.ts';
import type { Channel, ItemState, Place, State } from '../../src/journal/index.ts';
import { may, type Right } from '../../src/people/index.ts';

export interface Where {
  state: State;
  config: Home['config'];
  env: Record<string, string | undefined>;
  /** Channels with a bot. */
  channels: readonly Channel[];
}

const alertChat: Record<Channel, string> = { telegram: 'TELEGRAM_CHAT_ID', discord: 'DISCORD_CHANNEL_ID' };

/**
 * The chats that hear of something, each once: the project's own chat where it has one, else the chats of the people
 * who have the right to do something about it. Where nobody has paired on a channel, what is an alert goes to the
 * chat that the environment names, and nothing else does. Empty means nobody.
 */
export function placesFor(
  where: Where,
  about: { project?: string | undefined; right: Right; alert?: boolean },
): Place[] {
  const { state, config, env } = where;
  const places = where.channels.flatMap((channel): Place[] => {
    const own = about.project === undefined ? undefined : config.chat[channel].projects[about.project];
    const people = Object.values(state.chat.people).filter((person) => person.channel === channel);
    if (people.length === 0) {
      const chat = env[alertChat[channel]];
      return about.alert === true && chat !== undefined && chat !== '' ? [{ channel, chat }] : [];
    }
    if (own !== undefined) return [{ channel, chat: own }];
    return people.filter((person) => may(person, about.right)).map(({ chat }) => ({ channel, chat }));
  });
  return unique(places);
}

/** Every chat that there is for what people with a right do, the named alert chats among them: for what could not be told elsewhere. */
export function everyPlace(where: Where, right: Right): Place[] {
  const { state, config, env } = where;
  const places = where.channels.flatMap((channel): Place[] => [
    ...Object.values(state.chat.people)
      .filter((person) => person.channel === channel && may(person, right))
      .map(({ chat }) => ({ channel, chat })),
    ...Object.values(config.chat[channel].projects).map((chat) => ({ channel, chat })),
    ...[env[alertChat[channel]] ?? ''].filter((chat) => chat !== '').map((chat) => ({ channel, chat })),
  ]);
  return unique(places);
}

/** What somebody must be allowed to do to answer an item. */
export function rightFor(item: Pick<ItemState, 'kind'>): Right {
  return item.kind === 'budget' || item.kind === 'setting' ? 'money' : 'work';
}

/** Each chat once. */
export function unique(places: readonly Place[]): Place[] {
  return places.filter(
    (place, index) =>
      places.findIndex((other) => other.channel === place.channel && other.chat === place.chat) === index,
  );
}
