import {
  ComponentType,
  InteractionResponseType,
  InteractionType,
  MessageFlags,
  Routes,
  TextInputStyle,
  type APIInteraction,
  type APIModalInteractionResponseCallbackData,
  type REST,
} from 'discord.js';
import { cutEnd, messageOf } from '../../src/base/index.ts';
import {
  parts,
  toDiscord,
  type Answer,
  type Chat,
  type Form,
  type Input,
  type Message,
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
  /** `direct`: it is known to stand in a chat of the person and the bot alone. */
  message(message: HeardMessage, direct?: boolean): Promise<void>;
  interaction(interaction: APIInteraction): Promise<void>;
}

export function createResponder(speaking: Speaking): Responder {
  const { chat, rest, platform, channels, log } = speaking;

  async function message(heard: HeardMessage, direct = false): Promise<void> {
    try {
      const where = direct ? { chat: heard.channel_id, private: true } : await channels.where(heard.channel_id);
      const input = messageInput(heard, where, speaking.self());
      if (input === undefined) return;
      const answer = await chat.receive(input, platform);
      await sayAll(input, answer, heard.id);
    } catch (error) {
      speaking.onError(error);
      log(`discord: a message was not answered: ${messageOf(error)}`);
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
    const [open, answer] = await Promise.all([early, chat.receive(input, platform)]);
    if (!open) await sayAll(input, answer);
    else if (fromMessage) await followAll(heard, input, answer, false);
    else await followAll(heard, input, answer, true);
  }

  /** Shows an answer by the interaction's own means. `waiting`: a message that says "thinking…" stands there. */
  async function followAll(heard: APIInteraction, input: Input, answer: Answer, waiting: boolean): Promise<void> {
    const bodies = answer.messages.flatMap((one) => parts(one, platform).map((part) => bodyOf(part)));
    const files = answer.messages
      .flatMap((one) => one.files ?? [])
      .filter(({ bytes }) => bytes.byteLength <= platform.limits.fileBytes);
    const hook = Routes.webhook(heard.application_id, heard.token);
    const original = Routes.webhookMessage(heard.application_id, heard.token, '@original');
    const toast = answer.shown === true ? undefined : answer.toast;
    try {
      if (bodies.length === 0 && toast !== undefined) {
        const body = { ...wordsBody(toast), ...(waiting ? {} : { flags: MessageFlags.Ephemeral }) };
        await (waiting ? rest.patch(original, { body, auth: false }) : rest.post(hook, { body, auth: false }));
        return;
      }
      if (bodies.length === 0 && waiting) await rest.delete(original, { auth: false });
      for (const [index, body] of bodies.entries())
        await (waiting && index === 0
          ? rest.patch(original, { body, auth: false })
          : rest.post(hook, { body, auth: false }));
      for (const { name, bytes } of files)
        await rest.post(hook, {
          body: { allowed_mentions: noMentions },
          files: [{ name, data: Buffer.from(bytes) }],
          auth: false,
        });
    } catch (error) {
      log(`discord: an answer goes to the channel, its own way is closed: ${messageOf(error)}`);
      await sayAll(input, answer);
    }
  }

  /** Shows an answer as messages of their own. What cannot be sent now is written down, and goes out later. */
  async function sayAll(input: Input, answer: Answer, replyTo?: string): Promise<void> {
    const place: Place = {
      channel: 'discord',
      chat: input.chat,
      ...(input.thread === undefined ? {} : { thread: input.thread }),
    };
    const words: Message[] =
      answer.messages.length === 0 && answer.toast !== undefined && answer.shown !== true && input.private
        ? [{ rich: [{ type: 'text', spans: [{ text: answer.toast }] }] }]
        : answer.messages;
    for (const one of words) {
      try {
        for (const [index, part] of parts(one, platform).entries())
          await platform.send(place, { ...part, ...(index === 0 && replyTo !== undefined ? { replyTo } : {}) });
        for (const file of one.files ?? []) await platform.sendFile(place, file);
      } catch (error) {
        log(`discord: an answer waits: ${messageOf(error)}`);
        await chat.outbox.post([{ place, priority: 'reply', content: { kind: 'text', rich: one.rich } }]);
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

function wordsBody(text: string): Body {
  return bodyOf({ rich: [{ type: 'text', spans: [{ text }] }] });
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
