import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request, type RequestOptions } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPeer } from './peer.ts';
import { noTarget, quantile, type BenchRow } from './row.ts';

/**
 * The model gateway against a direct connection: model, door and client are three processes, as in a real day. Direct
 * calls and calls through the door's socket alternate, so that the machine's moods meet both.
 */
export async function run(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-gateway-'));
  const model = await startPeer('gateway-peer.ts', ['upstream']);
  const door = await startPeer('gateway-peer.ts', ['door', model.line, folder]);
  const direct: Way = { host: '127.0.0.1', port: Number(new URL(model.line).port), agent: new Agent(kept) };
  const through: Way = { socketPath: door.line, agent: new Agent(kept) };
  try {
    return [await firstByte(direct, through), await throughput(direct, through), await most(direct, through)];
  } finally {
    direct.agent.destroy();
    through.agent.destroy();
    await Promise.all([model.stop(), door.stop()]);
    await rm(folder, { recursive: true });
  }
}

const kept = { keepAlive: true };

type Way = RequestOptions & { agent: Agent };

/** A request as a coding CLI makes them: most of it the conversation so far. */
const body = JSON.stringify({
  model: 'claude-sonnet-4-5',
  messages: Array.from({ length: 60 }, (_, i) => ({
    role: i % 2 === 0 ? 'user' : 'assistant',
    content: `${'const x = "a \\" quote";\n'.repeat(200)}${i}`,
  })),
  max_tokens: 32_000,
  stream: true,
});

async function firstByte(direct: Way, through: Way): Promise<BenchRow> {
  const rounds = 10;
  const callsARound = 40;
  const short = { events: 20 };
  for (let i = 0; i < 30; i++) await Promise.all([call(direct, short), call(through, short)]);
  const bases: number[] = [];
  const added: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const times: [number[], number[]] = [[], []];
    for (let i = 0; i < callsARound; i++) {
      times[0].push((await call(direct, short)).firstByteMs);
      times[1].push((await call(through, short)).firstByteMs);
    }
    const [without, withDoor] = times.map((list) => quantile(list, 0.5)) as [number, number];
    bases.push(without);
    added.push(withDoor - without);
  }
  const typical = quantile(added, 0.5);
  return {
    name: `gateway: added time to first byte, p50 (${rounds} rounds of ${callsARound} calls, ${Math.round(body.length / 1000)} kB each)`,
    value: `${typical.toFixed(2)} ms (rounds ${Math.min(...added).toFixed(2)} to ${Math.max(...added).toFixed(2)})`,
    baseline: `direct: ${quantile(bases, 0.5).toFixed(2)} ms`,
    target: '< 3 ms',
    ok: typical < 3,
  };
}

/** Agents at work: each stream as fast as a model of some 500 words a second, several times what there is. */
async function throughput(direct: Way, through: Way): Promise<BenchRow> {
  const streams = 20;
  const [without, withDoor] = await rates(direct, through, 5, streams, { events: 1000, pace: 500 });
  const ratio = withDoor / without;
  return {
    name: `gateway: throughput, ${streams} streams of 500 words a second`,
    value: `${withDoor.toFixed(2)} MB/s`,
    baseline: `direct: ${without.toFixed(2)} MB/s`,
    ratio,
    target: '>= 0.9 of direct',
    ok: ratio >= 0.9,
  };
}

/**
 * A model that sends as fast as it can, a write for each word: what the door can carry at all. For information: three
 * processes on two cores cannot reach what two do, and a hundred agents with the fastest of models need 7 MB/s.
 */
async function most(direct: Way, through: Way): Promise<BenchRow> {
  const [without, withDoor] = await rates(direct, through, 9, 4, { events: 10_000 });
  return {
    name: 'gateway: the most it can carry, 4 streams without pause',
    value: `${withDoor.toFixed(1)} MB/s`,
    baseline: `direct: ${without.toFixed(1)} MB/s`,
    ratio: withDoor / without,
    target: noTarget,
    ok: true,
  };
}

/** Median MB/s of both ways, a round each in turn. */
async function rates(
  direct: Way,
  through: Way,
  rounds: number,
  streams: number,
  answer: AnswerKind,
): Promise<[number, number]> {
  const rate = async (way: Way): Promise<number> => {
    const start = performance.now();
    const answers = await Promise.all(Array.from({ length: streams }, () => call(way, answer)));
    const bytes = answers.reduce((sum, one) => sum + one.bytes, 0);
    return bytes / 1e6 / ((performance.now() - start) / 1000);
  };
  const seen: [number[], number[]] = [[], []];
  for (let i = 0; i <= rounds; i++) {
    const pair = [await rate(direct), await rate(through)] as const;
    if (i === 0) continue; // warm now
    seen[0].push(pair[0]);
    seen[1].push(pair[1]);
  }
  return [quantile(seen[0], 0.5), quantile(seen[1], 0.5)];
}

interface AnswerKind {
  /** Deltas that the model streams. */
  events: number;
  /** Deltas a second; as fast as it can where absent. */
  pace?: number;
}

function call(way: Way, { events, pace }: AnswerKind): Promise<{ firstByteMs: number; bytes: number }> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    let firstByteMs = 0;
    let bytes = 0;
    const outgoing = request(
      {
        ...way,
        method: 'POST',
        path: '/v1/messages?beta=true',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'x-events': events,
          ...(pace === undefined ? {} : { 'x-pace': pace }),
        },
      },
      (response) => {
        response.on('data', (chunk: Buffer) => {
          if (bytes === 0) firstByteMs = performance.now() - start;
          bytes += chunk.length;
        });
        response.on('end', () => resolve({ firstByteMs, bytes }));
        response.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

if (import.meta.main) console.table(await run());
