import { queue, queues } from '../base/index.ts';

/** One after the other: a file that is being written is not read by half, and what was read once is not read twice. */
export const inTurn = queue();

/** The same for what is written into a person's repository: a gesture that is made twice at once is done once. */
export const inGitTurn = queue();

/** The same for each task: what a tap that is made twice at once sets going is set going once. */
export const inTaskTurn = queues();

/** The same for who may speak: of two owners who go at once one stays. */
export const inPeopleTurn = queue();

/** The same for each inbox item: of two answers at once the second sees the first. */
export const inItemTurn = queues();
