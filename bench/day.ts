import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { execa } from 'execa';
import { homePaths } from '../src/home/index.ts';
import { readEvents, type JournalEvent } from '../src/journal/index.ts';
import { callsATask, dayFiles, dayTasks, taskIds } from './day-script.ts';
import { DAY, dayshift, makeHome, type BenchHome } from './home.ts';
import { startPeer } from './peer.ts';
import { quantile, type BenchRow } from './row.ts';

/** `BENCH_QUICK=1`: one round instead of three. */
const rounds = process.env.BENCH_QUICK === undefined ? 3 : 1;
/**
 * Checkouts are made in memory where there is such a folder: for minutes after somebody deleted thousands of files, ext4
 * makes new ones up to thirty times slower, and the benchmark would measure what ran before it.
 */
const memory = '/dev/shm';
/** Standing in for the key: the scripted model takes any. */
const key = 'sk-ant-api03-a-key-for-the-benchmark';

/**
 * A day of ten tasks, one after the other, through `dayshift run` (the real CLI, the real sandbox), against ten bare `claude -p`
 * with the same scripts, in a plain clone. The model is a process of its own. Rounds of both alternate. With a model that
 * answers at once every millisecond that is added shows; one that thinks for a third of a second is still ten times faster than any.
 */
export async function run(): Promise<BenchRow[]> {
  const home = await makeHome({
    files: dayFiles(),
    tasks: dayTasks(),
    ...(existsSync(memory) ? { folder: memory } : {}),
  });
  try {
    return [await compare(home, 0, rounds), await compare(home, 300, 1)];
  } finally {
    home.remove();
  }
}

