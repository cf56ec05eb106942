export { createDialer, type Dialer } from './dial.ts';
export { createMeter, type EgressLimits, type EgressMeter } from './meter.ts';
export { egressProxy, openEgressDoor } from './proxy.ts';
export type { EgressRefusal } from './refused.ts';
export type { EgressAccess, EgressOptions } from './types.ts';
