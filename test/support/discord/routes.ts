import { checkCommands, checkMessage, checkModal } from './check.ts';
import {
  DiscordError,
  type Component,
  type DiscordCall,
  type DiscordChannel,
  type DiscordMessage,
  type Interaction,
} from './types.ts';
import { user, type DiscordWorld } from './world.ts';

type Route = [
  method: string,
  pattern: RegExp,
  handle: (world: DiscordWorld, call: DiscordCall, ids: string[]) => unknown,
];

/** The routes of the REST API that this server knows. Each throws DiscordError as the vendor answers. */
const routes: Route[] = [
  ['GET', /^\/users\/@me$/, (world) => world.bot],
  [
    'GET',
    /^\/(?:oauth2\/)?applications\/@me$/,
    (world) => ({ id: world.bot.id, name: 'Dayshift', flags: world.mayRead ? 1 << 18 : 0, bot: world.bot }),
  ],
  ['PUT', /^\/applications\/\d+\/(?:guilds\/\d+\/)?commands$/, putCommands],
  ['GET', /^\/applications\/\d+\/(?:guilds\/\d+\/)?commands$/, (world) => world.commands],
  ['GET', /^\/guilds\/\d+\/channels$/, (world) => [...world.channels.values()].filter((one) => one.type === 0)],
  [
    'GET',
    /^\/guilds\/\d+\/threads\/active$/,
    (world) => ({ threads: [...world.channels.values()].filter((one) => one.type === 11), members: [] }),
  ],
  ['POST', /^\/users\/@me\/channels$/, openDirect],
  ['GET', /^\/channels\/(\d+)$/, (world, _call, [id = '']) => world.channel(id)],
  ['PATCH', /^\/channels\/(\d+)$/, (world, { body }, [id = '']) => changed(world.channel(id), body)],
  ['POST', /^\/channels\/\d+\/typing$/, () => undefined],
  ['POST', /^\/channels\/(\d+)\/messages$/, (world, call, [id = '']) => postMessage(world, world.channel(id), call)],
  [
    'GET',
    /^\/channels\/(\d+)\/messages\/(\d+)$/,
    (world, _call, [channel = '', id = '']) => world.message(channel, id),
  ],
  ['GET', /^\/channels\/(\d+)\/messages$/, (world, { query }, [id = '']) => history(world, id, query)],
  [
    'PATCH',
    /^\/channels\/(\d+)\/messages\/(\d+)$/,
    (world, call, [channel = '', id = '']) => edit(world, ownMessage(world, channel, id), call),
  ],
  [
    'DELETE',
    /^\/channels\/(\d+)\/messages\/(\d+)$/,
    (world, _call, [channel = '', id = '']) => remove(world, ownMessage(world, channel, id)),
  ],
  ['PUT', /^\/channels\/(\d+)\/(?:pins|messages\/pins)\/(\d+)$/, pin],
  [
    'DELETE',
    /^\/channels\/(\d+)\/(?:pins|messages\/pins)\/(\d+)$/,
    (world, _call, [channel = '', id = '']) => void (world.message(channel, id).pinned = false),
  ],
  [
    'POST',
    /^\/channels\/(\d+)\/threads$/,
    (world, { body }, [id = '']) => newThread(world, world.channel(id), body, world.newId()),
  ],
  [
    'POST',
    /^\/channels\/(\d+)\/messages\/(\d+)\/threads$/,
    (world, { body }, [channel = '', id = '']) =>
      newThread(world, world.channel(world.message(channel, id).channel_id), body, id),
  ],
  ['PUT', /^\/channels\/\d+\/thread-members\/(?:@me|\d+)$/, () => undefined],
  ['POST', /^\/interactions\/(\d+)\/([\w.-]+)\/callback$/, callback],
  ['POST', /^\/webhooks\/\d+\/([\w.-]+)$/, (world, call, [token = '']) => followUp(world, byToken(world, token), call)],
  ['PATCH', /^\/webhooks\/\d+\/([\w.-]+)\/messages\/(@original|\d+)$/, editReply],
  [
    'GET',
    /^\/webhooks\/\d+\/([\w.-]+)\/messages\/@original$/,
    (world, _call, [token = '']) => byToken(world, token).replies[0] ?? byToken(world, token).message,
  ],
  ['DELETE', /^\/webhooks\/\d+\/([\w.-]+)\/messages\/(?:@original|\d+)$/, () => undefined],
];

/** Answers a request; undefined stands for 204. */
export function route(world: DiscordWorld, call: DiscordCall): unknown {
  for (const [method, pattern, handle] of routes) {
    const found = method === call.method ? pattern.exec(call.path) : null;
    if (found !== null) return handle(world, call, found.slice(1));
  }
  throw new DiscordError(404, 0, `404: Not Found (${call.method} ${call.path})`);
}

