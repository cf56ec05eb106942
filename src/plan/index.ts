export type { PlanContext } from './context.ts';
export { dateIn, dateOfFile, isDate, isTimezone, shiftDate } from './dates.ts';
export { orderTasks } from './order.ts';
export { parsePlan, type PlanResult } from './parse.ts';
export { renderPlan } from './render.ts';
export { egressEntry, reservedEnv } from './schema.ts';
export { planView, type PlanExtras } from './view.ts';
