import { systemIo } from '../../src/cli/system-io.ts';
import { runDay } from '../../src/cli/run-day.ts';
import { homePaths } from '../../src/home/index.ts';
import { openItems } from '../../src/inbox/index.ts';
import { readEvents } from '../../src/journal/index.ts';

/**
 * Runs a day as `dayshift run` does, answering what waits, and kills itself with SIGKILL at the n-th time in the day's life that
 * a named point is passed: before or after an event, those count that earlier runs wrote down. Arguments: the day, the point,
 * n. Without a point it runs to the end and prints all points that it passed.
 */
const [day = '', point = '', nth = '1'] = process.argv.slice(2);
let left = Number(nth);
for await (const event of readEvents(homePaths(process.env.DAYSHIFT_HOME!).journal, {})) {
  // What was killed once more on the way may have written more of them than the day by itself: then at the next one.
  if (left > 1 && point === `${point.split(':')[0]}:${event.type}`) left--;
}
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
