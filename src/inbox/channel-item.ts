import type { Channel, EventData } from '../journal/index.ts';
import type { ItemOpened } from './items.ts';

/** Something about a channel that only a person can mend. */
export interface ChannelTrouble {
  channel: Channel;
  problem: ChannelProblem;
  /** The chat that it is about, where it is about one. */
  chat?: string;
  /** Where it has moved to. */
  to?: string;
  /** What is wrong and what to do, in a sentence or two; no secret. */
  words: string;
}

type ChannelProblem = Extract<NonNullable<EventData<'item.opened'>['about']>, { kind: 'channel' }>['problem'];

const HOUR_MS = 3_600_000;

/** How long it is shown, in ms, where nobody says anything; undefined: until it works again. */
const shownFor: Record<ChannelProblem, number | undefined> = {
  token: undefined,
  conflict: 24 * HOUR_MS,
  content: 7 * 24 * HOUR_MS,
  pin: 7 * 24 * HOUR_MS,
  topics: 7 * 24 * HOUR_MS,
  send: 7 * 24 * HOUR_MS,
  moved: 7 * 24 * HOUR_MS,
};

/** A channel that does not work as it should. `now` in milliseconds. It is withdrawn as soon as it works again. */
export function newChannelItem(id: string, trouble: ChannelTrouble, now: number): ItemOpened {
  const { channel, problem, chat, to, words } = trouble;
  const ms = shownFor[problem];
  return {
    id,
    kind: 'channel',
    questions: [
      {
        question: words,
        multiSelect: false,
        options: [{ label: 'I see to it', description: 'This goes away by itself as soon as it works again.' }],
      },
    ],
    source: 'daemon',
    about: {
      ...{ kind: 'channel', channel, problem },
      ...(chat === undefined ? {} : { chat }),
      ...(to === undefined ? {} : { to }),
    },
    silence: ms === undefined ? { kind: 'wait' } : { kind: 'skip', at: new Date(now + ms).toISOString() },
  };
}
