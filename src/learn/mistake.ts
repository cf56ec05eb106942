import { commandsIn, denies, pathsIn, withoutNames, type Does, type Said } from './structure.ts';
import { likeness } from './words.ts';

/** Texts that share so much tell of the same mistake. */
const ALIKE = 0.6;

/**
 * What would keep a mistake from happening a third time, where its words name what was touched, run, or red: a rule of the
 * guard, or a check. Undefined where they name nothing that can be enforced.
 */
export function enforceable(mistake: string, { testCommand }: Pick<Said, 'testCommand'>): Does | undefined {
  // What was left out is no deed that a rule could refuse.
  const leftOut = /\b(?:forgot|forgets?|missed|missing|not|without|never|instead|only|lacks?|no)\b|n[’']t\b/i.test(
    mistake,
  );
  const commands = commandsIn(mistake);
  const plain = withoutNames(mistake);
  if (!leftOut && /\b(?:ran|runs?|used|uses?|called|executed|started)\b/i.test(plain) && commands.length > 0)
    return denies('command', commands, mistake);
  const touched =
    /\b(?:touch|edit|chang|modifi|modify|rewr[io]te|wrote|delet|remov|overwr[io]te|renam|mov|broke)\w*/i.test(plain);
  const paths = touched && !leftOut ? pathsIn(mistake) : [];
  if (paths.length > 0) return denies('path', paths, mistake);
  const isRed = /\b(?:red|fail\w*|broken?|breaks?|errors?|forgot|not|missing|without)\b|n[’']t\b/i.test(mistake);
  const [command] = commands;
  if (isRed && command !== undefined) return { kind: 'check', command };
  return isRed && testCommand !== undefined && /\btests?\b/i.test(mistake)
    ? { kind: 'check', command: testCommand }
    : undefined;
}

/** Whether a mistake was told before, of other tasks. */
export function happenedBefore(mistake: string, earlier: readonly string[]): boolean {
  return earlier.some((one) => likeness(one, mistake) >= ALIKE);
}
