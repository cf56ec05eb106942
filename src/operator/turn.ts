/** A queue: what is given to it runs one after the other. */
export function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  let turn: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  };
}

/** One after the other: a file that is being written is not read by half, and what was read once is not read twice. */
export const inTurn = queue();

/** The same for what is written into a person's repository: a gesture that is made twice at once is done once. */
export const inGitTurn = queue();
