/** Groups that have become supergroups: their id is another one then. The core goes on under the one that it knows. */
export interface Moved {
  /** Where a chat of the core's is now. */
  now(chat: string): string;
  /** Under which id the core knows a chat of the server's. */
  known(chat: number | string): string;
  note(from: string, to: string): void;
}

export function createMoved(log: (text: string) => void): Moved {
  const to = new Map<string, string>();
  const from = new Map<string, string>();
  return {
    now: (chat) => to.get(chat) ?? chat,
    known: (chat) => from.get(String(chat)) ?? String(chat),
    note(old, next) {
      if (to.get(old) === next) return;
      to.set(old, next);
      from.set(next, old);
      log(`the group ${old} has a new id, ${next}: write that into chat.telegram of config/dayshift.yaml`);
    },
  };
}
