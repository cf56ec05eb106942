/** The guard at work on this machine's files. Light: the hook of interactive sessions begins here. */
export { checkLines } from './check.ts';
export { placeFor } from './place.ts';
export { realPorts } from './ports.ts';
export { loadRules } from './rules.ts';
export { trackedBy } from './tracked.ts';
