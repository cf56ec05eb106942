import { systemIo } from '../../src/cli/system-io.ts';
import { runDay } from '../../src/cli/run-day.ts';
import { openItems } from '../../src/inbox/index.ts';

/**
 * Runs a day as `dayshift run` does, answering what waits, and kills itself with SIGKILL at the n-th time that it
 * passes a named point. Arguments: the day, the point, n. Without a point it runs to the end and prints all
 * points that it passed.
 */
const [day = '', point = '', nth = '1'] = process.argv.slice(2);
let left = Number(nth);
const passed: string[] = [];

process.exitCode = await runDay({ env: process.env, cwd: process.cwd() }, day, systemIo(), {
  json: false,
  onPoint(name) {
    passed.push(name);
    if (name === point && --left === 0) process.kill(process.pid, 'SIGKILL');
  },
  async onWaits(running, open) {
    const item = openItems(open.journal.state, day)[0];
    if (item === undefined) return false;
    return (await running.operator.answer({ item: item.id, text: 'B' }, { kind: 'person', via: 'cli' })).ok;
  },
});
if (point === '') console.log(`POINTS ${JSON.stringify(passed)}`);
