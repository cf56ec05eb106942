export { manualClock, systemClock, type Clock, type ManualClock } from './clock.ts';
export { DayshiftError, hasCode, messageOf, type ErrorKind } from './errors.ts';
export { count, cutEnd, cutStart, duration, usd } from './text.ts';
export { oneLine, printable } from './printable.ts';
export { createRedactor, redactDeep } from './redact.ts';
