import { createRedactor, manualClock } from '../base/index.ts';
import { loadHome } from '../home/index.ts';
import { openJournal, type Journal } from '../journal/index.ts';
import { takeAllFeedback, type OperatorContext } from './index.ts';

/** Reads what lies in a home's `feedback/`; resolves with the type of each append's first event. `onAppend` is called before and after each. */
export async function readAll(
  folder: string,
  onAppend: (moment: string, nth: number) => void = () => undefined,
): Promise<string[]> {
  const home = await loadHome({ home: folder, env: {}, cwd: folder });
  const clock = manualClock(Date.parse('2026-11-23T18:00:00Z'));
  const real = await openJournal(home.paths, { clock });
  const appends: string[] = [];
  const journal: Journal = {
    ...real,
    async append(...events) {
      appends.push(events[0]?.type ?? '');
      onAppend('before', appends.length);
      const written = await real.append(...events);
      onAppend('after', appends.length);
      return written;
    },
  };
  const ctx: OperatorContext = {
    ...{ home, journal, clock, newId: () => 'id', redact: createRedactor([]), namedSecrets: () => [] },
    runner: undefined,
  };
  await takeAllFeedback(ctx);
  await real.close();
  return appends;
}

/** As a program: kills itself with SIGKILL `before` or `after` its n-th append. Arguments: the home, the moment, n. */
if (import.meta.main) {
  const [folder = '', moment = '', nth = ''] = process.argv.slice(2);
  await readAll(folder, (now, number) => {
    if (now === moment && number === Number(nth)) process.kill(process.pid, 'SIGKILL');
  });
}
