export type { RunContext, TaskRef, WorkContext } from './context.ts';
export { watchFiles } from './files.ts';
export { prepared } from './machine.ts';
export { agentPolicy } from './policy.ts';
export { workspaceOf } from './prepare.ts';
export { createEgress } from './egress.ts';
export { measureWork, readWork, writeWhole } from './results.ts';
export { outcomeOf, startRunner, type MoreWork, type Runner } from './runner.ts';
export { keepGiven } from './given.ts';
