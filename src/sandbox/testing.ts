import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { chooseSandbox } from './choose.ts';
import { noLimits } from './limits/means.ts';
import type { Sandbox, SandboxPolicy } from './types.ts';

/**
 * The real bubblewrap, for tests. Where it does not work they are left out with a loud word, but fail in CI: there a
 * sandbox that nobody tested must not pass.
 */
export async function realBubblewrap(): Promise<Sandbox | undefined> {
  const chosen = await chooseSandbox('bubblewrap', process.env);
  if ('sandbox' in chosen) return chosen.sandbox;
  if (process.env.CI === 'true') throw chosen.problem;
  process.stderr.write(`\n!!! NOT TESTED, the sandbox: ${chosen.problem.message} ${chosen.problem.hint ?? ''}\n\n`);
  return undefined;
}

/** A policy that shows nothing but what `more` names. */
export function policy(more: Partial<SandboxPolicy> = {}): SandboxPolicy {
  return {
    cwd: '/tmp',
    writable: [],
    readable: [],
    placed: [],
    hidden: [],
    sockets: [],
    env: {},
    limits: noLimits,
    ...more,
  };
}

/** A folder of the host that is gone after the test. Its name needs quoting. */
export function folder(name = 'it\'s a "folder"'): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), `dayshift ${name} `)));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Asks again and again until `look` finds something; fails after 10 s. */
export async function until<T>(look: () => T | Promise<T>): Promise<NonNullable<T>> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found;
    if (performance.now() > deadline) throw new Error('it did not come about within a minute');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
