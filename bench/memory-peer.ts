import { openHome, planDay, runContext, startDay } from '../src/daemon/index.ts';
import { loadPlan } from '../src/home/index.ts';
import { DAY } from './home.ts';
import { parkedEvents } from './past.ts';

/**
 * The daemon of the memory benchmark, with the home's loop and control socket. Each line on standard input makes one
 * measure: it prints its resident memory in bytes after a collection. `idle`: a day without tasks; `parked`: all of the plan's tasks wait.
 */
const open = await openHome({ env: process.env, cwd: process.cwd(), mode: 'run', onWarning: console.error });
const ctx = await runContext(open, { canAsk: false, log: console.error });
const { plan } = await loadPlan(DAY, open.home, new Date());
if (plan === undefined) throw new Error('the bench has no plan');
const tasks = process.argv[2] === 'parked' ? plan.tasks : [];
await planDay(ctx, { ...plan, tasks }, []);
for (const { id } of tasks) await ctx.journal.append(...parkedEvents(DAY, id));
const day = await startDay(ctx, DAY, { kind: 'daemon' });
console.log('ready');
process.stdin
  .on('data', () => {
    globalThis.gc?.();
    console.log(process.memoryUsage.rss());
  })
  .on('end', () => void day.end().then(() => open.close()));
