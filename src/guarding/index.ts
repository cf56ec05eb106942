/** The guard at work on this machine's files. Light: the hook of interactive sessions begins here. */
export { checkLines } from './check.ts';
export { answerHook, readHookCall } from './hook.ts';
export { placeFor } from './place.ts';
export { realPorts } from './ports.ts';
export { loadRules } from './rules.ts';
export { trackedBy } from './tracked.ts';
export type { SettingsFile } from './install.ts';
export type { Tested } from './test-cases.ts';

/** What tests the guard itself: the built-in cases and a person's. Loads schemas and all cases, so only when asked for. */
export const guardTests = () => import('./test-cases.ts');

/** What puts the hook into Claude Code's settings, and takes it out. */
export const installation = () => import('./install.ts');
