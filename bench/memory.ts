import { setTimeout as wait } from 'node:timers/promises';
import { makeHome } from './home.ts';
import { startPeer } from './peer.ts';
import { quantile, type BenchRow } from './row.ts';

const parked = 100;
const mostMb = 30;

/** What the daemon weighs with a day on which nothing is to be done, and with a hundred tasks that wait for a person. */
export async function run(): Promise<BenchRow[]> {
  const idle: number[] = [];
  const waiting: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    idle.push(await weigh('idle'));
    waiting.push(await weigh('parked'));
  }
  const [base, full] = [quantile(idle, 0.5), quantile(waiting, 0.5)];
  const more = full - base;
  const show = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  return [
    {
      name: `memory: the daemon with ${parked} parked tasks, more than idle`,
      value: `${show(more)} (${show(full)} in all)`,
      baseline: `idle: ${show(base)}`,
      ratio: full / base,
      target: `at most ${mostMb} MB more`,
      ok: more <= mostMb * 1e6,
    },
  ];
}

/** Resident memory in bytes of a daemon in a home of its own, once it has come to rest. */
async function weigh(how: 'idle' | 'parked'): Promise<number> {
  const ids = Array.from({ length: parked }, (_, n) => `task-${n + 1}`);
  const tasks = ids.map(
    (id) => `  - { id: ${id}, name: Paginate the list, description: As docs/PAGINATION.md says }\n`,
  );
  const home = await makeHome({ files: { 'README.md': '# Bench\n' }, tasks: `tasks:\n${tasks.join('')}` });
  try {
    const env = { ...home.env, ANTHROPIC_BASE_URL: 'http://127.0.0.1:9', NODE_OPTIONS: '--expose-gc' };
    const daemon = await startPeer('memory-peer.ts', [how], env);
    try {
      // It writes a file for each question first.
      await wait(2000);
      daemon.tell('measure');
      return Number(await daemon.next());
    } finally {
      await daemon.stop();
    }
  } finally {
    home.remove();
  }
}

if (import.meta.main) console.table(await run());
