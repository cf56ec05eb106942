import { execa } from 'execa';
import { manualClock } from '../src/base/index.ts';
import { openJournal, type Journal } from '../src/journal/index.ts';
import { DAY, dayshift, makeHome, type BenchHome } from './home.ts';
import { datesUntil, doneEvents, pastEvents } from './past.ts';
import { quantile, type BenchRow } from './row.ts';

const runs = 20;

/**
 * `dayshift status` against a Node that does nothing: with a normal day on the disk and no daemon; with a year behind it,
 * too; and with that year while a writer has the journal open, as a daemon has, just before it writes `recent.json` again. In turn; medians.
 */
export async function run(): Promise<BenchRow[]> {
  return [...(await withDay()), ...(await withYear())];
}

async function withDay(): Promise<BenchRow[]> {
  const home = await makeHome({ files: { 'README.md': '# Bench\n' }, tasks: 'tasks: []\n' });
  try {
    const journal = await openJournal(home.paths);
    for (const event of pastEvents(DAY)) await journal.append(event);
    await journal.close();
    return [await row(home, 'from cold', [DAY])];
  } finally {
    home.remove();
  }
}

async function withYear(): Promise<BenchRow[]> {
  const home = await makeHome({ files: { 'README.md': '# Bench\n' }, tasks: 'tasks: []\n' });
  try {
    const dates = datesUntil(DAY, 365);
    const clock = manualClock(Date.parse(`${dates[0] ?? DAY}T08:00:00Z`));
    const journal = await openJournal(home.paths, { clock });
    for (const date of dates) {
      await journal.append(...(date === DAY ? pastEvents(DAY) : doneEvents(date)));
      clock.advance(86_400_000);
    }
    await journal.close();
    const cold = await row(home, 'from cold, with a year of ten tasks a day', []);
    const open = await openJournal(home.paths, { clock });
    await work(open, 999);
    const busy = await row(home, 'from cold, with that year and a journal that is open, 999 events on', []);
    await open.close();
    return [cold, busy];
  } finally {
    home.remove();
  }
}

/** What an agent does, in so many events. */
async function work(journal: Journal, events: number): Promise<void> {
  for (let n = 0; n < events; n += 1)
    await journal.append({
      ...{ day: DAY, task: 'task-1', attempt: 1, type: 'agent.tool_result' },
      data: { toolUseId: `toolu-${n}`, ok: true, text: 'x'.repeat(300) },
    });
}

async function row(home: BenchHome, name: string, days: string[]): Promise<BenchRow> {
  const once = async (args: string[]) => {
    const start = performance.now();
    const { stdout } = await execa(process.execPath, args, {
      cwd: home.paths.home,
      env: home.env,
      extendEnv: false,
      reject: false,
    });
    return { ms: performance.now() - start, stdout };
  };
  const status = [dayshift, 'status', ...days];
  const nothing = ['-e', '0'];
  const first = await once(status);
  if (!first.stdout.includes(`task-1 `) || !first.stdout.includes(DAY))
    throw new Error(`the status is not one:\n${first.stdout}`);
  const [mine, bare]: [number[], number[]] = [[], []];
  for (let n = 0; n < runs; n += 1) {
    bare.push((await once(nothing)).ms);
    mine.push((await once(status)).ms);
  }
  const [value, baseline] = [quantile(mine, 0.5), quantile(bare, 0.5)];
  const ratio = value / baseline;
  return {
    name: `status: dayshift status ${name} (median of ${runs})`,
    value: `${value.toFixed(0)} ms`,
    baseline: `node -e 0: ${baseline.toFixed(0)} ms`,
    ratio,
    target: '<= 4 of node -e 0',
    ok: ratio <= 4,
  };
}

if (import.meta.main) console.table(await run());
