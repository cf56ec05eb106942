/** What the server holds: the fields of Discord's public API that bots read. Ids are snowflakes, as text. */
export interface DiscordUser {
  id: string;
  username: string;
  global_name: string | null;
  discriminator: string;
  avatar: string | null;
  bot: boolean;
}

export interface DiscordChannel {
  id: string;
  /** 0 a text channel, 1 a direct message, 11 a public thread. */
  type: 0 | 1 | 11;
  name?: string;
  guild_id?: string;
  parent_id?: string | null;
  owner_id?: string;
  recipients?: DiscordUser[];
  thread_metadata?: { archived: boolean; auto_archive_duration: number; archive_timestamp: string; locked: boolean };
}

/** A component as the API nests them: rows (1), buttons (2), select menus (3), text inputs (4). */
export interface Component {
  type: number;
  components?: Component[];
  component?: Component;
  custom_id?: string;
  label?: string;
  disabled?: boolean;
  style?: number;
  url?: string;
  options?: { label: string; value: string; description?: string; default?: boolean }[];
  min_values?: number;
  max_values?: number;
  value?: string;
}

export interface DiscordMessage {
  id: string;
  channel_id: string;
  guild_id?: string;
  author: DiscordUser;
  content: string;
  timestamp: string;
  edited_timestamp: string | null;
  tts: boolean;
  mention_everyone: boolean;
  mentions: DiscordUser[];
  mention_roles: string[];
  attachments: { id: string; filename: string; size: number; url: string; proxy_url: string; content_type?: string }[];
  embeds: object[];
  components: Component[];
  pinned: boolean;
  type: number;
  flags: number;
  nonce?: string | number;
  message_reference?: { type?: number; message_id: string; channel_id: string };
  message_snapshots?: { message: { content: string; attachments: [] } }[];
  referenced_message?: DiscordMessage | null;
}

/** A request of the bot's, as it came. `at` is the server's clock in ms. */
export interface DiscordCall {
  method: string;
  /** Below the version: `/channels/1/messages`. */
  path: string;
  query: Record<string, string>;
  body: Record<string, unknown>;
  files: { name: string; type: string; bytes: Uint8Array }[];
  at: number;
}

/** What a person did, and what the bot did with it. */
export interface Interaction {
  id: string;
  token: string;
  at: number;
  /** In ms; undefined while the bot has said nothing. */
  acknowledgedAfter?: number;
  /** The type and data of the callback. */
  callback?: { type: number; data: Record<string, unknown> };
  message?: DiscordMessage;
  channel: DiscordChannel;
  user: DiscordUser;
  /** Messages that only this person sees, and follow-ups, newest last. */
  replies: DiscordMessage[];
}

/** What the API answers with instead of a result. */
export class DiscordError extends Error {
  readonly status: number;
  readonly code: number;
  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
