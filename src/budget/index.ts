export { builtInPrices, pricingFileText } from './builtin.ts';
export { estimateCall } from './estimate.ts';
export { parsePrices } from './parse.ts';
export { priceOf, type Extras, type Price } from './price.ts';
export { alertsDue, mayStartTask, room, type Room } from './room.ts';
export type { ModelPrice, PriceTable, Rates } from './table.ts';
