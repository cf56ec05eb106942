import { hasCode, DayshiftError } from '../base/index.ts';
import { formatProblem, readText } from '../document/index.ts';
import { decide, type GuardContext, type GuardPolicy, type ToolCall } from '../guard/index.ts';
import { setting } from '../guard/corpus/setting.ts';
import { callsOf, contextOf, readCases, type WrongCase } from './cases-file.ts';
import { corpusCases } from './corpus.ts';

export interface Tested {
  cases: number;
  wrong: WrongCase[];
}

/** The built-in cases, judged by the built-in rules in their own setting. */
export function testBuiltIn(): Tested {
  const cases = corpusCases();
  const wrong = cases.flatMap(({ family, command, expect, rule }) =>
    judged({ tool: 'Bash', input: { command }, cwd: setting.workspace }, setting, {
      place: family,
      what: command,
      expected: { decision: expect, rule },
    }),
  );
  return { cases: cases.length, wrong };
}

/**
 * A person's cases by their rules; undefined where the file is not there. Throws DayshiftError (usage) with everything
 * that is wrong in it.
 * @param shown how the file is named to people
 */
export async function testOwn(
  path: string,
  shown: string,
  judge: { policy: GuardPolicy; home: string | undefined },
): Promise<Tested | undefined> {
  const read = await readText(path, shown).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return undefined;
    throw new DayshiftError('usage', `${shown} cannot be read`, { cause: error });
  });
  if (read === undefined) return undefined;
  const found = 'problem' in read ? undefined : readCases(read.text, shown);
  const file = found?.value;
  if (found === undefined || file === undefined) {
    const problems = 'problem' in read ? [read.problem] : (found?.problems ?? []);
    const errors = problems.filter(({ severity }) => severity === 'error');
    throw new DayshiftError('usage', errors.map(formatProblem).join('\n'), {
      hint: `correct ${shown}; docs/guard.md shows what it may hold`,
    });
  }
  const context = contextOf(file, judge.policy, judge.home);
  const calls = callsOf(file);
  const wrong = calls.flatMap(({ call, what, expected }, index) =>
    judged(call, context, { place: found.placeOf(index), what, expected }),
  );
  return { cases: calls.length, wrong };
}

function judged(call: ToolCall, context: GuardContext, one: Omit<WrongCase, 'found'>): WrongCase[] {
  const { decision, rule } = decide(call, context);
  const right = decision === one.expected.decision && (one.expected.rule ?? rule) === rule;
  return right ? [] : [{ ...one, found: { decision, rule } }];
}
