/** Numbers of a seed, the same each time. */
export interface Numbers {
  /** From 0 to 1. */
  next: () => number;
  /** Mean 0, spread 1. */
  normal: () => number;
  chance: (share: number) => boolean;
  pick: <T>(list: readonly T[]) => T;
}

/** A generator (mulberry32) whose seed is any text: each use of chance has its own, so that one more draw here changes none there. */
export function numbers(seed: string): Numbers {
  let state = 2_166_136_261;
  for (const letter of seed) state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 16_777_619);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    chance: (share) => next() < share,
    pick: (list) => {
      const one = list[Math.floor(next() * list.length)];
      if (one === undefined) throw new Error('nothing to pick from');
      return one;
    },
  };
}
