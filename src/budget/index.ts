export { builtInPrices, pricingFileText } from './builtin.ts';
export { estimateCall } from './estimate.ts';
export { dayForecast } from './day-forecast.ts';
export { forecastDay, forecastTask } from './forecast.ts';
export { parsePrices } from './parse.ts';
export { priceOf, type Extras } from './price.ts';
export { alertsDue, holdsStart, room, type Room } from './room.ts';
export { wideBudgets, type MonthLimits, type Scope, type WideBudget } from './scope.ts';
export type { PriceTable } from './table.ts';
