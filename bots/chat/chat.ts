import { messageOf } from '../../src/base/index.ts';
import { openItems } from '../../src/inbox/index.ts';
import { readEvents, type Channel, type JournalEvent } from '../../src/journal/index.ts';
import { commands, complete, type Completion } from './commands/index.ts';
import type { ChatContext } from './context.ts';
import type { Answer, Form, Input, Origin } from './input.ts';
import { compose } from './compose.ts';
import { everyPlace, rightFor } from './audience.ts';
import { dayIntents, itemIntents, itemPlaces, narrate, type Teller } from './narrate.ts';
import { may } from '../../src/people/index.ts';
import { startOutbox, type Outbox } from './outbox.ts';
import type { Platform } from './platform.ts';
import { createReceiver, type Show } from './receive.ts';
import { startReminders } from './remind.ts';
import { createTroubles, type Troubles } from './trouble.ts';

/** Cards show the time in minutes: looked at so often, in ms. */
const TICK_MS = 60_000;
/** What happened longer ago than this, in ms, is no news any more. */
const OLD_NEWS_MS = 12 * 3_600_000;
/** So many threads, the last ones, are looked at for what was written meanwhile. */
const RECENT_THREADS = 50;

/** The one chat behind all bots: what is told, and what is heard. */
export interface Chat {
  outbox: Outbox;
  /** For menus and completion. */
  commands: typeof commands;
  /**
   * A bot is up and reachable: what waits for it goes out. The returned function takes it away (the bot is down for
   * good, or Dayshift ends); what is not sent by then waits in the journal.
   */
  join(platform: Platform): () => Promise<void>;
  /**
   * Somebody did something. Resolves with what to show them at once; never rejects. The same input twice does
   * nothing the second time. Acknowledge towards the server *after* it resolved (Telegram's offset) or *before* calling
   * it (a Discord interaction, within three seconds). With `show` the answer is shown before the input counts as seen
   * to: after a kill in between the person is told again, and nothing is done twice.
   */
  receive(input: Input, platform: Platform, show?: Show): Promise<Answer>;
  /** The form that a tap opens, where the platform has forms: it must be shown before anything else. No waiting, no effect. */
  formFor(input: Input): Form | undefined;
  /** Whether somebody is known and heard there: strangers get no sign of what is here. */
  knows(origin: Origin): boolean;
  /** What the first word of a command may be, for the one who types it; nothing for strangers. */
  complete(origin: Origin, command: string, typed: string): Completion[];
  /**
   * For a server that does not hand over again what came while the bot was away: the chats and threads in which it is
   * listened to, and the ids of the inputs that are known.
   */
  heard(channel: Channel): { places: string[]; inputs: string[] };
  /** Chats that have another id now, and nobody has written down: they are known under the old one. */
  moves(channel: Channel): { chat: string; to: string }[];
  /** For what a bot meets that only a person can mend, and for when it works again. */
  troubles: Pick<Troubles, 'met' | 'works'>;
  end(): Promise<void>;
}

