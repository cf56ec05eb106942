import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cutEnd, messageOf, oneLine } from '../../src/base/index.ts';
import { openItems } from '../../src/inbox/index.ts';
import { readEvents, type Content, type JournalEvent, type Place } from '../../src/journal/index.ts';
import { reportPage } from '../../src/daemon/index.ts';
import { chartOf, dayFacts } from '../../src/report/index.ts';
import { may, type Right } from '../../src/people/index.ts';
import { encodeAction, type Action } from './actions.ts';
import { dayCard, MOST_TASKS } from './cards/day.ts';
import { itemCard } from './cards/item.ts';
import { endCard } from './cards/task.ts';
import { reportCard } from './cards/report.ts';
import type { ChatContext } from './context.ts';
import type { Message } from './input.ts';
import { itemPlaces, type Teller } from './narrate.ts';
import { pngOf } from './picture.ts';
import type { OutFile, Platform } from './platform.ts';
import { bold, code, line, rich } from './rich/index.ts';

/** What a message says now, in a chat. Undefined: there is nothing to say any more, such as of an item that nobody knows. */
export async function compose(
  ctx: ChatContext,
  teller: Teller,
  content: Content,
  place: Place,
  platform: Pick<Platform, 'limits' | 'length'>,
): Promise<Message | undefined> {
  const { state } = ctx.journal;
  const sign = (action: Action) => encodeAction(action, ctx.secret);
  switch (content.kind) {
    case 'text':
      return {
        rich: content.rich,
        ...(content.buttons === undefined ? {} : { buttons: content.buttons }),
        ...(await fileOf(ctx, content.file)),
      };
    case 'item': {
      const item = Object.hasOwn(state.items, content.item) ? state.items[content.item] : undefined;
      if (item === undefined) return undefined;
      const card = itemCard(state, item, platform.limits, sign);
      return isHeard(teller, place) || item.status !== 'open' ? card : withoutButtons(card);
    }
    case 'day': {
      const day = state.days[content.day];
      return day === undefined
        ? undefined
        : oneMessage(platform, (most) => dayCard(state, day, ctx.clock.now(), sign, most));
    }
    case 'task': {
      const task = state.days[content.day]?.tasks[content.task];
      if (task === undefined) return undefined;
      const { id, name, description } = task.spec;
      return { rich: rich(line(bold(oneLine(name)), ' · ', code(id)), line(cutEnd(description, 600))) };
    }
    case 'end': {
      const task = state.days[content.day]?.tasks[content.task];
      return task === undefined ? undefined : endCard(content.day, task, sign, allowsIn(state, place));
    }
    case 'report':
      return reportMessage(ctx, platform, content.day);
    case 'digest':
      return digest(teller, place, sign);
  }
}

/** What can be done from a chat: of somebody's own what they may, of a group's what anybody might. */
function allowsIn({ chat }: ChatContext['journal']['state'], place: Place): (right: Right) => boolean {
  const owner = Object.values(chat.people).find((one) => one.channel === place.channel && one.chat === place.chat);
  return (right) => owner === undefined || may(owner, right);
}

/** The day's card is one message, which is pinned and edited: it names as many tasks as fit. */
function oneMessage(platform: Pick<Platform, 'limits' | 'length'>, cardOf: (most: number) => Message): Message {
  const cards = [MOST_TASKS, 12, 8, 4].map(cardOf);
  return cards.find(({ rich }) => platform.length(rich) <= platform.limits.text) ?? cardOf(0);
}

/** A file of Dayshift's own that goes with words; without it where it is gone. */
async function fileOf(ctx: ChatContext, file: string | undefined): Promise<{ files?: OutFile[] }> {
  if (file === undefined) return {};
  try {
    const text = await readFile(join(ctx.home.paths.home, file), 'utf8');
    return { files: [{ name: basename(file), bytes: Buffer.from(ctx.redact(text)), as: 'document' }] };
  } catch (error) {
    ctx.log(`${file} does not go with its message: ${messageOf(error)}`);
    return {};
  }
}

/** Whether somebody may give orders from a chat: else buttons there would do nothing. */
function isHeard(teller: Teller, place: Place): boolean {
  return Object.values(teller.state.chat.people).some(({ channel }) => channel === place.channel);
}

function withoutButtons(card: Message): Message {
  return {
    rich: [...card.rich, line('Nobody has paired here yet: ', code('dayshift pair'), ' lets you answer from here.')],
  };
}

/** So many of what waits are named. */
const MOST_NAMED = 30;

function digest(teller: Teller, place: Place, sign: (action: Action) => string): Message {
  const open = openItems(teller.state).filter((item) =>
    itemPlaces(teller, item).some(({ channel, chat }) => channel === place.channel && chat === place.chat),
  );
  if (open.length === 0) return { rich: rich('🔔 Nothing waits any more.') };
  const lines = open
    .slice(0, MOST_NAMED)
    .map((item) =>
      line(
        bold(item.id),
        ` · ${item.task === '' ? item.day : item.task}: ${cutEnd(oneLine(item.questions[0]?.question ?? ''), 120)}`,
      ),
    );
  return {
    rich: rich(
      line(bold(`🔔 ${open.length} ${open.length === 1 ? 'waits' : 'wait'} for you`)),
      ...lines,
      open.length > MOST_NAMED ? `… and ${open.length - MOST_NAMED} more` : undefined,
    ),
    buttons: [[{ label: open.length === 1 ? 'Show it' : 'Show them', data: sign({ do: 'inbox' }) }]],
  };
}

/** The report with its picture and its file. Without the picture where that cannot be drawn. */
export async function reportMessage(
  ctx: ChatContext,
  platform: Pick<Platform, 'limits'>,
  date: string,
): Promise<Message | undefined> {
  const events: JournalEvent[] = [];
  for await (const event of readEvents(ctx.home.paths.journal, { day: date })) events.push(event);
  if (events.length === 0) return undefined;
  const facts = dayFacts(events, date);
  const page = await reportPage(ctx.home.paths, ctx.redact, events, date);
  const files: OutFile[] = [{ name: `${date}-report.html`, bytes: Buffer.from(page), as: 'document' }];
  try {
    files.unshift({ name: `${date}.png`, bytes: await pngOf(chartOf(facts).svg), as: 'picture' });
  } catch (error) {
    ctx.log(`the report's picture could not be drawn: ${messageOf(error)}`);
  }
  return { ...reportCard(facts, platform.limits, (action) => encodeAction(action, ctx.secret)), files };
}
