export { callRunning, type OperatorCall } from './control.ts';
export { runContext } from './context.ts';
export { startDaemon } from './daemon.ts';
export { startDay, type RunningDay } from './day.ts';
export { openHome, quietOperator, secrets, type OpenHome } from './open.ts';
export { planDay } from './plan-day.ts';
export { isRehearsal, rehearsal } from './rehearse.ts';
export { dayReports, eventsOf, reportText } from './reports.ts';
export type { Service } from './service.ts';
