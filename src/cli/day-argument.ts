import { basename } from 'node:path';
import { DayshiftError } from '../base/index.ts';
import type { HomePaths } from '../home/index.ts';
import { daysLatestFirst, readRecent, type Recent } from '../journal/read-only.ts';

/**
 * The date that a person means: DATE, a task file's name, today or yesterday in the home's time zone; by default the
 * day that runs or was begun last, else today.
 * @param known all days, where they were read already
 */
export async function dayArgument(
  given: string | undefined,
  paths: HomePaths,
  known?: Parameters<typeof daysLatestFirst>[0]['days'],
): Promise<string> {
  const now = new Date();
  if (given === undefined) {
    const latest = daysLatestFirst({ days: known ?? allDays((await readRecent(paths)).recent) })[0];
    if (latest !== undefined) return latest;
  }
  const shift = { today: 0, yesterday: -1 }[given ?? 'today'];
  if (shift !== undefined) {
    const [{ dateIn, shiftDate }, { loadHome }] = await Promise.all([
      import('../plan/index.ts'),
      import('../home/index.ts'),
    ]);
    const { config } = await loadHome({ home: paths.home, env: {}, cwd: paths.home });
    return shiftDate(dateIn(now, config.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone), shift);
  }
  const date = /^(\d{4}-\d{2}-\d{2})(?:\.ya?ml)?$/.exec(basename(given ?? ''))?.[1];
  if (date === undefined || !isDate(date)) {
    throw new DayshiftError('usage', `${given ?? ''} is no day`, { hint: 'a day is written like 2026-11-23' });
  }
  return date;
}

/** Every day that the journal knows, the older ones without their tasks. */
export function allDays({ days, older }: Recent): Parameters<typeof daysLatestFirst>[0]['days'] {
  return { ...older, ...days };
}

/** False for the thirteenth month and the 30th of February. */
function isDate(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}
