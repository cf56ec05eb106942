import type { Update } from 'grammy/types';
import type { Clock } from '../../src/base/index.ts';
import type { Input } from '../chat/index.ts';

/** The parts of an album come one by one: so long after the last one, in ms, it is whole. More than a look for updates takes. */
const WHOLE_MS = 1200;

/** Puts together what somebody sent together: an album is one input, not one for each photo. */
export interface Albums {
  /** Hands an update on: at once, or, of an album, the first part when all are there, with the others. Resolves for each part when it was seen to. */
  take(update: Update, see: (update: Update) => Promise<void>): Promise<void>;
  /** The other parts of the album that this update is the first of. */
  othersOf(update: Update): Update[];
  /** Nothing more is waited for; what was not seen to is handed over again by the server. */
  end(): void;
}

interface Album {
  parts: Update[];
  again: () => void;
  over: Promise<void>;
}

export function createAlbums(clock: Clock): Albums {
  const open = new Map<string, Album>();
  const others = new Map<number, Update[]>();
  const ends = new Set<() => void>();

  function begin(name: string, first: Update, see: (update: Update) => Promise<void>): Album {
    const parts = [first];
    let cancel: () => void = () => undefined;
    const album: Album = { parts, again: () => undefined, over: Promise.resolve() };
    album.over = new Promise<void>((resolve, reject) => {
      const stop = () => {
        cancel();
        resolve();
      };
      ends.add(stop);
      const whole = () => {
        ends.delete(stop);
        open.delete(name);
        others.set(first.update_id, parts.slice(1));
        see(first)
          .finally(() => others.delete(first.update_id))
          .then(resolve, reject);
      };
      album.again = () => {
        cancel();
        cancel = clock.after(WHOLE_MS, whole);
      };
    });
    return album;
  }

  return {
    take(update, see) {
      const { message } = update;
      if (message?.media_group_id === undefined) return see(update);
      const name = `${message.chat.id} ${message.media_group_id}`;
      let album = open.get(name);
      if (album === undefined) open.set(name, (album = begin(name, update, see)));
      else album.parts.push(update);
      album.again();
      return album.over;
    },
    othersOf: ({ update_id }) => others.get(update_id) ?? [],
    end() {
      for (const end of ends) end();
    },
  };
}

/** The parts of an album as one: the words are those that any part has, the files all of them. */
export function asOne(first: Input, rest: readonly Input[]): Input {
  if (first.type !== 'text') return first;
  const texts = rest.flatMap((one) => (one.type === 'text' ? [one] : []));
  return {
    ...first,
    text: [first, ...texts].map(({ text }) => text).find((text) => text !== '') ?? '',
    files: [first, ...texts].flatMap(({ files }) => files),
  };
}
