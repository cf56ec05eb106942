import { existsSync } from 'node:fs';
import { messageOf } from '../base/index.ts';
import { projectOf } from '../home/index.ts';
import { daysLatestFirst, isTaken, type EventData, type TaskState } from '../journal/index.ts';
import { shiftDate } from '../plan/index.ts';
import {
  contains,
  filesWithLines,
  findPlace,
  readerAt,
  readerOf,
  standingOf,
  tipOf,
  type Place,
  type Project,
  type Standing,
} from '../workspace/index.ts';
import { survivalWords } from '../report/index.ts';
import { settleCommits } from './land.ts';
import { patchOf } from './apply.ts';
import { judgedAgain } from './learning.ts';
import type { FoundTask } from './refs.ts';
import type { OperatorContext, Outcome } from './types.ts';

/** Work of so many days up to the latest that ran is looked at; what is older has settled. */
const DAYS = 30;

/** Files that are named of one task's work. */
const MOST_FILES = 50;

type Survived = EventData<'work.survived'>;

/**
 * Looks what still stands of the work that people took over, and writes down what is seen anew or otherwise than before. Resolves with the
 * days that it wrote something about. A project that cannot be looked at is passed over.
 */
export async function noticeSurvival(
  ctx: OperatorContext,
  log: (text: string) => void = () => undefined,
): Promise<string[]> {
  await settleCommits(ctx, log);
  const days = new Set<string>();
  const placeOf = places();
  for (const found of takenOver(ctx)) {
    try {
      const seen = await lookAt(ctx, found, placeOf);
      if (seen === undefined || same(found.state.survival, seen)) continue;
      const { day, task } = found;
      await ctx.journal.append({ type: 'work.survived', day, task, data: seen }, ...judgedAgain(ctx, found, seen));
      days.add(day);
    } catch (error) {
      // A repository that is being moved, or is broken: the evening does not fail of it.
      log(`${found.task}: what stands of its work could not be looked at: ${messageOf(error)}`);
    }
  }
  return [...days];
}

/** What still stands of work that was taken over, looked at now. */
export async function survival(ctx: OperatorContext): Promise<Outcome> {
  const notes: string[] = [];
  await noticeSurvival(ctx, (text) => notes.push(text));
  const rows = takenOver(ctx).flatMap(({ day, task, state }) =>
    state.survival === undefined ? [] : [{ day, task, ...state.survival }],
  );
  const added = rows.reduce((sum, row) => sum + row.added, 0);
  const standing = rows.reduce((sum, row) => sum + row.standing, 0);
  if (rows.length === 0)
    return {
      ok: true,
      message: ['Nothing was taken over lately that added lines.', ...notes].join('\n'),
      data: { rows, added, standing },
    };
  const lines = rows.map((row) => `${row.day}/${row.task}: ${survivalWords(row)}`);
  const both = rows.length > 1 ? '; what two tasks wrote alike counts for both' : '';
  const all = `All: ${standing} of ${added} added lines stand (${Math.round((standing / added) * 100)} %)${both}.`;
  return { ok: true, message: [...lines, all, ...notes].join('\n'), data: { rows, added, standing } };
}

/** Tasks of the last days whose work is in the person's hands. */
function takenOver({ journal: { state } }: OperatorContext): FoundTask[] {
  const [latest, ...others] = daysLatestFirst(state);
  if (latest === undefined) return [];
  const since = shiftDate(latest, -DAYS);
  return [latest, ...others.filter((day) => day >= since)].flatMap((day) =>
    Object.entries(state.days[day]?.tasks ?? {})
      .filter(([, { work, applied, commits }]) => work !== undefined && (applied ?? commits) !== undefined)
      .map(([task, found]) => ({ day, task, state: found })),
  );
}

async function lookAt(
  ctx: OperatorContext,
  found: FoundTask,
  placeOf: (project: Project) => Promise<Place | undefined>,
): Promise<Survived | undefined> {
  const { state } = found;
  const patch = await patchOf(ctx, found);
  const tree = state.work?.tree;
  // Work that was done anew since is not what was taken over.
  if (patch === undefined || tree === undefined || !isTaken(state)) return undefined;
  const paths = filesWithLines(patch);
  if (paths.length === 0) return undefined;
  const project = projectOf(ctx.home, state.spec.project);
  const place = await placeOf(project);
  const here = await lookHere(place, project.path, patch, paths);
  const there = place === undefined ? undefined : await lookAtBranch(place, state, tree, patch, paths);
  // What was put into the checkout is looked for there as long as any of it stands; a branch of it says nothing of what became of it.
  const wasPut =
    state.applied !== undefined || state.commits?.some(({ to, tree: of }) => to === 'commit' && of === tree) === true;
  const best = there !== undefined && there.standing > here.standing && !(wasPut && here.standing > 0) ? there : here;
  const lost = best.files.filter((file) => file.standing < file.added).slice(0, MOST_FILES);
  return {
    tree,
    added: best.added,
    standing: best.standing,
    committed: best.committed,
    where: best.where,
    files: lost,
  };
}

/** Projects' repositories, each looked for once; undefined where a project is in none: then only its files can be looked at. */
function places(): (project: Project) => Promise<Place | undefined> {
  const known = new Map<string, Promise<Place | undefined>>();
  return (project) => {
    const found =
      known.get(project.name) ??
      findPlace(project).catch((error: unknown) => {
        if (existsSync(project.path)) return undefined;
        throw error;
      });
    known.set(project.name, found);
    return found;
  };
}

type Look = Standing & { where: Survived['where']; committed: number };

/** The person's files as they are; in a bare repository, HEAD's. */
async function lookHere(
  place: Place | undefined,
  path: string,
  patch: string,
  paths: readonly string[],
): Promise<Look> {
  const head = place?.head;
  const inHead =
    place === undefined || head === undefined ? undefined : await standingOf(patch, await readerAt(place, head, paths));
  if (place !== undefined && place.repository.top === undefined && inHead !== undefined)
    return { ...inHead, where: 'checkout', committed: inHead.standing };
  const now = await standingOf(patch, readerOf(place?.repository.top ?? path));
  return { ...now, where: 'checkout', committed: Math.min(now.standing, inHead?.standing ?? 0) };
}

/** The branch that was made of it, where that is not in HEAD. */
async function lookAtBranch(
  place: Place,
  { commits = [] }: TaskState,
  tree: string,
  patch: string,
  paths: readonly string[],
): Promise<Look | undefined> {
  const made = commits.findLast((one) => one.tree === tree);
  if (made === undefined) return undefined;
  if (place.head !== undefined && (await contains(place, made.commit, place.head))) return undefined;
  const tip = await tipOf(place, made.branch);
  if (tip === undefined) return undefined;
  const found = await standingOf(patch, await readerAt(place, tip, paths));
  return { ...found, where: 'branch', committed: found.standing };
}

function same(before: TaskState['survival'], now: Survived): boolean {
  return (
    before !== undefined &&
    (['tree', 'added', 'standing', 'committed', 'where'] as const).every((key) => before[key] === now[key])
  );
}
