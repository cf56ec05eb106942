import { resolve } from 'node:path';
import { DayshiftError, count, oneLine } from '../base/index.ts';
import { guardTests, type Tested } from '../guarding/index.ts';
import type { GuardPolicy } from '../guard/index.ts';
import type { CliIo, ExitCode } from './io.ts';

/** Wrong cases that are shown; the rest is counted. */
const mostShown = 50;

/** Judges the built-in cases and the person's, and says which are judged otherwise; 1 where one is. */
export async function testCases(
  given: { file: string | undefined; builtIn: boolean },
  person: { casesFile: string | undefined; policy: GuardPolicy; home: string | undefined },
  io: CliIo,
): Promise<ExitCode> {
  const tests = await guardTests();
  const names = new Set(person.policy.rules.all.map(({ rule }) => rule.id));
  let wrong = 0;
  const show = (name: string, tested: Tested) => {
    wrong += tested.wrong.length;
    io.out(`${name}: ${count(tested.cases, 'case')}, ${verdictOn(tested)}\n`);
    for (const { place, what, expected, found } of tested.wrong.slice(0, mostShown)) {
      const wanted = expected.rule === undefined ? expected.decision : `${expected.decision} by ${expected.rule}`;
      const unheard =
        expected.rule === undefined || names.has(expected.rule) || expected.rule.startsWith('guard.')
          ? ''
          : ' (no rule is called so: `dayshift guard rules` prints them)';
      io.out(
        `  ${place}  ${short(what)}\n    expected ${wanted}${unheard}, found ${found.decision} by ${found.rule}\n`,
      );
    }
    if (tested.wrong.length > mostShown) io.out(`  and ${tested.wrong.length - mostShown} more\n`);
  };
  const path = given.file === undefined ? person.casesFile : resolve(io.cwd, given.file);
  const shown = given.file ?? (path === undefined ? '' : 'config/guard-cases.yaml');
  // A mistake in the person's file is told at once, not after a second of other tests.
  const own = path === undefined ? undefined : await tests.testOwn(path, shown, person);
  if (own === undefined && given.file !== undefined) throw new DayshiftError('usage', `${given.file} is not there`);
  if (given.builtIn) show('built-in', tests.testBuiltIn());
  if (own !== undefined) show(shown, own);
  else if (path !== undefined) io.out(`your own: none yet; ${shown} would hold them (docs/guard.md)\n`);
  else if (!given.builtIn)
    throw new DayshiftError('usage', 'no cases of your own: there is no home around here', {
      hint: 'name the home (`dayshift --home DIR guard test --own`) or a file of cases',
    });
  return wrong === 0 ? 0 : 1;
}

const verdictOn = ({ wrong }: Tested): string =>
  wrong.length === 0 ? 'all judged as expected' : `${wrong.length} judged otherwise`;

function short(text: string): string {
  const line = oneLine(text);
  return line.length <= 100 ? line : `${line.slice(0, 99).toWellFormed()}…`;
}