function putCommands(world: DiscordWorld, { body }: DiscordCall): unknown {
  const commands = body as unknown as DiscordWorld['commands'];
  checkCommands(commands as Parameters<typeof checkCommands>[0]);
  world.commands = commands;
  return commands.map((one) => ({
    version: world.newId(),
    type: 1,
    id: world.newId(),
    application_id: world.bot.id,
    ...one,
  }));
}

function openDirect(world: DiscordWorld, { body }: DiscordCall): DiscordChannel {
  const id = String(body.recipient_id);
  const known = [...world.channels.values()].find((one) => one.type === 1 && one.recipients?.[0]?.id === id);
  const channel: DiscordChannel = known ?? { id: world.newId(), type: 1, recipients: [user(id, `person-${id}`)] };
  world.channels.set(channel.id, channel);
  return channel;
}

function postMessage(world: DiscordWorld, channel: DiscordChannel, { body, files }: DiscordCall): DiscordMessage {
  world.may('send');
  awake(channel, 'send');
  if (files.length > 0) world.may('attach');
  checkMessage(body, files.length);
  const same = world.messages.find(
    (one) => body.enforce_nonce === true && one.nonce === body.nonce && one.channel_id === channel.id,
  );
  if (same !== undefined) return same;
  const reference = body.message_reference as { message_id: string; fail_if_not_exists?: boolean } | undefined;
  const replied = world.messages.find((one) => one.id === reference?.message_id);
  if (reference !== undefined && replied === undefined && reference.fail_if_not_exists !== false)
    throw new DiscordError(400, 50_035, 'Invalid Form Body: message_reference: Unknown message');
  const message = world.add(channel, world.bot, {
    ...contentOf(world, body, files),
    ...(body.nonce === undefined ? {} : { nonce: body.nonce as string }),
    ...(replied === undefined
      ? {}
      : { message_reference: { message_id: replied.id, channel_id: channel.id }, referenced_message: replied }),
  });
  world.dispatch('MESSAGE_CREATE', message);
  return message;
}

/** A channel's settings; what concerns a thread's sleep stands apart. */
function changed(channel: DiscordChannel, { archived, ...body }: Record<string, unknown>): DiscordChannel {
  if (channel.thread_metadata !== undefined && typeof archived === 'boolean')
    channel.thread_metadata.archived = archived;
  return Object.assign(channel, body);
}

/** Messages of a channel, newest first: the last ones, or those next after an id. */
function history(world: DiscordWorld, id: string, { after, limit = '50' }: Record<string, string>): DiscordMessage[] {
  world.may('read');
  const all = world.messages.filter(({ channel_id: channel }) => channel === world.channel(id).id);
  const wanted =
    after === undefined
      ? all.slice(-Number(limit))
      : all.filter((one) => BigInt(one.id) > BigInt(after)).slice(0, Number(limit));
  // The server of a message is named by the gateway alone.
  return wanted.reverse().map(({ guild_id: _guild, ...message }) => message);
}

/** A thread that is asleep takes no edits; a message wakes it, unless it is locked. */
function awake(channel: DiscordChannel, doing: 'send' | 'edit'): void {
  const { thread_metadata: state } = channel;
  if (state?.archived !== true) return;
  if (state.locked) throw new DiscordError(400, 160_005, 'Thread is locked');
  if (doing === 'edit') throw new DiscordError(400, 50_083, 'Tried to perform an operation on an archived thread');
  state.archived = false;
}

function contentOf(
  world: DiscordWorld,
  body: Record<string, unknown>,
  files: DiscordCall['files'],
): Partial<DiscordMessage> {
  const attachments = files.map(({ name, type, bytes }) => {
    const id = world.newId();
    world.files.set(id, { name, type, bytes });
    return {
      id,
      filename: name,
      size: bytes.length,
      url: `attachment:${id}`,
      proxy_url: `attachment:${id}`,
      content_type: type,
    };
  });
  const content = typeof body.content === 'string' ? { content: body.content } : {};
  const components = body.components === undefined ? {} : { components: body.components as Component[] };
  const embeds = body.embeds === undefined ? {} : { embeds: body.embeds as object[] };
  const flags = body.flags === undefined ? {} : { flags: Number(body.flags) };
  return { ...content, ...components, ...embeds, ...flags, ...(attachments.length === 0 ? {} : { attachments }) };
}

function ownMessage(world: DiscordWorld, channel: string, id: string): DiscordMessage {
  const message = world.message(channel, id);
  if (message.author.id !== world.bot.id)
    throw new DiscordError(403, 50_005, 'Cannot edit a message authored by another user');
  return message;
}

