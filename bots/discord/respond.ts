import {
  ComponentType,
  InteractionResponseType,
  InteractionType,
  MessageFlags,
  Routes,
  TextInputStyle,
  type APIInteraction,
  type APIModalInteractionResponseCallbackData,
  type RawFile,
  type REST,
} from 'discord.js';
import { cutEnd, messageOf } from '../../src/base/index.ts';
import {
  laterIntents,
  piecesOf,
  sendFileOrSay,
  toDiscord,
  type Answer,
  type Chat,
  type Form,
  type Input,
  type Message,
  type OutFile,
  type Piece,
  type Platform,
} from '../chat/index.ts';
import type { Place } from '../../src/journal/index.ts';
import { bodyOf, noMentions, type Body } from './body.ts';
import { completions } from './complete.ts';
import type { Channels } from './channels.ts';
import { interactionInput, messageInput, type HeardMessage } from './heard.ts';

/** What answering needs. */
export interface Speaking {
  chat: Chat;
  rest: REST;
  platform: Platform;
  channels: Channels;
  /** The bot's own id. */
  self: () => string;
  log: (text: string) => void;
  onError: (error: unknown) => void;
}

/** Hears what people do and shows them what comes of it. Nothing here rejects. */
export interface Responder {
  /** Resolves with false where it could not be heard now. `direct`: it is known to stand in a chat of the person and the bot alone. */
  message(message: HeardMessage, direct?: boolean): Promise<boolean>;
  interaction(interaction: APIInteraction): Promise<void>;
}

export function createResponder(speaking: Speaking): Responder {
  const { chat, rest, platform, channels, log } = speaking;

  async function message(heard: HeardMessage, direct = false): Promise<boolean> {
    try {
      const where = direct ? { chat: heard.channel_id, private: true } : await channels.where(heard.channel_id);
      const input = messageInput(heard, where, speaking.self());
      if (input !== undefined) await chat.receive(input, platform, (answer) => sayAll(input, answer, heard.id));
      return true;
    } catch (error) {
      speaking.onError(error);
      log(`discord: a message was not answered: ${messageOf(error)}`);
      return false;
    }
  }

  async function interaction(heard: APIInteraction): Promise<void> {
    try {
      if (heard.type === InteractionType.Ping) return;
      const where = placeOf(heard, channels);
      if (where === undefined) return;
      if (heard.type === InteractionType.ApplicationCommandAutocomplete) {
        const choices = completions(chat, heard, where);
        await callback(heard, InteractionResponseType.ApplicationCommandAutocompleteResult, { choices });
        return;
      }
      const input = interactionInput(heard, where, chat.commands);
      if (input === undefined) return;
      const form = chat.formFor(input);
      if (form !== undefined && (await callback(heard, InteractionResponseType.Modal, modalOf(form)))) return;
      await acknowledged(heard, input);
    } catch (error) {
      speaking.onError(error);
      log(`discord: a tap or command was not answered: ${messageOf(error)}`);
    }
  }

  /** Discord waits three seconds for a word, and fifteen minutes for the rest: the word is said before anything is done. */
  async function acknowledged(heard: APIInteraction, input: Input): Promise<void> {
    const fromMessage = 'message' in heard;
    const known = chat.knows(input);
    const hidden = known ? {} : { flags: MessageFlags.Ephemeral };
    const early = fromMessage
      ? callback(heard, InteractionResponseType.DeferredMessageUpdate)
      : callback(heard, InteractionResponseType.DeferredChannelMessageWithSource, hidden);
    // What was tapped counts, whether Discord took the word or not.
    await chat.receive(input, platform, async (answer) =>
      (await early) ? followAll(heard, input, answer, !fromMessage) : sayAll(input, answer),
    );
  }

  /** Shows an answer by the interaction's own means. `waiting`: a message that says "thinking…" stands there. */
  async function followAll(heard: APIInteraction, input: Input, answer: Answer, waiting: boolean): Promise<void> {
    const pieces = answer.messages.flatMap((one) => piecesOf(one, platform));
    const hook = Routes.webhook(heard.application_id, heard.token);
    const original = Routes.webhookMessage(heard.application_id, heard.token, '@original');
    const send = (first: boolean, body: object, files: RawFile[] = []) =>
      first && waiting
        ? rest.patch(original, { body, files, auth: false })
        : rest.post(hook, { body, files, auth: false });
    let shown = 0;
    try {
      const toast = answer.shown === true ? undefined : answer.toast;
      if (pieces.length === 0 && toast !== undefined)
        await send(true, { ...wordsBody(toast), ...(waiting ? {} : { flags: MessageFlags.Ephemeral }) });
      else if (pieces.length === 0 && waiting) await rest.delete(original, { auth: false });
      for (const piece of pieces) {
        if ('part' in piece) await send(shown === 0, bodyOf(piece.part));
        else await send(shown === 0, { allowed_mentions: noMentions }, [rawOf(piece.file)]);
        shown += 1;
      }
    } catch (error) {
      log(`discord: an answer goes to the channel, its own way is closed: ${messageOf(error)}`);
      await sayRest(placeOfInput(input), pieces.slice(shown));
    }
  }

  /** Shows an answer as messages of their own. */
  async function sayAll(input: Input, answer: Answer, replyTo?: string): Promise<void> {
    const { toast, shown, messages } = answer;
    const alone =
      messages.length === 0 && toast !== undefined && shown !== true && (input.private || chat.knows(input));
    const said: Message[] = alone ? [{ rich: wordsOf(toast) }] : messages;
    await sayRest(
      placeOfInput(input),
      said.flatMap((one) => piecesOf(one, platform)),
      replyTo,
    );
  }

  /** What cannot be sent now is written down, and goes out later: late rather than never. */
  async function sayRest(place: Place, pieces: readonly Piece[], replyTo?: string): Promise<void> {
    for (const [index, piece] of pieces.entries()) {
      try {
        if ('file' in piece) await sendFileOrSay(platform, place, piece.file);
        else
          await platform.send(place, { ...piece.part, ...(index === 0 && replyTo !== undefined ? { replyTo } : {}) });
      } catch (error) {
        log(`discord: an answer waits: ${messageOf(error)}`);
        await chat.outbox.post(laterIntents(place, pieces.slice(index)));
        return;
      }
    }
  }

  /** True where Discord took it; too late, or away, is false. */
  async function callback(heard: APIInteraction, type: InteractionResponseType, data?: object): Promise<boolean> {
    try {
      await rest.post(Routes.interactionCallback(heard.id, heard.token), {
        body: { type, ...(data === undefined ? {} : { data }) },
        auth: false,
      });
      return true;
    } catch (error) {
      speaking.onError(error);
      log(`discord: a tap or command was not acknowledged: ${messageOf(error)}`);
      return false;
    }
  }

  return { message, interaction };
}

