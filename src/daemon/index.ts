export { callRunning, type OperatorCall } from './control.ts';
export { runContext } from './context.ts';
export { planDay, reportText, eventsOf, startDay, type RunningDay } from './day.ts';
export { isRehearsal, rehearsal } from './rehearse.ts';
export { openHome, quietOperator, secrets, type OpenHome } from './open.ts';
