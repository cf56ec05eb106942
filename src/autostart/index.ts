/** Keeping `dayshift up` running by the machine's own service manager: a systemd user unit, a launchd agent. */
export { lingers, managerFor, missingOf, readOwn, removeOwn, writeOwn, type Manager } from './manager.ts';
export { managerOf, serviceOf, unseen } from './spec.ts';
export type { ServiceSpec } from './types.ts';
