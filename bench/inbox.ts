import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { execa } from 'execa';
import { openJournal, type NewEvent } from '../src/journal/index.ts';
import { dayPlan, taskSpec } from '../src/journal/spec.testing.ts';
import { DAY, dayshift, makeHome, type BenchHome } from './home.ts';
import { parkedEvents } from './past.ts';
import { quantile, type BenchRow } from './row.ts';

const rounds = 3;
const parked = 100;
const open = 1000;
/** What a home with all that may take more than an empty one. */
const MOST_MB = 60;
const MOST_START_MS = 1500;
const MOST_LIST_MS = 1000;

interface Measured {
  /** From the start of `dayshift up` until it can be asked, in ms. */
  start: number;
  /** `dayshift inbox`, in ms. */
  list: number;
  /** Resident memory once it has come to rest, in MB. */
  mb: number;
}

/** `dayshift up` and `dayshift inbox` in a home where a hundred agents are parked and a thousand items wait, against one where nothing does. In turn; medians. */
export async function run(): Promise<BenchRow[]> {
  const [empty, full]: [Measured[], Measured[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    empty.push(await measure(false));
    full.push(await measure(true));
  }
  const of = (what: keyof Measured) => ({
    base: quantile(
      empty.map((one) => one[what]),
      0.5,
    ),
    value: quantile(
      full.map((one) => one[what]),
      0.5,
    ),
  });
  const row = (name: string, what: keyof Measured, unit: string, most: number): BenchRow => {
    const { base, value } = of(what);
    return {
      ...{ name: `inbox: ${name}, ${open} items and ${parked} parked agents`, value: `${value.toFixed(0)} ${unit}` },
      ...{ baseline: `nothing waits: ${base.toFixed(0)} ${unit}`, ratio: value / base },
      ...{ target: `at most ${most} ${unit} more`, ok: value - base <= most },
    };
  };
  return [
    row('memory of dayshift up', 'mb', 'MB', MOST_MB),
    row('start of dayshift up', 'start', 'ms', MOST_START_MS),
    row('dayshift inbox', 'list', 'ms', MOST_LIST_MS),
  ];
}

async function measure(full: boolean): Promise<Measured> {
  const home = await makeHome({ files: { 'README.md': '# Bench\n' }, tasks: 'tasks: []\n' });
  try {
    if (full) await fill(home);
    const env = { ...home.env, ANTHROPIC_BASE_URL: 'http://127.0.0.1:9', ANTHROPIC_API_KEY: 'none' };
    const cli = (...args: string[]) =>
      execa(process.execPath, [dayshift, ...args], { cwd: home.paths.home, env, extendEnv: false, reject: false });
    let from = performance.now();
    const daemon = cli('up');
    let ended: string | undefined;
    void daemon.then(({ stderr }) => (ended = stderr));
    while (!existsSync(home.paths.controlSocket)) {
      if (ended !== undefined) throw new Error(ended);
      await wait(5);
    }
    const start = performance.now() - from;
    // It writes a file for each agent's question first.
    await wait(3000);
    from = performance.now();
    const { stdout } = await cli('inbox');
    const list = performance.now() - from;
    if (full && !stdout.includes(`q${open}`)) throw new Error(`the list is not whole:\n${stdout.slice(0, 2000)}`);
    const mb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${daemon.pid ?? 0}/status`, 'utf8'))?.[1]) / 1024;
    await cli('down');
    await daemon;
    return { start, list, mb };
  } finally {
    home.remove();
  }
}

/** A day whose tasks all wait, with ten items each. */
async function fill(home: BenchHome): Promise<void> {
  const ids = Array.from({ length: parked }, (_, n) => `task-${n + 1}`);
  const plan = dayPlan(
    ids.map((id) => taskSpec(id, { project: 'app' })),
    { date: DAY },
  );
  const question = {
    question: 'Which pattern should I follow?',
    multiSelect: false,
    options: [{ label: 'Old' }, { label: 'New' }],
  };
  const journal = await openJournal(home.paths);
  await journal.append(
    { day: DAY, type: 'day.planned', data: { plan, payer: 'nobody', warnings: [] } },
    { day: DAY, type: 'day.started', data: {} },
  );
  for (const id of ids) await journal.append(...parkedEvents(DAY, id));
  const more = Array.from({ length: open - parked }, (_, n): NewEvent => ({
    ...{ day: DAY, task: ids[n % parked] ?? '', attempt: 1, type: 'item.opened' },
    data: {
      id: `q${parked + 1 + n}`,
      kind: 'question',
      questions: [question],
      source: 'tool',
      toolUseId: `more-${n}`,
      silence: { kind: 'wait' },
    },
  }));
  for (let from = 0; from < more.length; from += 100) await journal.append(...more.slice(from, from + 100));
  await journal.close();
}

if (import.meta.main) {
  console.table(await run());
  process.exit();
}
