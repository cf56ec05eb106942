import {
  InteractionType,
  MessageFlags,
  MessageReferenceType,
  MessageType,
  type APIAttachment,
  type APIInteraction,
  type APIMessage,
  type APIModalSubmitInteraction,
  type APIUser,
} from 'discord.js';
import type { Chat, InFile, Input } from '../chat/index.ts';
import type { Where } from './channels.ts';
import { wordsOf } from './slash.ts';

/** A message as the gateway sends it, or as it stands in a channel. */
export type HeardMessage = APIMessage;

/** What somebody wrote; undefined where nobody did: a bot, or the server itself ("… joined"). `self`: the bot's own id. */
export function messageInput(message: HeardMessage, where: Where, self: string): Input | undefined {
  if (message.author.bot === true || message.webhook_id !== undefined) return undefined;
  if (message.type !== MessageType.Default && message.type !== MessageType.Reply) return undefined;
  const passedOn = message.message_reference?.type === MessageReferenceType.Forward;
  const shown = passedOn ? message.message_snapshots?.[0]?.message : message;
  const replied = passedOn ? undefined : message.message_reference?.message_id;
  const mention = new RegExp(`^\\s*<@!?${self}>\\s*`);
  const isVoice = ((message.flags ?? 0) & MessageFlags.IsVoiceMessage) !== 0;
  return {
    ...baseOf(`m${message.id}`, message.author, where),
    type: 'text',
    text: (shown?.content ?? '').replace(mention, ''),
    ...(passedOn ? { quoted: true } : {}),
    ...(replied === undefined ? {} : { replyTo: replied }),
    files: (shown?.attachments ?? []).map((file) => fileOf(file, isVoice)),
  };
}

/** What somebody tapped, sent or commanded; undefined for what is none of it. */
export function interactionInput(
  interaction: APIInteraction,
  where: Where,
  commands: Chat['commands'],
): Input | undefined {
  const user = interaction.member?.user ?? interaction.user;
  if (user === undefined) return undefined;
  const base = baseOf(`i${interaction.id}`, user, where);
  switch (interaction.type) {
    case InteractionType.MessageComponent:
      return {
        ...base,
        type: 'tap',
        data: interaction.data.custom_id,
        message: interaction.message.id,
        ...('values' in interaction.data ? { picked: interaction.data.values } : {}),
      };
    case InteractionType.ModalSubmit:
      return { ...base, type: 'form', data: interaction.data.custom_id, text: writtenIn(interaction) };
    case InteractionType.ApplicationCommand: {
      const { name } = interaction.data;
      const { words, files } = wordsOf(interaction, commands);
      return { ...base, type: 'command', command: name, words, files: files.map((file) => fileOf(file, false)) };
    }
    default:
      return undefined;
  }
}

function baseOf(id: string, user: APIUser, where: Where) {
  return {
    channel: 'discord' as const,
    id,
    user: user.id,
    name: user.global_name ?? user.username,
    ...where,
  };
}

function writtenIn({ data }: APIModalSubmitInteraction): string {
  const fields = data.components.flatMap((row) =>
    'component' in row ? [row.component] : 'components' in row ? row.components : [],
  );
  const texts = fields.flatMap((field) => ('value' in field && typeof field.value === 'string' ? [field.value] : []));
  return texts.join('\n');
}

function fileOf({ url, filename, size, content_type: type = '' }: APIAttachment, isVoice: boolean): InFile {
  const kind = isVoice ? 'voice' : type.startsWith('image/') ? 'picture' : 'document';
  return { ref: url, name: filename, bytes: size, kind };
}
