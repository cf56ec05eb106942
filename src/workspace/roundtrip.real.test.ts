import { chmodSync, lstatSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { files, gitProject, personGit } from '../../test/support/git-project.ts';
import { applyPatch, changesSince, checkpoint, measure, prepareWorkspace, rollback } from './index.ts';

const names = ['a', 'b', 'd', 'd/x', 'd/y', 'd/e/z', 'new\nline', 'sp ace/f', 'ü', '"q"'];
const name = fc.constantFrom(...names);
const content = fc.oneof(
  fc
    .array(fc.constantFrom('one', 'two', 'three', '', ' x', 'y\r', 'ü'), { maxLength: 12 })
    .map((lines) => Buffer.from(lines.join('\n'))),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
);
const edit = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), name, content, program: fc.boolean() }),
  fc.record({ kind: fc.constant('remove' as const), name }),
  fc.record({ kind: fc.constant('move' as const), name, to: name }),
  fc.record({ kind: fc.constant('link' as const), name, to: fc.constantFrom('keep.txt', 'gone', '.', 'other', '..') }),
);
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

/** True where every folder above `path` is a folder, or is not there yet. */
function isFree(root: string, path: string): boolean {
  const parts = path.split('/').slice(0, -1);
  for (let depth = 1; depth <= parts.length; depth += 1) {
    const stat = lstatSync(join(root, ...parts.slice(0, depth)), { throwIfNoEntry: false });
    if (stat === undefined) return true;
    if (!stat.isDirectory()) return false;
  }
  return true;
}

function make(root: string, step: Edit): void {
  const path = join(root, step.name);
  if (!isFree(root, step.name)) return;
  if (step.kind === 'move') {
    const to = join(root, step.to);
    const there = lstatSync(path, { throwIfNoEntry: false });
    if (there === undefined || `${step.to}/`.startsWith(`${step.name}/`) || `${step.name}/`.startsWith(`${step.to}/`))
      return;
    if (!isFree(root, step.to)) return;
    rmSync(to, { recursive: true, force: true });
    mkdirSync(dirname(to), { recursive: true });
    renameSync(path, to);
    return;
  }
  rmSync(path, { recursive: true, force: true });
  if (step.kind === 'remove') return;
  mkdirSync(dirname(path), { recursive: true });
  if (step.kind === 'link') symlinkSync(step.to, path);
  else {
    writeFileSync(path, step.content);
    chmodSync(path, step.program ? 0o755 : 0o644);
  }
}

const edits = fc.array(edit, { minLength: 1, maxLength: 12 });

test('whatever the edits: the patch gives the identical tree elsewhere, and a rollback restores exactly', async () => {
  const made = gitProject({ 'keep.txt': 'kept\n' });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(edits, edits, edits, async (start, work, more) => {
      run += 1;
      rmSync(made.path, { recursive: true, force: true });
      mkdirSync(made.path);
      made.git('init', '-q', '-b', 'main');
      // `other` is what a link in the place of `d` shows.
      for (const kept of ['keep.txt', 'other/x', 'other/e/z']) made.write(kept, 'kept\n');
      for (const step of start) make(made.path, step);
      made.git('add', '-A');
      made.git('commit', '-qm', 'start');
      const ws = await prepareWorkspace(made.project, made.paths(`t${run}`));
      const { checkout } = ws.paths;
      const before = files(checkout);
      expect(before).toEqual(files(made.path));
      await checkpoint(ws, 'c0', 'start');
      for (const step of work) make(checkout, step);
      // Of the index as it is written; the second time of the tree that is known.
      const changes = await changesSince(ws);
      expect(await changesSince(ws)).toEqual(changes);
      const c1 = await checkpoint(ws, 'c1', 'one');
      const worked = files(checkout);
      const { patch, ...measured } = await measure(ws);
      expect(measured).toEqual(changes);
      const { tree } = measured;
      expect(tree).toBe(c1.tree);
      for (const step of more) make(checkout, step);
      await rollback(ws, 'c1');
      expect(files(checkout)).toEqual(worked);
      await rollback(ws, 'c0');
      expect(files(checkout)).toEqual(before);
      const applied = await applyPatch(made.project, patch, { allowLinks: true });
      expect(files(made.path)).toEqual(worked);
      if (patch !== '') {
        expect(applied.files).toBeGreaterThan(0);
        expect(await applyPatch(made.project, patch, { allowLinks: true })).toEqual({ files: 0, already: true });
      }
      personGit(made.path, 'add', '-A');
      expect(personGit(made.path, 'write-tree').trim()).toBe(tree);
    }),
    { numRuns: 6 },
  );
}, 120_000);