async function compare(home: BenchHome, thinksMs: number, times: number): Promise<BenchRow> {
  const model = await startPeer('day-peer.ts', [String(thinksMs)]);
  try {
    const env = { ...home.env, ANTHROPIC_BASE_URL: model.line, ANTHROPIC_API_KEY: key };
    await bareRun(home, env, taskIds[0] ?? '');
    const all: { day: number; bare: number; phases: Phases }[] = [];
    for (let round = 0; round < times; round += 1) {
      const { ms, phases } = await dayRun(home, env, join(home.root, `home-${thinksMs}-${round}`));
      let bare = 0;
      for (const task of taskIds) bare += await bareRun(home, env, task);
      all.push({ day: ms, bare, phases });
    }
    const ratios = all.map(({ day, bare }) => day / bare);
    const ratio = quantile(ratios, 0.5);
    const middle = all[ratios.indexOf(ratio)];
    for (const [name, ms] of Object.entries(middle?.phases ?? {})) {
      if (ms >= 50) console.log(`  where the day's time goes: ${name.padEnd(40)} ${seconds(ms)}`);
    }
    const thinks = thinksMs === 0 ? 'a model that answers at once' : `a model that thinks ${thinksMs} ms`;
    const range = times > 1 ? ` (rounds ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})` : '';
    return {
      name: `day: ${taskIds.length} tasks of ${callsATask} tool calls, 5,000 files, ${thinks}`,
      value: `${seconds(middle?.day ?? 0)}${range}`,
      baseline: `bare claude -p: ${seconds(middle?.bare ?? 0)}`,
      ratio,
      target: '<= 1.5 of bare',
      ok: ratio <= 1.5,
    };
  } finally {
    await model.stop();
  }
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;

/** One bare `claude -p` in a plain clone as git made it; resolves with its wall time. Making the clone is not counted. */
async function bareRun(home: BenchHome, env: Record<string, string>, task: string): Promise<number> {
  const root = join(home.root, 'bare');
  const [checkout, out] = [join(root, 'checkout'), join(root, 'out')];
  if (existsSync(checkout)) {
    await execa('git', ['reset', '--hard', '-q'], { cwd: checkout });
    await execa('git', ['clean', '-fdq'], { cwd: checkout });
  } else await execa('git', ['clone', '-q', home.project, checkout]);
  for (const folder of [out, join(root, 'cli')]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
  }
  const head = `Task: ${task}\nWorkspace: ${checkout}\nOut folder: ${out}\n\nChange the module and write it up.\n`;
  const start = performance.now();
  const { stdout } = await execa(
    'claude',
    [
      ...['-p', '--output-format', 'stream-json', '--verbose', '--session-id', randomUUID()],
      ...['--setting-sources', '', '--strict-mcp-config', '--disable-slash-commands'],
      ...['--permission-mode', 'dontAsk', '--allowedTools', 'Bash,Read,Edit,Write', '--add-dir', out],
    ],
    {
      cwd: checkout,
      env: {
        ...env,
        CLAUDE_CONFIG_DIR: join(root, 'cli'),
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        DISABLE_AUTOUPDATER: '1',
        CLAUDE_CODE_SHELL: '/bin/bash',
      },
      extendEnv: false,
      input: head,
    },
  );
  const ms = performance.now() - start;
  const failed = stdout.split('\n').filter((line) => line.includes('"is_error":true'));
  if (failed.length > 0) throw new Error(`a bare run went wrong: ${failed.join('\n')}`);
  mustBeDone(checkout, task);
  return ms;
}

/** A whole day in a home without a past, its journal on the disk. */
async function dayRun(
  home: BenchHome,
  env: Record<string, string>,
  folder: string,
): Promise<{ ms: number; phases: Phases }> {
  const paths = homePaths(folder);
  cpSync(home.paths.home, folder, { recursive: true });
  mkdirSync(join(folder, '.dayshift'), { recursive: true });
  const disk = mkdtempSync(join(tmpdir(), 'dayshift-bench-journal-'));
  // The home comes with the proof of its CLI; all else is written anew.
  cpSync(paths.journal, disk, { recursive: true });
  rmSync(paths.journal, { recursive: true });
  symlinkSync(disk, paths.journal);
  const began = Date.now();
  const start = performance.now();
  await execa(process.execPath, [dayshift, '--home', folder, 'run', DAY], { cwd: folder, env, extendEnv: false });
  const ms = performance.now() - start;
  const events: JournalEvent[] = [];
  for await (const event of readEvents(paths.journal, {})) if (Date.parse(event.at) >= began) events.push(event);
  for (const task of taskIds) mustBeDone(join(paths.workspaces, DAY, task, 'checkout'), task);
  rmSync(disk, { recursive: true });
  return { ms, phases: phasesOf(events, began, ms) };
}

function mustBeDone(checkout: string, task: string): void {
  if (!readFileSync(join(checkout, 'docs', `${task}.md`), 'utf8').startsWith(`# ${task}`))
    throw new Error(`${task} was not done`);
}

/** Milliseconds of a day by what they went to, all tasks together. */
type Phases = Record<string, number>;

/** The time between two events of a task counts for the later one's phase. */
function phasesOf(events: JournalEvent[], began: number, ms: number): Phases {
  const phases: Phases = {};
  const add = (name: string, time: number) => (phases[name] = (phases[name] ?? 0) + time);
  const at = (event: JournalEvent | undefined) => Date.parse(event?.at ?? '');
  const first = events[0];
  add('the program starts', at(first) - began);
  let last = at(first);
  const letGo = new Set<string>();
  let current: string | undefined;
  for (const event of events) {
    if (event.type === 'attempt.intended') current = event.task;
    // What ends while the next one is at work already.
    if (event.task !== undefined && letGo.has(event.task) && event.task !== current) continue;
    if (event.type === 'review.decided' && event.task !== undefined) letGo.add(event.task);
    // Made ahead, beside another task's work.
    const ahead = ['task.preparing', 'task.prepared'].includes(event.type);
    const start = event.type === 'workspace.checkpointed' && event.data.label === 'start';
    if ((ahead || start) && event.task !== taskIds[0]) continue;
    add(phaseOf(event), Math.max(0, at(event) - last));
    last = at(event);
  }
  add('the program ends', began + ms - last);
  return phases;
}

function phaseOf(event: JournalEvent): string {
  switch (event.type) {
    case 'task.preparing':
    case 'task.prepared':
      return 'preparing the first task';
    case 'attempt.intended':
      return 'between two tasks, prompt';
    case 'attempt.started':
      return 'door, policy, starting the sandbox';
    case 'agent.init':
      return 'the CLI starts';
    case 'workspace.checkpointed':
      return event.data.label === 'start'
        ? 'preparing the first task'
        : event.data.label.startsWith('checks')
          ? 'what changed, checkpoint of it'
          : 'the last CLI ends, checkpoint after it';
    case 'deliverables.looked':
      return 'looking at deliverables';
    case 'check.ran':
      return 'checks';
    case 'task.checking':
      return 'the Stop hook comes';
    case 'review.decided':
      return 'what the checks left, the verdict';
    case 'work.measured':
      return 'measuring the work';
    default:
      return event.type.startsWith('agent.') || event.type.startsWith('model.')
        ? 'model calls, tools, hooks'
        : `other: ${event.type}`;
  }
}

if (import.meta.main) console.table(await run());
