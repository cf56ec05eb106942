import { join } from 'node:path';
import { treeOf } from './measure.ts';
import { fingerprint, readLeft, writeLeft, type Left } from './left.ts';
import { display, splitNul, type RawPath } from './raw.ts';
import { bigFile, isPrivate, knownTree, listChanges, nestedMark } from './snapshot.ts';
import { readNotes, storeGit } from './store.ts';
import { breakStaleLock, inTurn } from './turns.ts';
import type { Workspace } from './types.ts';

/**
 * Takes whatever differs now from `before`, the tree that was taken as the checks began, for left behind by them: it
 * is in no later checkpoint, measure or patch, until somebody writes to it again. Returns the project's and the
 * agent's files among it that were not known before, for people. Harmless the second time.
 */
export function noteLeft(ws: Workspace, before: string): Promise<string[]> {
  return inTurn(ws.paths.store, async () => {
    await breakStaleLock(join(ws.paths.store, 'index.lock'));
    if ((await knownTree(ws.paths.store)) !== before) await resetIndex(ws, before);
    const known = readLeft(ws.paths.store);
    const notes = readNotes(ws.paths.store);
    const left: Left = {};
    const mended: RawPath[] = [];
    for (const { path, tracked } of await listChanges(ws)) {
      if (!tracked && isPrivate(notes, path)) continue;
      if (path.endsWith(`/${nestedMark}`)) continue;
      const now = fingerprint(ws.paths.checkout, path, bigFile);
      if (now === undefined) continue;
      left[path] = now;
      if (tracked && known[path] !== now) mended.push(path);
    }
    await writeLeft(ws.paths.store, left);
    if (mended.length === 0) return [];
    const bySetup = await madeBySetup(ws);
    return mended.filter((path) => !bySetup.has(path)).map(display);
  });
}

/** Whoever looked while the checks ran (a diff) has put what they left into the index: it is as before again. */
async function resetIndex(ws: Workspace, before: string): Promise<void> {
  const listed = await storeGit(ws.paths, ['diff-index', '--cached', '--raw', '--no-renames', '-z', before]);
  const fields = splitNul(listed.stdout);
  const lines: string[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [mode, , id] = (fields[at] ?? '').slice(1).split(' ');
    const path = fields[at + 1] ?? '';
    lines.push(`${mode === '000000' ? '0' : (mode ?? '0')} ${id ?? ''}\t${path}`);
  }
  if (lines.length === 0) return;
  const input = Buffer.from(lines.map((line) => `${line}\0`).join(''), 'latin1');
  await storeGit(ws.paths, ['update-index', '--add', '--replace', '-z', '--index-info'], { input });
}

/** What the start has and the project has not. */
async function madeBySetup(ws: Workspace): Promise<Set<RawPath>> {
  const ends = await Promise.all([treeOf(ws, 'base'), treeOf(ws, 'c0')]);
  const args = ['diff-tree', '-r', '-z', '--name-only', '--no-renames', '--diff-filter=A', ...ends];
  return new Set(splitNul((await storeGit(ws.paths, args)).stdout));
}
