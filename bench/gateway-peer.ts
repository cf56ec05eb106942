import { open } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { systemClock } from '../src/base/index.ts';
import { builtInPrices } from '../src/budget/index.ts';
import { openDoor } from '../src/door/index.ts';

/**
 * The other processes of the gateway benchmark: `upstream` is a model on loopback that streams answers of `x-events`
 * deltas, `x-pace` a second; `door URL FOLDER` a door before it, as a daemon has it. Each prints one line when it is ready and
 * ends with its standard input.
 */
const [role = '', ...args] = process.argv.slice(2);
process.stdin.on('end', () => process.exit(0)).resume();
if (role === 'upstream') serveModel();
else await serveDoor(args[0] ?? '', args[1] ?? '');

function serveModel(): void {
  const server = createServer((request, response) => {
    const events = Number(request.headers['x-events'] ?? 1);
    const pace = Number(request.headers['x-pace'] ?? Infinity);
    request.resume();
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      response.write(first);
      let sent = 0;
      const start = performance.now();
      // One write an event, as a model does, with respect for the reader's pace and for its own.
      const go = (): void => {
        const due = Math.min(events, ((performance.now() - start) / 1000) * pace);
        while (sent < due) {
          sent += 1;
          if (!response.write(delta(sent))) {
            response.once('drain', go);
            return;
          }
        }
        if (sent >= events) response.end(last);
        else setTimeout(go, 1);
      };
      go();
    });
  });
  server.listen(0, '127.0.0.1', () => {
    console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
}

async function serveDoor(baseUrl: string, folder: string): Promise<void> {
  const log = await open(join(folder, 'log'), 'a');
  let ids = 0;
  const door = await openDoor({
    socketPath: join(folder, 'door.sock'),
    upstream: {
      baseUrl,
      credential: { kind: 'api_key', secret: 'sk-ant-api03-a-secret-of-usual-length-for-the-bench' },
    },
    prices: builtInPrices,
    clock: systemClock,
    newId: () => `c${++ids}`,
    handlers: {
      onTool: () => Promise.resolve({ permission: 'defer' }),
      onStop: () => Promise.resolve({ block: false }),
      onTraffic: () => undefined,
      // What a reservation costs: a line on disk before the call goes out.
      async beforeCall(call) {
        await log.appendFile(`${JSON.stringify(call)}\n`);
        await log.datasync();
      },
      onSettled: () => undefined,
      onRefused: (refusal) => console.error(refusal),
    },
  });
  console.log(door.socketPath);
}

function sse(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

const first = sse('message_start', {
  message: {
    id: 'msg_01',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5-20250929',
    content: [],
    usage: { input_tokens: 12, output_tokens: 1, cache_read_input_tokens: 50_000, cache_creation_input_tokens: 900 },
  },
});
const last = [
  sse('content_block_stop', { index: 0 }),
  sse('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 500 } }),
  sse('message_stop', {}),
].join('');

function delta(n: number): string {
  return sse('content_block_delta', { index: 0, delta: { type: 'text_delta', text: ` and word number ${n}` } });
}
