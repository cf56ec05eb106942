export { builtInPrices, pricingFileText } from './builtin.ts';
export { estimateCall } from './estimate.ts';
export { parsePrices } from './parse.ts';
export { priceOf, type Extras } from './price.ts';
export { alertsDue, mayStartTask, room, type Room } from './room.ts';
export type { PriceTable } from './table.ts';