/** Where it happened; undefined where Discord does not say, for then nobody knows who reads along. */
function placeOf({ channel, guild_id: server }: APIInteraction, channels: Channels) {
  if (channel?.id === undefined || !('type' in channel)) return undefined;
  return channels.note({ ...(channel as Parameters<Channels['note']>[0]), guild_id: server });
}

function placeOfInput({ chat, thread }: Input): Place {
  return { channel: 'discord', chat, ...(thread === undefined ? {} : { thread }) };
}

function wordsOf(text: string): Message['rich'] {
  return [{ type: 'text', spans: [{ text }] }];
}

function wordsBody(text: string): Body {
  return bodyOf({ rich: wordsOf(text) });
}

function rawOf({ name, bytes }: OutFile): RawFile {
  return { name, data: Buffer.from(bytes) };
}

function modalOf(form: Form): APIModalInteractionResponseCallbackData {
  return {
    title: form.title.slice(0, 45),
    custom_id: form.data,
    components: [
      // The message stands behind the form, where nobody sees it.
      ...(form.about === undefined ? [] : [{ type: ComponentType.TextDisplay as const, content: aboutOf(form.about) }]),
      {
        type: ComponentType.Label,
        label: form.label.slice(0, 45),
        component: {
          type: ComponentType.TextInput,
          custom_id: 'text',
          style: TextInputStyle.Paragraph,
          required: true,
          max_length: 4000,
          ...(form.placeholder === undefined ? {} : { placeholder: form.placeholder.slice(0, 100) }),
          ...(form.value === undefined ? {} : { value: form.value.slice(0, 4000) }),
        },
      },
    ],
  };
}

function aboutOf(text: string): string {
  return toDiscord([{ type: 'text', spans: [{ text: cutEnd(text, 1500) }] }]).slice(0, 4000);
}
