import type { Channel, Place, Rich } from '../../src/journal/index.ts';

/**
 * A chat server as the core sees it: what a bot implements, and all that it implements. The core decides what is
 * said, in which order, how it is split and when it is tried again; a platform only carries it.
 *
 * Every call rejects with a `PlatformError` where the server refuses or cannot be reached, and with nothing else; it
 * has a time-out of its own and never hangs.
 */
export interface Platform {
  readonly channel: Channel;
  readonly limits: Limits;
  /** What this server can do for us; what it cannot is left out or done another way. May turn false at run time. */
  readonly can: Capabilities;
  /** The length of a text as this server counts it, markup included: parts are fitted to `limits.text` by it. */
  length(rich: Rich): number;
  /** Sends one part, which fits. Resolves with the server's id of the message once the server has it. */
  send(place: Place, part: Part): Promise<{ message: string }>;
  /** Shows something else in a message of ours. Resolves also where it shows that already. */
  edit(place: Place, message: string, part: Part): Promise<void>;
  remove(place: Place, message: string): Promise<void>;
  pin(place: Place, message: string): Promise<void>;
  /** Takes back a pin of ours. Resolves also where it was none. */
  unpin(place: Place, message: string): Promise<void>;
  /** Opens a thread or topic in a chat. Resolves with its id. Called only where `can.threads`. */
  openThread(chat: string, title: string): Promise<string>;
  sendFile(place: Place, file: OutFile): Promise<{ message: string }>;
  /** Reads a file that somebody sent, up to `limits.fileBytes`. */
  fetchFile(ref: string): Promise<Uint8Array>;
}

export interface Limits {
  /** Of a text, in what `length` counts. */
  text: number;
  /** Of callback data, in bytes. */
  callback: number;
  /** Of a button's label, in characters. */
  label: number;
  buttonsInRow: number;
  rows: number;
  /** Of a file, in bytes, either way. */
  fileBytes: number;
}

export interface Capabilities {
  edit: boolean;
  pin: boolean;
  threads: boolean;
  /** A form that a tap opens (a modal); else the person is asked to reply to a message. */
  forms: boolean;
  files: boolean;
}

/** One message as it goes out: it fits, and its buttons are at its end. */
export interface Part {
  rich: Rich;
  buttons?: Button[][];
  /** The message that it replies to. */
  replyTo?: string;
  /** The person is asked to reply to it. */
  forceReply?: boolean;
  silent?: boolean;
  /** It holds a code for one person: it is shown now, or not at all, and kept nowhere. */
  secret?: boolean;
  /** Markup was refused before: send the words alone, unformatted. */
  plain?: boolean;
  /** The same for the same part at every try: where the server can, a second one does not show. */
  nonce?: string;
}

export interface Button {
  label: string;
  /** Signed, within `limits.callback`. */
  data: string;
  look?: 'good' | 'bad' | undefined;
  /** One of several that may be chosen together: a server with menus shows them as one. */
  option?: Option | undefined;
}

/** Something in a menu. */
export interface Option {
  label: string;
  description?: string | undefined;
  /** It is chosen. */
  on: boolean;
  /** Data that chooses it alone, and data that chooses nothing; a menu sends that of all that are chosen. */
  alone: string;
  none: string;
}

export interface OutFile {
  name: string;
  bytes: Uint8Array;
  /** `picture`: shown as one. */
  as: 'document' | 'picture';
  caption?: Rich;
  silent?: boolean;
}

/** Why a server did not do what was asked. */
export class PlatformError extends Error {
  readonly why: Refusal;
  /** Try again not before so many milliseconds from now, as the server says. */
  readonly retryAfterMs: number | undefined;

  constructor(why: Refusal, message: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PlatformError';
    this.why = why;
    this.retryAfterMs = options.retryAfterMs;
  }
}

type Refusal =
  /** Too many messages: `retryAfterMs` says how long to be still. */
  | 'flood'
  /** It could not be reached, or it fails itself: another try may do. */
  | 'unreachable'
  /** It does not like the markup, the buttons or the length: another try only with `plain`. */
  | 'markup'
  /** The message, thread or chat to act on is no more. */
  | 'gone'
  /** Blocked, thrown out, not allowed. */
  | 'forbidden'
  /** This server has no such thing. */
  | 'unsupported';
