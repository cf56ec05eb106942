export { manualClock, systemClock, type Clock } from './clock.ts';
export { diskError, isDiskError } from './disk.ts';
export { DayshiftError, hasCode, messageOf } from './errors.ts';
export { count, cutEnd, cutStart, duration, usd } from './text.ts';
export { queue, queues } from './queue.ts';
export { oneLine, printable } from './printable.ts';
export { checkProxy } from './proxy.ts';
export { scratchFolder, scratchFolderSync, sweepScratch } from './scratch.ts';
export { createRedactor, redactDeep, secretFinder, type NamedSecret } from './redact.ts';
