export { callRunning, controlSocketOf, serveControl, type OperatorCall } from './control.ts';
export { isLoopback, runContext, type ContextOptions } from './context.ts';
export { planDay, reportText, startDay, type RunningDay } from './day.ts';
export { openHome, quietOperator, type OpenHome, type OpenOptions } from './open.ts';
