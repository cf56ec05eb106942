let turn: Promise<unknown> = Promise.resolve();

/** One after the other: a file that is being written is not read by half, and what was read once is not read twice. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = turn.then(work);
  turn = mine.catch(() => undefined);
  return mine;
}
