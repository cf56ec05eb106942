import { execa } from 'execa';
import { openJournal } from '../src/journal/index.ts';
import { DAY, dayshift, makeHome } from './home.ts';
import { pastEvents } from './past.ts';
import { quantile, type BenchRow } from './row.ts';

const runs = 20;

/** `dayshift status` with a normal day on the disk and no daemon, against a Node that does nothing. In turn; medians. */
export async function run(): Promise<BenchRow[]> {
  const home = await makeHome({ files: { 'README.md': '# Bench\n' }, tasks: 'tasks: []\n' });
  try {
    const journal = await openJournal(home.paths);
    for (const event of pastEvents(DAY)) await journal.append(event);
    await journal.close();
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
    const status = [dayshift, 'status', DAY];
    const nothing = ['-e', '0'];
    const first = await once(status);
    if (!first.stdout.includes('task-1')) throw new Error(`the status is not one:\n${first.stdout}`);
    const [mine, bare]: [number[], number[]] = [[], []];
    for (let n = 0; n < runs; n += 1) {
      bare.push((await once(nothing)).ms);
      mine.push((await once(status)).ms);
    }
    const [value, baseline] = [quantile(mine, 0.5), quantile(bare, 0.5)];
    const ratio = value / baseline;
    return [
      {
        name: `status: dayshift status from cold (median of ${runs})`,
        value: `${value.toFixed(0)} ms`,
        baseline: `node -e 0: ${baseline.toFixed(0)} ms`,
        ratio,
        target: '<= 4 of node -e 0',
        ok: ratio <= 4,
      },
    ];
  } finally {
    home.remove();
  }
}

if (import.meta.main) console.table(await run());
