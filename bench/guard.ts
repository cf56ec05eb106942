import { parse as parseShell } from 'unbash';
import { setting } from '../src/guard/corpus/setting.ts';
import { decide } from '../src/guard/index.ts';
import { hostile } from './hostile.ts';
import { quantile, type BenchRow } from './row.ts';
import { corpusCases } from '../src/guarding/corpus.ts';

const rounds = 20;

/**
 * Milliseconds that `body` takes of its thread: at most what passes by the clock (which counts other programs along),
 * and at most the processor time of the process (which counts the compiler's and the collector's threads along).
 */
function timed(body: () => void): number {
  const start = performance.now();
  const before = process.cpuUsage();
  body();
  const { user, system } = process.cpuUsage(before);
  return Math.min(performance.now() - start, (user + system) / 1000);
}

const judge = (command: string): void =>
  void decide({ tool: 'Bash', input: { command }, cwd: setting.workspace }, setting);

/** The guard's decisions in process: on every command of the corpus up to 2 KB, and on long ones; the bare parser is the baseline. */
export function run(): Promise<BenchRow[]> {
  const commands = corpusCases()
    .map(({ command }) => command)
    .filter((command) => command.length <= 2048);
  const [mine, bare]: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round += 1) {
    for (const command of commands) {
      const parsed = timed(() => void parseShell(command));
      const decided = timed(() => {
        judge(command);
      });
      // The first round is the compiler's.
      if (round === 0) continue;
      bare.push(parsed);
      mine.push(decided);
    }
  }
  const p99 = quantile(mine, 0.99);
  const base = quantile(bare, 0.99);
  const line = 'grep -rn "git commit" src | head -20 && echo "done: $x" > out.txt\n';
  const long = (bytes: number): number => {
    const command = `x=1\n${`echo ${'a'.repeat(60)}\n`.repeat(4)}cat <<'E'\n${line.repeat(Math.floor((bytes - 300) / line.length))}E\n`;
    judge(command);
    return quantile(
      Array.from({ length: 15 }, () =>
        timed(() => {
          judge(command);
        }),
      ),
      0.5,
    );
  };
  const many = (bytes: number): number => {
    const command = line.repeat(Math.floor(bytes / line.length)).slice(0, 65_536);
    judge(command);
    return quantile(
      Array.from({ length: 9 }, () =>
        timed(() => {
          judge(command);
        }),
      ),
      0.5,
    );
  };
  const [written, half, whole] = [long(64_000), many(32_000), many(64_000)];
  const [kind, slowest, sixteenth] = worstOf();
  return Promise.resolve([
    {
      name: `guard: a decision, commands up to 2 KB (p99 of ${mine.length})`,
      value: `${p99.toFixed(3)} ms`,
      baseline: `bare parse: ${base.toFixed(3)} ms`,
      ratio: p99 / base,
      target: '< 0.2 ms',
      ok: p99 < 0.2,
    },
    {
      name: 'guard: 64 KB, a heredoc',
      value: `${written.toFixed(1)} ms`,
      baseline: '',
      target: '< 20 ms',
      ok: written < 20,
    },
    {
      name: 'guard: 64 KB, a thousand lines',
      value: `${whole.toFixed(1)} ms`,
      baseline: `32 KB: ${half.toFixed(1)} ms`,
      ratio: whole / half,
      target: '< 20 ms',
      ok: whole < 20,
    },
    {
      name: `guard: 64 KB that are made to take long (the worst of ${Object.keys(hostile).length} kinds: ${kind})`,
      value: `${slowest.toFixed(1)} ms`,
      baseline: `4 KB of it: ${sixteenth.toFixed(1)} ms`,
      ratio: slowest / sixteenth,
      target: '< 100 ms',
      ok: slowest < 100,
    },
  ]);
}

/** The hostile command of 64 KB that takes longest: its kind, how long it takes, and how long one of 4 KB does. */
function worstOf(): [kind: string, whole: number, sixteenth: number] {
  const times = (command: string): number =>
    quantile(
      Array.from({ length: 5 }, () => timed(() => judge(command))),
      0.5,
    );
  return Object.entries(hostile)
    .map(([kind, make]): [string, number, number] => [kind, times(make(64_000)), times(make(4000))])
    .reduce((worst, one) => (one[1] > worst[1] ? one : worst));
}

if (import.meta.main) console.table(await run());
