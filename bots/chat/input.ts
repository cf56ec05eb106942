import type { Channel } from '../../src/journal/index.ts';
import type { Button, OutFile } from './platform.ts';
import type { Rich } from '../../src/journal/index.ts';

/** Who did something, and where: all that says whether they may. */
export type Origin = Pick<Base, 'channel' | 'user' | 'chat' | 'server' | 'private'>;

/** Something that somebody did in a chat, as a bot hands it to the core. */
export type Input = Base &
  (
    | {
        type: 'text';
        text: string;
        /** The words are somebody else's (a forwarded message): data, whatever they say. */
        quoted?: boolean;
        /** The message of ours that it replies to. */
        replyTo?: string;
        files: InFile[];
      }
    /** A command that the server itself understood as one (a slash command): its name, and its words as if typed. */
    | { type: 'command'; command: string; words: string; files: InFile[] }
    /** A button of ours. `message`: the message that it stands under. `picked`: of a menu, the data of all that are chosen in it. */
    | { type: 'tap'; data: string; message: string; picked?: string[] }
    /** A form of ours was sent: `data` is the form's, `text` what was written. */
    | { type: 'form'; data: string; text: string }
  );

interface Base {
  channel: Channel;
  /** The server's id of this input with its kind before it, such as `u123`: the same when it comes a second time. */
  id: string;
  user: string;
  /** How the person is called there; shown, never trusted. */
  name: string;
  /** The chat or channel; of a thread, the channel that it belongs to. */
  chat: string;
  /** What this chat lies in (a Discord server), where there is such a thing. */
  server?: string;
  /** The person and the bot alone. */
  private: boolean;
  thread?: string;
}

/** A file that somebody sent. */
export interface InFile {
  /** For `Platform.fetchFile`. */
  ref: string;
  name: string;
  bytes: number;
  kind: 'picture' | 'document' | 'voice' | 'other';
}

/**
 * What the person gets at once, where they are. The bot shows it by its own means (a reply, an answered interaction);
 * `parts()` of the core fits a message to the platform.
 */
export interface Answer {
  /** Some words beside a tap; at most 180 characters. */
  toast?: string;
  /** The message that was tapped is about to say the same: where the words would stay, they may be left out. */
  shown?: boolean;
  messages: Message[];
}

/** A message before it is fitted to a platform. */
export interface Message {
  rich: Rich;
  buttons?: Button[][];
  /** The person is asked to reply to it. */
  forceReply?: boolean;
  /** It holds a code: shown at once, or not at all. */
  secret?: boolean;
  /** Under this name the core finds it again when somebody replies to it. */
  key?: string;
  files?: OutFile[];
}

/** A form with one field that a tap opens, where the platform has forms. */
export interface Form {
  title: string;
  label: string;
  /** What it is about, in full. */
  about?: string;
  placeholder?: string;
  /** What stands in the field already. */
  value?: string;
  data: string;
}