function edit(world: DiscordWorld, message: DiscordMessage, { body, files }: DiscordCall): DiscordMessage {
  awake(world.channel(message.channel_id), 'edit');
  const next = { ...message, ...contentOf(world, body, files) };
  checkMessage(next, next.attachments.length);
  Object.assign(message, next, { edited_timestamp: new Date(world.now()).toISOString() });
  world.dispatch('MESSAGE_UPDATE', message);
  return message;
}

function remove(world: DiscordWorld, message: DiscordMessage): undefined {
  world.messages = world.messages.filter((one) => one !== message);
  world.dispatch('MESSAGE_DELETE', { id: message.id, channel_id: message.channel_id, guild_id: message.guild_id });
}

function pin(world: DiscordWorld, _call: DiscordCall, [channel = '', id = '']: string[]): undefined {
  world.may('pin');
  const pins = world.messages.filter((one) => one.channel_id === channel && one.pinned);
  if (pins.length >= 250) throw new DiscordError(400, 30_003, 'Maximum number of pins reached for the channel (250)');
  world.message(channel, id).pinned = true;
}

function newThread(
  world: DiscordWorld,
  parent: DiscordChannel,
  body: Record<string, unknown>,
  id: string,
): DiscordChannel {
  world.may('thread');
  const name = typeof body.name === 'string' ? body.name : '';
  if (name.length < 1 || name.length > 100)
    throw new DiscordError(400, 50_035, 'Invalid Form Body: name: Must be between 1 and 100 in length.');
  if (parent.type !== 0) throw new DiscordError(400, 50_024, 'Cannot execute action on this channel type');
  if (world.channels.has(id))
    throw new DiscordError(400, 160_004, 'A thread has already been created for this message');
  const thread: DiscordChannel = {
    id,
    type: 11,
    name,
    guild_id: world.guildId,
    parent_id: parent.id,
    owner_id: world.bot.id,
    thread_metadata: {
      archived: false,
      auto_archive_duration: 1440,
      archive_timestamp: new Date(world.now()).toISOString(),
      locked: false,
    },
  };
  world.channels.set(id, thread);
  world.dispatch('THREAD_CREATE', { ...thread, newly_created: true });
  return thread;
}

function callback(world: DiscordWorld, call: DiscordCall, [id = '', token = '']: string[]): undefined {
  const interaction = world.interactions.get(id);
  const late = interaction !== undefined && world.now() - interaction.at > 3000;
  if (interaction?.token !== token || late) throw new DiscordError(404, 10_062, 'Unknown interaction');
  if (interaction.callback !== undefined)
    throw new DiscordError(400, 40_060, 'Interaction has already been acknowledged.');
  const type = Number(call.body.type);
  const data = (call.body.data ?? {}) as Record<string, unknown>;
  if (type === 4) checkMessage(data, call.files.length);
  if (type === 9) checkModal(data);
  interaction.callback = { type, data };
  interaction.acknowledgedAfter = world.now() - interaction.at;
  if (type === 4) reply(world, interaction, { ...call, body: data });
  if (type === 7 && interaction.message !== undefined) edit(world, interaction.message, { ...call, body: data });
}

function reply(world: DiscordWorld, interaction: Interaction, call: DiscordCall): DiscordMessage {
  const message = world.add(interaction.channel, world.bot, contentOf(world, call.body, call.files));
  interaction.replies.push(message);
  // Others do not see what is for one person (flag 64).
  if ((message.flags & 64) !== 0) world.messages = world.messages.filter((one) => one !== message);
  else world.dispatch('MESSAGE_CREATE', message);
  return message;
}

function followUp(world: DiscordWorld, interaction: Interaction, call: DiscordCall): DiscordMessage {
  checkMessage(call.body, call.files.length);
  return reply(world, interaction, call);
}

function editReply(world: DiscordWorld, call: DiscordCall, [token = '', which = '']: string[]): DiscordMessage {
  const interaction = byToken(world, token);
  const known = which === '@original' ? interaction.replies[0] : interaction.replies.find((one) => one.id === which);
  if (known !== undefined) return edit(world, known, call);
  // A deferred update edits the message that was tapped, a deferred reply becomes one.
  if (interaction.callback?.type === 6 && interaction.message !== undefined)
    return edit(world, interaction.message, call);
  if (interaction.callback?.type !== 5) throw new DiscordError(404, 10_008, 'Unknown Message');
  const flags = interaction.callback.data.flags === undefined ? {} : { flags: interaction.callback.data.flags };
  return followUp(world, interaction, { ...call, body: { ...flags, ...call.body } });
}

function byToken(world: DiscordWorld, token: string): Interaction {
  const found = [...world.interactions.values()].find((one) => one.token === token);
  if (found === undefined || world.now() - found.at > 15 * 60_000)
    throw new DiscordError(404, 10_015, 'Unknown Webhook');
  if (found.callback === undefined) throw new DiscordError(404, 10_015, 'Unknown Webhook: not acknowledged');
  return found;
}
