import { ChannelType, Routes, type REST } from 'discord.js';

/** Where something happens, as the core names it. */
export interface Where {
  chat: string;
  thread?: string;
  private: boolean;
  server?: string;
}

interface Noted {
  id: string;
  type: ChannelType;
  parent_id?: string | null | undefined;
  guild_id?: string | undefined;
}

/** Channels that are remembered. */
const MOST = 2000;

/** What kind of channel an id names. */
export interface Channels {
  /** Rejects where the API does. */
  where(id: string): Promise<Where>;
  /** The channel as a payload showed it: it need not be asked for. */
  note(channel: Noted): Where;
}

export function createChannels(rest: REST): Channels {
  const known = new Map<string, Where>();

  function note({ id, type, parent_id: parent, guild_id: server }: Noted): Where {
    const where = isThread(type) && typeof parent === 'string' ? { chat: parent, thread: id } : { chat: id };
    const found = { ...where, private: type === ChannelType.DM, ...(server === undefined ? {} : { server }) };
    known.set(id, found);
    const [oldest] = known.keys();
    if (known.size > MOST && oldest !== undefined) known.delete(oldest);
    return found;
  }

  return {
    note,
    async where(id) {
      return known.get(id) ?? note((await rest.get(Routes.channel(id))) as Noted);
    },
  };
}

function isThread(type: ChannelType): boolean {
  return [ChannelType.PublicThread, ChannelType.PrivateThread, ChannelType.AnnouncementThread].includes(type);
}
