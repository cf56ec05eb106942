import type { Clock } from '../../src/base/index.ts';
import { systemClock } from '../../src/base/index.ts';
import { up } from '../../src/cli/run-up.ts';
import { systemIo } from '../../src/cli/system-io.ts';

/**
 * Stays up as `dayshift up` does, by a clock that showed a given time when it started and goes on from there. Kills
 * itself with SIGKILL at the first time that it passes a named point. Arguments: the time (ISO), the point.
 */
const [at = '', point = ''] = process.argv.slice(2);
const ahead = Date.parse(at) - Date.now();
const clock: Clock = { ...systemClock, now: () => Date.now() + ahead };

process.exitCode = await up({ env: process.env, cwd: process.cwd() }, systemIo(), {
  clock,
  onPoint(name) {
    if (name === point) process.kill(process.pid, 'SIGKILL');
  },
});
