import { ChannelType, MessageFlags, Routes, ThreadAutoArchiveDuration, type REST } from 'discord.js';
import { PlatformError, toDiscord, type OutFile, type Platform } from '../chat/index.ts';
import type { Place } from '../../src/journal/index.ts';
import { bodyOf, limits, noMentions } from './body.ts';
import type { Channels } from './channels.ts';
import { fetchAttachment } from './attachment.ts';
import type { Way } from './way.ts';
import { codeOf, codes, refusalOf, type Doing } from './refusal.ts';

/** What a platform on Discord needs. */
interface DiscordOptions {
  rest: REST;
  channels: Channels;
  way: Pick<Way, 'through' | 'back'>;
  /** A refused call, before it becomes the core's error. */
  onError: (error: unknown) => void;
}

/** Discord as the core sees it: the REST API alone, whether the gateway is there or not. */
export function discordPlatform({ rest, channels, way, onError }: DiscordOptions): Platform {
  async function call<T>(doing: Doing, work: () => Promise<unknown>): Promise<T> {
    try {
      return (await work()) as T;
    } catch (error) {
      onError(error);
      throw refusalOf(error, doing);
    }
  }

  /** A message in a thread that fell asleep cannot be edited: it is woken. */
  async function awake(place: Place, work: () => Promise<unknown>): Promise<unknown> {
    try {
      return await work();
    } catch (error) {
      if (place.thread === undefined || codeOf(error) !== codes.archivedThread) throw error;
      await rest.patch(Routes.channel(place.thread), { body: { archived: false } });
      return work();
    }
  }

  return {
    channel: 'discord',
    limits,
    can: { edit: true, pin: true, threads: true, forms: true, files: true },
    length: (rich) => toDiscord(rich).length,
    async send(place, part) {
      const body = {
        ...bodyOf(part),
        ...(part.replyTo === undefined
          ? {}
          : { message_reference: { message_id: part.replyTo, fail_if_not_exists: false } }),
        ...(part.nonce === undefined ? {} : { nonce: part.nonce, enforce_nonce: true }),
      };
      if (part.silent === true) body.flags |= MessageFlags.SuppressNotifications;
      const path = Routes.channelMessages(channelOf(place));
      const { id } = await call<{ id: string }>('send', () => awake(place, () => rest.post(path, { body })));
      return { message: id };
    },
    async edit(place, message, part) {
      const path = Routes.channelMessage(channelOf(place), message);
      await call('edit', () => awake(place, () => rest.patch(path, { body: bodyOf(part) })));
    },
    async remove(place, message) {
      const path = Routes.channelMessage(channelOf(place), message);
      await call('remove', () =>
        awake(place, () => rest.delete(path)).catch((error: unknown) => {
          // Somebody else did it.
          if (codeOf(error) !== codes.unknownMessage) throw error;
        }),
      );
    },
    async pin(place, message) {
      await call('pin', () => rest.put(Routes.channelMessagesPin(channelOf(place), message)));
    },
    async unpin(place, message) {
      await call('pin', () => rest.delete(Routes.channelMessagesPin(channelOf(place), message)));
    },
    async openThread(chat, title) {
      const where = await call<Awaited<ReturnType<Channels['where']>>>('thread', () => channels.where(chat));
      if (where.private || where.thread !== undefined)
        throw new PlatformError('unsupported', 'there are no threads in direct messages');
      const body = {
        name: title.slice(0, 100),
        type: ChannelType.PublicThread,
        auto_archive_duration: ThreadAutoArchiveDuration.ThreeDays,
      };
      const { id } = await call<{ id: string }>('thread', () => rest.post(Routes.threads(chat), { body }));
      channels.note({ id, type: ChannelType.PublicThread, parent_id: chat });
      return id;
    },
    async sendFile(place, file) {
      const body = {
        ...fileBody(file),
        flags: MessageFlags.SuppressEmbeds | (file.silent === true ? MessageFlags.SuppressNotifications : 0),
      };
      const files = [{ name: file.name, data: Buffer.from(file.bytes) }];
      const path = Routes.channelMessages(channelOf(place));
      const { id } = await call<{ id: string }>('file', () => awake(place, () => rest.post(path, { body, files })));
      return { message: id };
    },
    fetchFile: (ref) =>
      call('fetch', () => fetchAttachment(ref, { way, root: rest.options.api, most: limits.fileBytes })),
  };
}

function fileBody(file: OutFile) {
  return {
    ...(file.caption === undefined ? {} : { content: toDiscord(file.caption).slice(0, limits.text) }),
    allowed_mentions: noMentions,
  };
}

function channelOf(place: Place): string {
  return place.thread ?? place.chat;
}
