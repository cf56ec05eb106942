/** When a message goes out: one purse for all that a bot sends, retries, what may wait. Pure. */
export { createPurse, type Purse } from './purse.ts';
export { backoffMs, fateOf, nextOf, rankOf } from './order.ts';
