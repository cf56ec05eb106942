export { decide, explain } from './decide.ts';
export { defaultPolicy } from './policy.ts';
export type * from './types.ts';
