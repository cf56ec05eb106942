export { applyPatch } from './apply.ts';
export { inBackground } from './git.ts';
export { addedText } from './patch.ts';
export { remarksOn } from './inspect.ts';
export { changesSince, diffText, measure, measureTree } from './measure.ts';
export { submodulesOf } from './store.ts';
export { noteLeft } from './note-left.ts';
export { workspacePaths } from './paths.ts';
export { openWorkspace, prepareWorkspace } from './prepare.ts';
export {
  contains,
  currentBranch,
  findPlace,
  hasCommit,
  holdsWork,
  isBranchName,
  leftUndone,
  makeCommit,
  moveBranch,
  refuseStaged,
  tipOf,
  type Place,
} from './land.ts';
export { filesWithLines, readerAt, readerOf, standingOf, type Standing } from './survival.ts';
export { openPullRequest } from './pull-request.ts';
export { listWorkspaces, removeLeftovers, removeWorkspace, sizeOf } from './remove.ts';
export { rollback } from './rollback.ts';
export { sandboxView } from './sandbox-view.ts';
export { checkpoint } from './snapshot.ts';
export type * from './types.ts';
