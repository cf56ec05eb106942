import type { CorpusCase } from '../../../src/guarding/corpus.ts';
import { setting } from '../../../src/guard/corpus/setting.ts';
import { explain } from '../../../src/guard/index.ts';
import { shownBy } from './oracle.ts';
import { runCase } from './run.ts';
import { whyUnshown } from './unshown.ts';
import type { World } from './world.ts';

/** A case, and what running it has shown. */
export interface Proof extends CorpusCase {
  /**
   * `done`: the world is another one. `reached`: what would do it was called, or refused. `unknowable`: nothing was
   * seen, and the guard denies it by a rule that says only that nobody can know beforehand. `none`: nothing was seen.
   */
  level: 'done' | 'reached' | 'unknowable' | 'none';
  /** Of `none` and a denied case: why nothing can be seen here; undefined where nobody wrote it down. */
  why: string | undefined;
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
  const shown = done.length > 0 ? 'done' : calls.length > 0 ? 'reached' : 'none';
  const level = shown === 'none' && one.expect === 'deny' && cannotBeKnown(one.command) ? 'unknowable' : shown;
  const fault = one.expect === 'allow' && level !== 'none';
  const why = level === 'none' && one.expect === 'deny' ? whyUnshown(one.command) : undefined;
  return { ...one, level, why, evidence: [...done, ...calls], fault, said: seen.said };
}

/** By the guard's own decision: every finding that denies it is by a rule about what cannot be told. */
function cannotBeKnown(command: string): boolean {
  const { findings, decision } = explain(command, setting);
  const denying = findings.filter((finding) => finding.decision === 'deny').map(({ rule }) => rule);
  return [decision.rule, ...denying].every((rule) => /^(?:shell\.opaque|guard\.length|guard\.error)$/.test(rule));
}
