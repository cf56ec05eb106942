export { callRunning, controlSocketOf, serveControl, type OperatorCall } from './control.ts';
export { isLoopback, runContext, type ContextOptions } from './context.ts';
export { planDay, reportText, eventsOf, startDay, type RunningDay } from './day.ts';
export { rehearsal } from './rehearse.ts';
export { openHome, quietOperator, secrets, type OpenHome, type OpenOptions } from './open.ts';
