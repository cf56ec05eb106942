import { rm } from 'node:fs/promises';
import { DayshiftError } from '../base/index.ts';
import { writeLeft } from './left.ts';
import { treeOf } from './measure.ts';
import { onDisk, splitNul, type RawPath } from './raw.ts';
import { makeWritable } from './remove.ts';
import { isPrivate, takeTree } from './snapshot.ts';
import { readNotes, storeGit } from './store.ts';
import { inTurn } from './turns.ts';
import type { Workspace } from './types.ts';

/**
 * Makes the work tree exactly the checkpoint (its id, commit or tree): files made later are deleted, ignored ones
 * stay, and so do files that were too big for checkpoints. Call it with no agent at work. Harmless the second time.
 */
export async function rollback(ws: Workspace, checkpoint: string): Promise<void> {
  const tree = await treeOf(ws, checkpoint);
  // What checks left goes too, and counts as anybody's when it comes again.
  await writeLeft(ws.paths.store, {});
  if ((await restore(ws, tree)) === tree) return;
  // Folders without write permission are the usual obstacle.
  await makeWritable(Buffer.from(ws.paths.checkout));
  if ((await restore(ws, tree)) === tree) return;
  throw new DayshiftError('environment', `the workspace could not be made equal to ${checkpoint}`, {
    hint: 'Is something still writing there? See `dayshift diff`.',
  });
}

/** Returns the tree that the work tree has afterwards. */
async function restore(ws: Workspace, tree: string): Promise<string> {
  const notes = readNotes(ws.paths.store);
  const { skipped } = await takeTree(ws);
  const args = ['read-tree', '-u', '--reset', tree];
  await inTurn(ws.paths.store, () => storeGit(ws.paths, args, { ok: [0, 1, 128] }));
  for (const path of await untracked(ws)) {
    if (!skipped.has(path) && !isPrivate(notes, path))
      await rm(onDisk(ws.paths.checkout, path.replace(/\/$/, '')), { recursive: true, force: true });
  }
  return (await takeTree(ws)).tree;
}

/** What is left over: the git directories of nested repositories whose files are gone, files that were skipped. */
async function untracked(ws: Workspace): Promise<RawPath[]> {
  const listed = await storeGit(ws.paths, ['ls-files', '-z', '-o', '--exclude-standard']);
  return splitNul(listed.stdout);
}
