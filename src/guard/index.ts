export { sameCall } from './same-call.ts';
export { decide, explain } from './decide.ts';
export { defaultPolicy } from './policy/default.ts';
export { rulesFor, type HomeGuard, type StricterRules } from './policy/settings.ts';
export type * from './types.ts';
