import MiniSearch from 'minisearch';
import type { TaskSpec } from '../journal/index.ts';
import { wordsOf } from './words.ts';

/** A task of an earlier day, as far as it says which files work like it needs. */
export interface PastTask {
  /** `DATE/id`. */
  key: string;
  text: string;
  module?: string | undefined;
  /** By path: what the agent did with it. */
  files: Readonly<Record<string, 'read' | 'edited'>>;
}

/** What a project's own history and notes say. */
export interface ProjectPast {
  /** The files of its latest commits, the newest first. */
  commits: readonly (readonly string[])[];
  /** Lines of CLAUDE.md. */
  notes: readonly string[];
  exists: (path: string) => boolean;
}

/** What nobody needs to be told to read. */
export function isNoise(path: string): boolean {
  return NOISE.test(path);
}

interface Suggestion {
  path: string;
  score: number;
  /** In words, the weightiest first. */
  why: string[];
}

/** So many are suggested, where that many are worth it. */
const MOST = 5;
const LEAST_SCORE = 0.25;
/** A commit of more files says little about any two of them. */
const LARGEST_COMMIT = 30;
const NOISE =
  /(?:^|\/)(?:package-lock\.json|yarn\.lock|pnpm-lock\.yaml|Cargo\.lock|go\.sum|CHANGELOG\.md|CLAUDE\.md)$|(?:^|\/)(?:dist|build|node_modules)\//;

/**
 * Files that a task is likely to need: what agents read and changed in well-rated tasks with like words or of the same
 * module, what was committed together with those and with the files that the task names, and what CLAUDE.md names
 * beside the task's words. `past`: well-rated tasks of the same project.
 */
export function suggestContext(
  spec: Pick<TaskSpec, 'name' | 'description' | 'module' | 'tags' | 'deliverables' | 'contextFiles'>,
  past: readonly PastTask[],
  project: ProjectPast,
  most = MOST,
): Suggestion[] {
  const scores = new Map<string, { score: number; parts: { weight: number; why: string }[] }>();
  const add = (path: string, weight: number, why: string) => {
    const one = scores.get(path) ?? { score: 0, parts: [] };
    one.score += weight;
    one.parts.push({ weight, why });
    scores.set(path, one);
  };
  fromTasks(spec, past, add);
  const words = new Set(wordsOf([spec.name, spec.description, spec.module ?? '', ...spec.tags].join(' ')));
  fromNotes(words, project, add);
  const named = [spec.description, ...spec.deliverables].flatMap(pathsIn).filter(project.exists);
  const best = [...scores].sort(([, a], [, b]) => b.score - a.score).slice(0, 3);
  const seeds = new Map([
    ...best.map(([path, { score }]) => [path, Math.min(1, score)] as const),
    ...named.map((path) => [path, 1] as const),
  ]);
  fromCommits(seeds, project.commits, add);
  const known = new Set([...spec.contextFiles, ...spec.deliverables.flatMap(pathsIn)]);
  return [...scores]
    .filter(([path, { score }]) => score >= LEAST_SCORE && !known.has(path) && !isNoise(path) && project.exists(path))
    .map(([path, { score, parts }]) => ({
      path,
      score: Math.round(score * 100) / 100,
      why: [...new Set(parts.sort((a, b) => b.weight - a.weight).map(({ why }) => why))].slice(0, 2),
    }))
    .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1))
    .slice(0, most);
}

type Add = (path: string, weight: number, why: string) => void;

/** BM25 over the words of well-rated tasks; what every task touches says little. */
function fromTasks(spec: Parameters<typeof suggestContext>[0], past: readonly PastTask[], add: Add): void {
  if (past.length === 0) return;
  const search = new MiniSearch({
    fields: ['text'],
    idField: 'key',
    tokenize: wordsOf,
    processTerm: (term) => term,
    searchOptions: { tokenize: wordsOf },
  });
  search.addAll(past.map(({ key, text, module }) => ({ key, text: `${text} ${module ?? ''}` })));
  const found = search.search([spec.name, spec.description, spec.module ?? '', ...spec.tags].join(' '));
  const top = found[0]?.score ?? 1;
  const likeness = new Map(found.map(({ id, score }) => [String(id), score / top]));
  const touched = new Map<string, number>();
  for (const { files } of past) for (const path of Object.keys(files)) touched.set(path, (touched.get(path) ?? 0) + 1);
  const alike = past
    .map((task) => ({
      task,
      weight: (likeness.get(task.key) ?? 0) + (spec.module !== undefined && task.module === spec.module ? 0.4 : 0),
    }))
    .filter(({ weight }) => weight > 0.15)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, 10);
  const uses = new Map<string, { weight: number; tasks: string[]; edited: boolean }>();
  for (const { task, weight } of alike) {
    for (const [path, how] of Object.entries(task.files)) {
      const one = uses.get(path) ?? { weight: 0, tasks: [], edited: false };
      const rare = Math.log((past.length + 1) / (touched.get(path) ?? 1)) / Math.log(past.length + 1);
      one.weight += weight * (how === 'edited' ? 1 : 0.8) * (0.3 + 0.7 * rare);
      one.tasks.push(task.key);
      one.edited ||= how === 'edited';
      uses.set(path, one);
    }
  }
  for (const [path, { weight, tasks, edited }] of uses) {
    const shown = tasks.slice(0, 3).join(', ');
    add(path, weight, `${edited ? 'changed' : 'read'} in well-rated tasks like it: ${shown}`);
  }
}

/** Lines of CLAUDE.md that name a file and share words with the task. */
function fromNotes(words: ReadonlySet<string>, { notes, exists }: ProjectPast, add: Add): void {
  for (const line of notes) {
    const paths = pathsIn(line).filter(exists);
    if (paths.length === 0) continue;
    const shared = new Set(wordsOf(line).filter((word) => words.has(word)));
    if (shared.size > 0)
      for (const path of paths)
        add(path, Math.min(1, 0.4 * shared.size), `CLAUDE.md names it for ${[...shared].join(', ')}`);
  }
}

/** What was committed together with the seeds, more often than by chance. */
function fromCommits(seeds: ReadonlyMap<string, number>, commits: ProjectPast['commits'], add: Add): void {
  const small = commits.filter(({ length }) => length > 1 && length <= LARGEST_COMMIT);
  const counts = new Map<string, number>();
  for (const files of small) for (const path of files) counts.set(path, (counts.get(path) ?? 0) + 1);
  for (const [seed, weight] of seeds) {
    const total = counts.get(seed) ?? 0;
    if (total < 2) continue;
    const together = new Map<string, number>();
    for (const files of small)
      if (files.includes(seed))
        for (const path of files) if (path !== seed) together.set(path, (together.get(path) ?? 0) + 1);
    for (const [path, times] of together) {
      if (times < 2) continue;
      const rare = 1 - Math.log(counts.get(path) ?? 1) / Math.log(small.length + 1);
      add(
        path,
        weight * (times / total) * (0.4 + 0.6 * rare),
        `committed together with ${seed}, ${times} of ${total} times`,
      );
    }
  }
}

/** The paths that a text names: words with a slash, or with an ending. */
function pathsIn(text: string): string[] {
  return text
    .slice(0, 20_000)
    .split(/[\s,;:()[\]{}"'`<>]+/)
    .map((word) => word.replace(/^[@./]+|[.!?]+$/g, ''))
    .filter((word) => /^[\w@.-]+(?:\/[\w@.-]+)+$|^[\w-]+\.\w{1,8}$/.test(word) && !word.includes('..'));
}
