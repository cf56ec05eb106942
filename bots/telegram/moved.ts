/** Groups that have become supergroups: their id is another one then. The core goes on under the one that it knows. */
export interface Moved {
  /** Where a chat of the core's is now. */
  now(chat: string): string;
  /** Under which id the core knows a chat of the server's. */
  known(chat: number | string): string;
  note(from: string, to: string): void;
}

interface MovedOptions {
  /** Moves that an earlier process saw. */
  seen: readonly { chat: string; to: string }[];
  /** Whether the settings name a chat by this id: then it is that one. */
  isNamed: (chat: string) => boolean;
  /** A person has to write the new id down. */
  tell: (chat: string, to: string) => void;
}

export function createMoved({ seen, isNamed, tell }: MovedOptions): Moved {
  const to = new Map(seen.map((move) => [move.chat, move.to]));
  const from = new Map(seen.map((move) => [move.to, move.chat]));
  return {
    now: (chat) => to.get(chat) ?? chat,
    known: (chat) => (isNamed(String(chat)) ? String(chat) : (from.get(String(chat)) ?? String(chat))),
    note(old, next) {
      if (to.get(old) === next) return;
      to.set(old, next);
      from.set(next, old);
      tell(old, next);
    },
  };
}
