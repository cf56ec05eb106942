import { createHash } from 'node:crypto';
import { interpret } from './interpret.ts';
import { isKnown } from './marks.ts';
import type { GuardContext, ToolCall } from './types.ts';

/**
 * What tells a call from every other: for a command what would really run, where, and what it would do, however it is
 * spelled; for another tool its input. Undefined where a part is not known, for then the same text may be another call.
 */
export function sameCall(call: ToolCall, context: GuardContext): string | undefined {
  const { command } = call.input;
  const about = typeof command === 'string' ? commandsIn(command, call.cwd, context) : [call.input, call.cwd];
  if (about === undefined) return undefined;
  return createHash('sha256')
    .update(JSON.stringify([call.tool, about]))
    .digest('hex')
    .slice(0, 32);
}

function commandsIn(command: string, cwd: string, context: GuardContext): unknown {
  try {
    const { commands, effects } = interpret(command, cwd, context);
    const known = commands.every((one) => isKnown(one.cwd) && one.words.every(isKnown));
    return known && effects.every((effect) => effect.kind !== 'unknown') ? [commands, effects] : undefined;
  } catch {
    return undefined; // too deep or too long to be told
  }
}
