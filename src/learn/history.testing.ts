import { taskSpec } from '../journal/spec.testing.ts';
import { suggestContext, type PastTask } from './suggest.ts';

/** A small generator of numbers, the same each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

const modules = ['basket', 'login', 'search', 'orders', 'mail', 'stock', 'prices', 'reports'];
const topics = ['rounding', 'export', 'layout', 'caching'];

/**
 * A project of eight modules with fourteen files each: three for each of four topics, and two that most of its tasks touch. Sixty
 * tasks, so that a module's topic came about twice; they touch what they need seven times of ten, other files of the module
 * one time of seven, shared ones often. Three hundred commits mix modules.
 */
function history(seed: number, names: 'a file' | 'nothing') {
  const random = numbers(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const core = (module: string) => [`src/${module}/index.ts`, `src/${module}/types.ts`];
  const own = (module: string, topic: string) => [1, 2, 3].map((n) => `src/${module}/${topic.slice(0, 3)}-${n}.ts`);
  const shared = ['README.md', 'src/util.ts', 'src/config.ts'];
  const touched = (module: string, topic: string, [needed, beside]: [number, number]) => [
    ...[...own(module, topic), ...core(module)].filter(() => random() < needed),
    ...topics.filter((other) => other !== topic).flatMap((other) => own(module, other).filter(() => random() < beside)),
    ...shared.filter(() => random() < 0.4),
  ];
  const past: PastTask[] = Array.from({ length: 60 }, (_, n) => {
    const [module, topic] = [pick(modules), pick(topics)];
    return {
      key: `d/${n}`,
      text: `Change the ${topic} of ${module} for ${pick(['guests', 'admins', 'phones'])}`,
      module: random() < 0.5 ? module : undefined,
      files: Object.fromEntries(
        touched(module, topic, [0.7, 0.15]).map((path) => [path, random() < 0.5 ? 'edited' : 'read']),
      ),
    };
  });
  const commits = Array.from({ length: 300 }, () => {
    const module = pick(modules);
    return [...touched(module, pick(topics), [0.5, 0.05]), pick(core(pick(modules)))];
  });
  const tasks = modules.map((module) => {
    const topic = pick(topics);
    const wanted = [...own(module, topic), ...core(module)];
    return {
      spec: taskSpec(module, {
        name: `Mend the ${topic} of ${module}`,
        description: names === 'nothing' ? '' : `See ${wanted[0] ?? ''}`,
      }),
      wanted,
    };
  });
  return { past, commits, tasks };
}

/**
 * Of the files that a task of each module needs, the share among the first ten that are suggested, and among the ten that were
 * changed latest. `names`: whether the task names one of them.
 */
export function recall(seed: number, names: 'a file' | 'nothing'): { suggested: number; latest: number } {
  const { past, commits, tasks } = history(seed, names);
  const latest = [...new Set(commits.flat())].slice(0, 10);
  const project = { commits, notes: [], exists: () => true };
  let [found, recent, all] = [0, 0, 0];
  for (const { spec, wanted } of tasks) {
    const suggested = suggestContext(spec, past, project, 10).map(({ path }) => path);
    found += wanted.filter((path) => suggested.includes(path)).length;
    recent += wanted.filter((path) => latest.includes(path)).length;
    all += wanted.length;
  }
  return { suggested: found / all, latest: recent / all };
}
