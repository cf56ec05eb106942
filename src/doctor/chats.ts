import { messageOf } from '../base/index.ts';
import { askServer, type Said } from './ask.ts';
import type { Check, Finding } from './types.ts';

const restart = 'put it into .env of the home (mode 0600): a bot that runs starts with it by itself';

/** The Telegram bot: its token is tried on the server for real, and its rights in the groups that config names. Polls nothing: a bot that runs is not disturbed. */
export const telegram: Check = async ({ env, config }) => {
  const name = 'telegram';
  const token = env.TELEGRAM_BOT_TOKEN ?? '';
  if (token === '') return { name, ok: 'ok', found: 'off: there is no TELEGRAM_BOT_TOKEN' };
  const root = rootOf(env.TELEGRAM_API_ROOT, 'https://api.telegram.org');
  const options = { proxy: config?.chat.telegram.proxy, setting: 'chat.telegram.proxy' };
  const ask = (method: string) => askServer(`${root}/bot${token}/${method}`, options);
  let me: Said;
  try {
    me = await ask('getMe');
  } catch (error) {
    return unreached(name, root, error, 'TELEGRAM_API_ROOT and chat.telegram.proxy');
  }
  if (me.status === 401 || me.status === 404)
    return {
      ...{ name, ok: 'warn', found: `${root} refuses the bot token (${me.status})` },
      remedy: `Take the right one from BotFather (/token) as TELEGRAM_BOT_TOKEN, ${restart}.`,
    };
  const bot = record(me.body.result);
  if (me.status !== 200 || typeof bot.id !== 'number') return odd(name, root, me.status);
  const found: Finding = { name, ok: 'ok', found: `@${String(bot.username)} answers` };
  const groups = [...(config?.chat.telegram.chats ?? []), ...Object.values(config?.chat.telegram.projects ?? {})];
  const inGroups = await Promise.all([...new Set(groups)].map((chat) => groupOf(ask, chat, bot.id as number)));
  return [found, ...inGroups];
};

async function groupOf(ask: (method: string) => Promise<Said>, chat: string, bot: number): Promise<Finding> {
  const name = 'telegram';
  const where = `chat_id=${encodeURIComponent(chat)}`;
  const [known, member] = await Promise.all([ask(`getChat?${where}`), ask(`getChatMember?${where}&user_id=${bot}`)]);
  if (known.status !== 200 || member.status !== 200)
    return {
      ...{ name, ok: 'warn', found: `the group ${chat} is not there for the bot` },
      remedy: 'Add the bot to it, or correct its id in chat.telegram of config/dayshift.yaml.',
    };
  const group = record(known.body.result);
  const rights = record(member.body.result);
  const isOwn = rights.status === 'creator';
  const lacks = [
    ...(isOwn || rights.can_pin_messages === true ? [] : ['pin messages']),
    ...(group.is_forum !== true || isOwn || rights.can_manage_topics === true ? [] : ['manage topics']),
  ];
  const title = typeof group.title === 'string' ? group.title : chat;
  if (lacks.length === 0) return { name, ok: 'ok', found: `the bot has its rights in ${title}` };
  return {
    ...{ name, ok: 'warn', found: `in ${title} (${chat}) the bot may not ${lacks.join(' and ')}` },
    remedy: 'In the group: Edit → Administrators → the bot. It works without: no pinned card, no topics.',
  };
}

/** Of a Discord application's flags: it may read what is written, in few servers or in many. */
const MAY_READ = (1 << 18) | (1 << 19);

/** The Discord bot: its token is tried on the server for real, and whether the channels that config names are there for it. */
export const discord: Check = async ({ env, config }) => {
  const name = 'discord';
  const token = env.DISCORD_BOT_TOKEN ?? '';
  if (token === '') return { name, ok: 'ok', found: 'off: there is no DISCORD_BOT_TOKEN' };
  const root = rootOf(env.DISCORD_API_ROOT, 'https://discord.com/api');
  const options = {
    ...{ proxy: config?.chat.discord.proxy, setting: 'chat.discord.proxy' },
    headers: { authorization: `Bot ${token}`, 'user-agent': 'DiscordBot (dayshift, 1)' },
  };
  const ask = (path: string) => askServer(`${root}/v10${path}`, options);
  let app: Said;
  try {
    app = await ask('/applications/@me');
  } catch (error) {
    return unreached(name, root, error, 'DISCORD_API_ROOT and chat.discord.proxy');
  }
  if (app.status === 401)
    return {
      ...{ name, ok: 'warn', found: `${root} refuses the bot token (401)` },
      remedy: `discord.com/developers/applications → your application → Bot → Reset Token: as DISCORD_BOT_TOKEN ${restart}.`,
    };
  if (app.status !== 200 || typeof app.body.id !== 'string') return odd(name, root, app.status);
  const title = `“${String(app.body.name)}” answers`;
  const reads = (Number(app.body.flags) & MAY_READ) !== 0;
  const first: Finding = reads
    ? { name, ok: 'ok', found: title }
    : {
        ...{ name, ok: 'warn', found: `${title}; it may not read what is written in servers` },
        remedy: 'discord.com/developers/applications → your application → Bot → turn on Message Content Intent.',
      };
  const named = [...(config?.chat.discord.channels ?? []), ...Object.values(config?.chat.discord.projects ?? {})];
  const seen = await Promise.all([...new Set(named)].map(async (id) => ({ id, ...(await ask(`/channels/${id}`)) })));
  const shut = seen.filter(({ status }) => status !== 200).map(({ id, status }) => `${id} (${status})`);
  if (shut.length === 0) return first;
  return [
    first,
    {
      ...{ name, ok: 'warn', found: `channels that are not there for the bot: ${shut.join(', ')}` },
      remedy:
        'Add the bot to that server, let its role view the channel, or correct chat.discord in config/dayshift.yaml.',
    },
  ];
};

function rootOf(given: string | undefined, vendor: string): string {
  return (given === undefined || given === '' ? vendor : given).replace(/\/+$/, '');
}

function unreached(name: string, root: string, error: unknown, settings: string): Finding {
  return {
    ...{ name, ok: 'warn', found: `${root} cannot be reached: ${messageOf(error)}` },
    remedy: `Look at the network, and at ${settings}. A running dayshift tries until it can.`,
  };
}

function odd(name: string, root: string, status: number): Finding {
  return {
    ...{ name, ok: 'warn', found: `${root} answers with ${status}, as no chat server does` },
    remedy: 'Look at the address, or try again later.',
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
