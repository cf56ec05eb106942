import { messageOf } from '../../src/base/index.ts';
import { newChannelItem, openItems, placeOfItem, type ChannelTrouble } from '../../src/inbox/index.ts';
import type { ItemState } from '../../src/journal/index.ts';
import type { ChatContext } from './context.ts';

/** What works is taken for mended after so long without trouble, in ms: two pollers of one bot take turns. */
const CALM_MS = 2 * 60_000;
/** What a person has seen is not told again for so long, in ms. */
const SEEN_MS = 24 * 3_600_000;

/** Which trouble it is: of each there is one item. */
type TroubleName = Pick<ChannelTrouble, 'channel' | 'problem' | 'chat'>;

/** What only a person can mend about a chat, told in the inbox, and so by the other channels. Nothing here rejects. */
export interface Troubles {
  /** Something is wrong: asked once, however often it is met. */
  met(trouble: ChannelTrouble): void;
  /** It works. Where it goes on working, what was asked about it is withdrawn. */
  works(name: TroubleName): void;
  end(): Promise<void>;
}

export function createTroubles(ctx: Pick<ChatContext, 'journal' | 'clock' | 'newItemId' | 'redact' | 'log'>): Troubles {
  const calm = new Map<string, () => void>();
  let turn = Promise.resolve();
  let ended = false;

  /** One after the other: two that are met at once are one. */
  function inTurn(work: () => Promise<unknown>): void {
    turn = turn
      .then(async () => {
        if (!ended) await work();
      })
      .catch((error: unknown) => ctx.log(`chat: ${messageOf(error)}`));
  }

  const about = (name: TroubleName) =>
    Object.values(ctx.journal.state.items).filter((item) => item.kind === 'channel' && isAbout(item, name));

  function isKnown(name: TroubleName): boolean {
    const since = ctx.clock.now() - SEEN_MS;
    return about(name).some(
      ({ status, openedAt }) => status === 'open' || (status !== 'withdrawn' && Date.parse(openedAt) > since),
    );
  }

  return {
    met(trouble) {
      const key = keyOf(trouble);
      calm.get(key)?.();
      calm.delete(key);
      inTurn(async () => {
        if (isKnown(trouble)) return;
        const words = ctx.redact(trouble.words);
        const data = newChannelItem(ctx.newItemId(), { ...trouble, words }, ctx.clock.now());
        await ctx.journal.append({ type: 'item.opened', data });
      });
    },
    works(name) {
      const key = keyOf(name);
      if (calm.has(key) || !openItems(ctx.journal.state).some((item) => isAbout(item, name))) return;
      const mended = () => {
        calm.delete(key);
        inTurn(async () => {
          const open = about(name).filter(({ status }) => status === 'open');
          for (const item of open)
            await ctx.journal.append({
              ...{ type: 'item.withdrawn', ...placeOfItem(item) },
              data: { id: item.id, why: 'it works again' },
            });
        });
      };
      // A token that was taken is taken.
      if (name.problem === 'token') mended();
      else calm.set(key, ctx.clock.after(CALM_MS, mended));
    },
    async end() {
      ended = true;
      for (const cancel of calm.values()) cancel();
      await turn;
    },
  };
}

function isAbout({ about }: ItemState, { channel, problem, chat }: TroubleName): boolean {
  return about?.kind === 'channel' && about.channel === channel && about.problem === problem && about.chat === chat;
}

function keyOf({ channel, problem, chat = '' }: TroubleName): string {
  return `${channel} ${problem} ${chat}`;
}
