import { attacks, chooseSandbox, type AttackResult } from '../../sandbox/index.ts';
import type { DiagnoseInput } from '../types.ts';
import { openArena, type ArenaOptions } from './arena.ts';
import { tryAttack } from './try.ts';

export interface SafetyOptions
  extends Pick<DiagnoseInput, 'env' | 'config'>, Pick<ArenaOptions, 'postgres' | 'below' | 'change'> {
  /** Only attacks whose id begins so. */
  only?: string;
  /** Each result as it comes. */
  onResult?: (result: AttackResult) => void;
  /** Ends it after the attack that is being tried; nothing of it is left. */
  signal?: AbortSignal;
}

/**
 * Tries the whole list of attacks in the sandbox that agents get on this machine, on things that are made for that and
 * go again. Throws DayshiftError where there is no such sandbox: without one they would be done to the machine.
 */
export async function tryAttacks(options: SafetyOptions): Promise<AttackResult[]> {
  const chosen = await chooseSandbox('bubblewrap', options.env);
  if ('problem' in chosen) throw chosen.problem;
  const { sandbox } = chosen;
  const { env, config, postgres, below, change } = options;
  const arena = await openArena({
    sandbox,
    settings: config?.sandbox,
    command: config?.agent.command,
    env,
    postgres,
    change,
    ...(below === undefined ? {} : { below }),
  });
  const results: AttackResult[] = [];
  try {
    for (const attack of attacks.filter(({ id }) => id.startsWith(options.only ?? ''))) {
      if (options.signal?.aborted === true) break;
      const result = await tryAttack(sandbox, arena, attack);
      results.push(result);
      options.onResult?.(result);
    }
  } finally {
    await arena.close();
  }
  return results;
}
