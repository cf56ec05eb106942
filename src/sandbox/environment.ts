import { DayshiftError } from '../base/index.ts';
import type { SandboxPolicy } from './types.ts';

/**
 * The environment of a sandboxed process: the policy's, over a few defaults. GIT_OPTIONAL_LOCKS=0 keeps `git status`
 * from writing the index, which is read-only.
 */
export function environment(policy: SandboxPolicy, defaults: Record<string, string>): Record<string, string> {
  const env = { LANG: 'C.UTF-8', GIT_OPTIONAL_LOCKS: '0', ...defaults, ...policy.env };
  for (const [name, value] of Object.entries(env)) {
    if (name === '' || /[=\0]/.test(name) || value.includes('\0')) {
      throw new DayshiftError('usage', `The environment variable ${JSON.stringify(name)} cannot be set.`, {
        hint: 'A name holds neither "=" nor a zero byte, and is not empty; a value holds no zero byte.',
      });
    }
  }
  return env;
}