export function startChat(ctx: ChatContext): Chat {
  const troubles = createTroubles(ctx);
  const outbox = startOutbox(ctx, {
    troubles,
    compose: (content, place, platform) => compose(ctx, teller(), content, place, platform),
    elsewhere: ({ place, content }) => {
      const item = content.kind === 'item' ? ctx.journal.state.items[content.item] : undefined;
      const had = item === undefined ? [place] : itemPlaces(teller(), item);
      // Where a bot is up: another that is not would be no help.
      const reached = { ...teller(), channels: [...platforms.keys()] };
      const others = everyPlace(reached, item === undefined ? 'work' : rightFor(item)).filter(
        (other) => !had.some(({ channel, chat }) => channel === other.channel && chat === other.chat),
      );
      return others.find(({ channel }) => channel !== place.channel) ?? others[0];
    },
  });
  const receiver = createReceiver(ctx, outbox);
  const platforms = new Map<Channel, Platform>();
  let telling = Promise.resolve();
  let ended = false;
  let cancelTick: () => void = () => undefined;

  const teller = (): Teller => ({
    state: ctx.journal.state,
    config: ctx.home.config,
    env: ctx.env,
    channels: [...new Set([...(ctx.channels ?? []), ...platforms.keys()])],
  });

  /** One after the other, so that what was told stays in order. */
  function inOrder(work: () => Promise<void>): void {
    telling = telling.then(work).catch((error: unknown) => ctx.log(`chat: ${messageOf(error)}`));
  }

  const reminders = startReminders(ctx, outbox, teller);

  const unsubscribe = ctx.journal.subscribe((event) => {
    if (ended || teller().channels.length === 0) return;
    touched(event);
    if (isNews(event)) inOrder(() => tell(event));
    if (event.type === 'person.paired' || event.type === 'person.removed') inOrder(catchUp);
    if (/^item\.(?:opened|answered|withdrawn|expired)$/.test(event.type)) inOrder(() => reminders.look());
  });

  async function tell(event: JournalEvent): Promise<void> {
    // While it waited for its turn a bot came up, and with it was told what was missed.
    if (event.seq <= ctx.journal.state.chat.told) return;
    await outbox.post(narrate(teller(), event));
  }

  /** What a message shows may have changed. */
  function touched(event: JournalEvent): void {
    if (event.type.startsWith('item.')) {
      const id = (event.data as { id: string }).id;
      outbox.touch(({ content }) => (content.kind === 'item' && content.item === id) || content.kind === 'digest');
    }
    const { day } = event;
    if (day !== undefined && /^(day|task|attempt|item|budget|review|model\.settled)/.test(event.type))
      outbox.touch(({ content }) => content.kind === 'day' && content.day === day);
  }

  /** Cards for whoever has not got them: of what waits and of the days that run. */
  async function catchUp(): Promise<void> {
    const now = teller();
    const days = Object.values(now.state.days).filter(({ status }) => status === 'running' || status === 'paused');
    // One after the other: each sees what is on its way already.
    for (const { id } of openItems(now.state)) await outbox.post(itemIntents(now, id, ctx.clock.now()));
    await outbox.post(days.flatMap((day) => dayIntents(now, day.date)));
    await reminders.look();
  }

  /** What happened and was not told: Dayshift was killed in between. */
  async function tellMissed(): Promise<void> {
    const { told } = ctx.journal.state.chat;
    const upTo = ctx.journal.state.seq;
    const since = ctx.clock.now() - OLD_NEWS_MS;
    // Nobody was ever told anything: what is past stays past.
    if (told > 0) {
      for await (const event of readEvents(ctx.home.paths.journal, { afterSeq: told })) {
        if (event.seq > upTo) break;
        if (isNews(event) && event.type !== 'item.opened' && Date.parse(event.at) >= since) await tell(event);
      }
    }
    await catchUp();
  }

  function tick(): void {
    outbox.touch(({ content }) => content.kind === 'day' && ctx.journal.state.days[content.day]?.status === 'running');
    inOrder(() => outbox.stranded());
    cancelTick = ctx.clock.after(TICK_MS, tick);
  }
  cancelTick = ctx.clock.after(TICK_MS, tick);
  // Before anything new: what is told later must not hide it.
  if (teller().channels.length > 0) inOrder(tellMissed);

  return {
    outbox,
    commands,
    troubles,
    join(platform) {
      platforms.set(platform.channel, platform);
      const leave = outbox.join(platform);
      inOrder(tellMissed);
      return async () => {
        if (platforms.get(platform.channel) === platform) platforms.delete(platform.channel);
        await leave();
      };
    },
    receive: (input, platform, show) => receiver.receive(input, platform, show),
    formFor: (input) => receiver.formFor(input),
    knows: (origin) => receiver.person(origin) !== undefined,
    complete(origin, name, typed) {
      const command = commands.find((one) => one.name === name);
      const person = receiver.person(origin);
      if (command === undefined || person === undefined || !may(person, command.right)) return [];
      return complete(ctx.journal.state, command, typed);
    },
    heard(channel) {
      const { chat } = ctx.journal.state;
      const threads = Object.entries(chat.threads).flatMap(([name, id]) =>
        name.startsWith(`${channel}|`) ? [id] : [],
      );
      const named = channel === 'discord' ? ctx.home.config.chat.discord.channels : ctx.home.config.chat.telegram.chats;
      const own = Object.values(chat.people).flatMap((person) => (person.channel === channel ? [person.chat] : []));
      const projects = Object.values(ctx.home.config.chat[channel].projects);
      return {
        places: [...new Set([...own, ...named, ...projects, ...threads.slice(-RECENT_THREADS)])],
        inputs: Object.keys(chat.inputs[channel] ?? {}),
      };
    },
    moves: (channel) =>
      Object.values(ctx.journal.state.items).flatMap(({ about }) =>
        about?.kind === 'channel' && about.channel === channel && about.chat !== undefined && about.to !== undefined
          ? [{ chat: about.chat, to: about.to }]
          : [],
      ),
    async end() {
      ended = true;
      cancelTick();
      reminders.end();
      unsubscribe();
      await telling;
      await troubles.end();
    },
  };
}

/** Whether an event may lead to a message; what messages themselves lead to does not. */
function isNews(event: JournalEvent): boolean {
  return !/^(?:message|thread|input|draft|pairing|person|stranger)\./.test(event.type);
}
