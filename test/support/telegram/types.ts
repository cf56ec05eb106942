/** What the server tells of a message: the fields of the Bot API that bots read. Times in seconds, lengths in UTF-16 units. */
export interface Message {
  message_id: number;
  date: number;
  chat: Chat;
  from: User;
  message_thread_id?: number;
  is_topic_message?: boolean;
  text?: string;
  caption?: string;
  media_group_id?: string;
  entities?: Entity[];
  caption_entities?: Entity[];
  reply_to_message?: Message;
  reply_markup?: { inline_keyboard?: Button[][] };
  /** It asked for a reply: the vendor's clients know, its answers do not say so. */
  asks?: true;
  photo?: { file_id: string; file_unique_id: string; width: number; height: number; file_size: number }[];
  document?: StoredFile;
  voice?: StoredFile & { duration: number };
  edit_date?: number;
  forum_topic_created?: { name: string; icon_color: number };
}

export interface Chat {
  id: number;
  type: 'private' | 'supergroup';
  title?: string;
  first_name?: string;
  is_forum?: boolean;
}

export interface User {
  id: number;
  is_bot: boolean;
  first_name: string;
  username?: string;
}

export interface Entity {
  type: string;
  offset: number;
  length: number;
  language?: string;
  url?: string;
}

export interface Button {
  text: string;
  callback_data?: string;
  url?: string;
}

export interface StoredFile {
  file_id: string;
  file_unique_id: string;
  file_name?: string;
  mime_type?: string;
  file_size: number;
}

/** One update as `getUpdates` hands it out. */
export type Update = { update_id: number } & (
  | { message: Message }
  | { edited_message: Message }
  | { callback_query: { id: string; from: User; message: Message; chat_instance: string; data: string } }
);

/** A call of the bot's, as it came. `at` is the server's clock in ms. */
export interface Call {
  method: string;
  params: Record<string, unknown>;
  files: Record<string, { name: string; type: string; bytes: Uint8Array }>;
  at: number;
}

/** What the Bot API answers with instead of a result. */
export class ApiError extends Error {
  readonly code: number;
  readonly parameters: Record<string, number> | undefined;
  constructor(code: number, description: string, parameters?: Record<string, number>) {
    super(description);
    this.code = code;
    this.parameters = parameters;
  }
}
