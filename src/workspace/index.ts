export { applyPatch } from './apply.ts';
export { changesSince, diffText, measure, measureTree } from './measure.ts';
export { workspacePaths } from './paths.ts';
export { openWorkspace, prepareWorkspace } from './prepare.ts';
export { listWorkspaces, removeLeftovers, removeWorkspace, sizeOf } from './remove.ts';
export { rollback } from './rollback.ts';
export { sandboxView } from './sandbox-view.ts';
export { checkpoint } from './snapshot.ts';
export type * from './types.ts';
