/** The schedule as data: when a slot is due by a named zone's clock, and what is to be done about it. Pure. */
export { cronFault, slots } from './cron.ts';
export { builtInEntries, parseMissed, scheduleOf, whats, type EntryConfig, type ScheduleEntry } from './entry.ts';
export { look, nextDue, type Slot } from './look.ts';
export { instantOf, wallOf } from './zone.ts';
