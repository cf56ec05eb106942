import { homedir } from 'node:os';
import { environment } from './environment.ts';
import type { Sandbox } from './types.ts';

/**
 * No isolation: the process can do what the person can do. Only the environment is clean. Asked for by name
 * (`sandbox: { mode: none }`), never a silent fall-back.
 */
export function noSandbox(): Sandbox {
  return {
    kind: 'none',
    wrap(policy, [file, ...args]) {
      const env = environment(policy, { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: homedir() });
      return { file, args, env, cwd: policy.cwd };
    },
  };
}
