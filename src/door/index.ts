export type { CanaryReport } from './canary.ts';
export * from './egress/index.ts';
export { openDoor } from './open.ts';
export { checkUpstream } from './send.ts';
export * from './types.ts';
export { payerOf, SCRIPTED_KEY, secretsOf, upstreamFromEnv } from './upstream.ts';
