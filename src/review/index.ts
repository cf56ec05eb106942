/** The review: does the work hold? Deliverables, checks and what goes back to the agent. Pure: files are seen through ports. */
export { namedPaths, pathsIn } from './paths.ts';
export { deliverablePorts, lookAtDeliverables, matchesPath } from './deliverables.ts';
export { judge } from './judge.ts';
export { feedbackForAgent } from './feedback.ts';
export { usefulEnd } from './useful-end.ts';
export { confidenceOf } from './confidence.ts';
