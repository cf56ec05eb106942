import type { Home } from '../home/index.ts';
import type { State } from '../journal/index.ts';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nWhat happens by itself while `dayshift up` runs: `schedule:` in config/dayshift.yaml.')
    .action((options: { json?: boolean }) =>
      run(async () => {
        const { loadHome, loadTaskList } = await import('../home/index.ts');
        const { readState } = await import('../journal/read-only.ts');
        const { lockHolder } = await import('../journal/read-only.ts');
        const { formatProblem } = await import('../document/index.ts');
        const { whenText } = await import('../plan/index.ts');
        const { home } = command.optsWithGlobals<{ home?: string }>();
        const found = await loadHome({ env: io.env, cwd: io.cwd, ...(home === undefined ? {} : { home }) });
        const { state } = await readState(found.paths);
        const lines = await linesOf(found, state, Date.now());
        const { tasks, problems } = await loadTaskList(found, 'recurring');
        const recurring = tasks.map(({ spec, when }) => ({
          id: spec.id,
          every: when === undefined ? '' : whenText(when),
        }));
        if (options.json === true) {
          io.out(`${JSON.stringify({ entries: lines, recurring, problems }, null, 2)}\n`);
          return problems.some(({ severity }) => severity === 'error') ? 2 : 0;
        }
        for (const line of lines) io.out(`${rowOf(line)}\n`);
        if (lines.length === 0) io.out('Nothing is scheduled.\n');
        for (const { id, every } of recurring) io.out(`task ${id}: ${every}\n`);
        for (const problem of problems) io.err(`${formatProblem(problem)}\n`);
        const holder = await lockHolder(found.paths.lockFile);
        if (holder?.alive !== true || holder.mode !== 'daemon')
          io.out('Nothing of it happens now: it does while `dayshift up` runs.\n');
        return problems.some(({ severity }) => severity === 'error') ? 2 : 0;
      }),
    );
};

interface Line {
  name: string;
  what: string;
  cron: string;
  timezone: string;
  missed: string;
  /** By the entry's clock. */
  next?: string;
  last?: { planned: string; outcome: string };
}

async function linesOf(home: Home, state: State, now: number): Promise<Line[]> {
  const { nextDue, scheduleOf, wallOf } = await import('../schedule/index.ts');
  const { timezoneOf } = await import('../home/index.ts');
  return scheduleOf(home.config.schedule, timezoneOf(home)).map((entry) => {
    const { name, what, cron, zone, missed } = entry;
    const due = nextDue(entry, now);
    const last = Object.entries(state.schedule?.slots[name] ?? {}).at(-1);
    return {
      ...{ name, what, cron, timezone: zone },
      missed: missed.kind === 'run_late' ? `run_late_until ${missed.until}` : missed.kind,
      ...(due === undefined ? {} : { next: wallOf(due, zone) }),
      ...(last === undefined ? {} : { last: { planned: last[0], outcome: last[1].settled ?? 'running' } }),
    };
  });
}

function rowOf({ name, what, cron, timezone, missed, next, last }: Line): string {
  const time = (wall: string) => wall.replace('T', ' ');
  const before = last === undefined ? '' : `; last ${time(last.planned)}: ${last.outcome}`;
  return `${name.padEnd(10)}  ${what.padEnd(7)}  next ${next === undefined ? 'never' : time(next)}  (${cron}, ${timezone}; missed: ${missed}${before})`;
}
