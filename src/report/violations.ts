import type { TaskFacts } from './types.ts';

/** What an agent did against the rules; all of it was refused. */
interface Violations {
  times: number;
  /** `how`: ` (in disguise)`, or nothing. */
  which: { rule: string; how: string }[];
  /** The first call that met one. */
  first: string;
}

/** What a task's agent did against the rules; undefined where it kept them. */
export function violationsOf({ denials }: TaskFacts): Violations | undefined {
  const rules = denials.flatMap((rule) =>
    rule.violations === undefined ? [] : [{ ...rule, broken: rule.violations }],
  );
  if (rules.length === 0) return undefined;
  return {
    times: rules.reduce((sum, { broken }) => sum + broken.count, 0),
    which: rules.map(({ rule, broken }) => ({ rule, how: meanings[broken.worst] })),
    first: rules[0]?.example ?? '',
  };
}

const meanings = { plain: '', disguised: ' (in disguise)', tamper: ' (it reached for what watches it)' };
