import type { Content, EventData, PendingMessage, Place } from '../../src/journal/index.ts';
import type { Message } from './input.ts';
import type { Platform } from './platform.ts';
import type { Troubles } from './trouble.ts';

/** A message to write down: what `message.intended` holds but its id, and the day and task that it is about. */
export type Intent = Omit<EventData<'message.intended'>, 'id'> & { day?: string; task?: string };

/** What the outbox asks the rest of the core. */
export interface OutboxPorts {
  /** What a message says now, there. Undefined: there is nothing to say any more. */
  compose(content: Content, place: Place, platform: Platform): Promise<Message | undefined>;
  /** Another chat for what cannot be delivered where it was meant to; undefined where there is none. */
  elsewhere(message: PendingMessage): Place | undefined;
  /** For what is refused until a person mends it. */
  troubles: Pick<Troubles, 'met' | 'works'>;
}

/** Telegram's groups have negative ids; a Discord channel counts like one person's chat. */
export function isGroup(chat: string): boolean {
  return chat.startsWith('-');
}
