import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cutEnd } from '../base/index.ts';
import { measure, measureTree, type Workspace } from '../workspace/index.ts';
import { record, taskOf, type TaskRef, type WorkContext } from './context.ts';
import { startOf } from './gate.ts';
import { leaksIn } from './leaks.ts';
import { readSummary } from './summary.ts';

/** The summary in the journal is cut to so many characters. */
const LONGEST_SUMMARY = 8000;

/**
 * Measures what the work amounts to, writes the patch and the agent's summary under results/, and writes both
 * down. Done after each attempt that is over, so that failed work can be seen too. Harmless when done twice. `tree`: the
 * work as it was taken before, where that is what counts; else the checkout as it is now.
 */
export async function measureWork(ctx: WorkContext, ref: TaskRef, workspace: Workspace, tree?: string): Promise<void> {
  const start = startOf(ctx, ref);
  const paths = taskOf(ctx, ref).deliverables.flatMap((one) => one.paths);
  const measured =
    tree === undefined ? await measure(workspace, start, paths) : await measureTree(workspace, start, tree);
  for (const message of measured.warnings) await record(ctx, ref, { type: 'agent.warned', data: { message } });
  const patch = patchPath(ctx, ref);
  await writeWhole(patch, measured.patch);
  const summary = await readSummary(workspace);
  const secrets = leaksIn(measured.patch, ctx.namedSecrets(taskOf(ctx, ref).spec));
  await record(ctx, ref, {
    type: 'work.measured',
    data: {
      stat: measured.stat,
      patch: patchName(ref),
      tree: measured.tree,
      ...(secrets.length === 0 ? {} : { secrets }),
      ...(summary === undefined ? {} : { summary: cutEnd(summary, LONGEST_SUMMARY) }),
    },
  });
}

/** Where a task's patch lies, relative to the home. */
export function patchName(ref: TaskRef): string {
  return `results/${ref.day}/${ref.task}.patch`;
}

/** The patch of a task's measured work. */
export async function readWork(ctx: Pick<WorkContext, 'home'>, ref: TaskRef): Promise<string> {
  return readFile(patchPath(ctx, ref), 'utf8');
}

function patchPath(ctx: Pick<WorkContext, 'home'>, ref: TaskRef): string {
  return join(ctx.home.paths.results, ref.day, `${ref.task}.patch`);
}

/** Writes a file so that it is there whole or not at all. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.new`;
  await writeFile(temporary, text, { mode: 0o600 });
  await rename(temporary, path);
}
