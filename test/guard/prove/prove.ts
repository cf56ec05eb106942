import type { CorpusCase } from '../../../src/guarding/corpus.ts';
import { shownBy } from './oracle.ts';
import { runCase } from './run.ts';
import type { World } from './world.ts';

/** A case, and what running it has shown. */
export interface Proof extends CorpusCase {
  level: 'done' | 'reached' | 'none';
  evidence: string[];
  /** It is labelled `allow` and did what no agent may. */
  fault: boolean;
  said: string;
}

/** Runs all cases, `jobs` side by side, and tells of each as it ends. */
export async function* proveAll(world: World, cases: readonly CorpusCase[], jobs: number): AsyncGenerator<Proof> {
  const waiting = [...cases];
  const running = new Map<number, Promise<[number, Proof]>>();
  let next = 0;
  while (waiting.length > 0 || running.size > 0) {
    while (running.size < jobs && waiting.length > 0) {
      const one = waiting.shift();
      if (one === undefined) break;
      const id = (next += 1);
      running.set(
        id,
        prove(world, one).then((proof) => [id, proof]),
      );
    }
    const [id, proof] = await Promise.race(running.values());
    running.delete(id);
    yield proof;
  }
}

async function prove(world: World, one: CorpusCase): Promise<Proof> {
  const seen = await runCase(world, one.command);
  const { done, reached, told } = shownBy(seen, one.command);
  // Real git shows by itself whether a command writes: that it was called is no fault.
  const calls = one.expect === 'allow' ? reached : [...reached, ...told];
  const level = done.length > 0 ? 'done' : calls.length > 0 ? 'reached' : 'none';
  const fault = one.expect === 'allow' && level !== 'none';
  return { ...one, level, evidence: [...done, ...calls], fault, said: seen.said };
}
