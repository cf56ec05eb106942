import { DayshiftError, messageOf } from '../base/index.ts';
import { formatProblem } from '../document/index.ts';
import { loadHome, loadPlan, type HomePaths } from '../home/index.ts';
import type { TaskFileFacts } from '../report/index.ts';

/**
 * What the task file of a day says now: of a day that was never begun the journal knows nothing. undefined where there is no such
 * file. Never rejects: what is wrong with it, or with the settings that it is read against, is why the day could not begin.
 */
export async function taskFileOf({ home }: Pick<HomePaths, 'home'>, date: string): Promise<TaskFileFacts | undefined> {
  try {
    const loaded = await loadPlan(date, await loadHome({ home, env: {}, cwd: home }), new Date(), home);
    if (loaded.missing !== undefined) return undefined;
    const errors = loaded.problems.filter(({ severity }) => severity === 'error');
    return {
      file: loaded.file,
      tasks: (loaded.plan?.tasks ?? []).map(({ id, name }) => ({ id, name })),
      errors: errors.map(formatProblem),
    };
  } catch (error) {
    const errors = (error instanceof DayshiftError ? error.message : messageOf(error)).split('\n');
    return { file: `tasks/${date}.yaml`, tasks: [], errors };
  }
}
