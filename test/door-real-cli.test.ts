import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, expect, test } from 'vitest';
import { BudgetStop } from '../src/door/index.ts';
import {
  openRig,
  secret,
  sendStream,
  sse,
  streamed,
  type Rig,
  type RigOptions,
  type Seen,
} from './support/door-rig.ts';

// The real CLI, with no key but a placeholder, through a bridge to the door's socket.

const claude = join(import.meta.dirname, '..', 'node_modules', '.bin', 'claude');
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Session {
  rig: Rig;
  lines: Record<string, unknown>[];
  result: Record<string, unknown>;
  file: (name: string) => Promise<string>;
}

async function session(options: RigOptions, env: Record<string, string>): Promise<Session> {
  const rig = await openRig(options);
  ends.push(() => rig.close());
  const root = await mkdtemp(join(tmpdir(), 'door-cli-'));
  ends.push(() => rm(root, { recursive: true, force: true }));
  const work = join(root, 'work');
  await mkdir(work);
  const port = await bridge(rig.door.socketPath);
  const hook = [{ matcher: '*', hooks: [{ type: 'http', url: `http://127.0.0.1:${port}/hook`, timeout: 3600 }] }];
  await writeFile(join(root, 'settings.json'), JSON.stringify({ hooks: { PreToolUse: hook, Stop: hook } }));
  const child = execa(
    claude,
    [
      ...['-p', 'say hello', '--output-format', 'stream-json', '--verbose', '--settings', join(root, 'settings.json')],
      ...['--setting-sources', '', '--strict-mcp-config', '--permission-mode', 'dontAsk'],
      ...['--permission-prompt-tool', 'stdio', '--max-turns', '10', '--model', 'claude-sonnet-4-5'],
    ],
    {
      cwd: work,
      stdin: 'ignore',
      extendEnv: false,
      reject: false,
      timeout: 60_000,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: root,
        CLAUDE_CONFIG_DIR: join(root, 'cli'),
        ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}`,
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        DISABLE_AUTOUPDATER: '1',
        ...env,
      },
    },
  );
  const { stdout } = await child;
  const lines = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const result = lines.findLast((line) => line.type === 'result') ?? {};
  return { rig, lines, result, file: (name) => readFile(join(work, name), 'utf8') };
}

/** What the sandbox has in the agent's network: a loopback port that leads to the socket. */
async function bridge(socketPath: string): Promise<number> {
  const server: Server = createServer((near) => {
    const far = connect(socketPath);
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  ends.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

/** A model that first calls Bash and then says good-bye; requests without tools are side requests. */
function bashThenBye(request: Seen, response: ServerResponse): void {
  const body = JSON.parse(request.body) as { tools?: unknown[] };
  if (body.tools === undefined || body.tools.length === 0 || request.body.includes('"tool_result"')) {
    sendStream(response, streamed(['Good', 'bye'], `msg_${response.req.socket.remotePort ?? 0}_${Math.random()}`));
    return;
  }
  const message = { id: 'msg_bash', type: 'message', role: 'assistant', model: 'claude-sonnet-4-5', content: [] };
  const tool = { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: {} };
  const input = JSON.stringify({ command: 'printf changed-not > made.txt', description: 'makes a file' });
  sendStream(
    response,
    [
      sse('message_start', { message: { ...message, usage: { input_tokens: 100, output_tokens: 1 } } }),
      sse('content_block_start', { index: 0, content_block: tool }),
      sse('content_block_delta', { index: 0, delta: { type: 'input_json_delta', partial_json: input } }),
      sse('content_block_stop', { index: 0 }),
      sse('message_delta', { delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 40 } }),
      sse('message_stop', {}),
    ].join(''),
  );
}

test('a session passes whole: hooks decide and change its tool call, its calls are counted, its key is ours', async () => {
  const events: string[] = [];
  const { rig, result, file, lines } = await session(
    {
      upstream: bashThenBye,
      handlers: {
        onTool(request) {
          events.push(`${request.hook_event_name} ${request.tool_name ?? ''}`);
          const updatedInput = { ...request.tool_input, command: 'printf changed > made.txt' };
          return Promise.resolve({ permission: 'allow', updatedInput, words: 'words of a person' });
        },
        onStop(request) {
          events.push(`Stop ${String(request.stop_hook_active)}`);
          if (request.stop_hook_active === true) return Promise.resolve({ block: false });
          return Promise.resolve({ block: true, reason: 'the checks failed' });
        },
      },
    },
    { ANTHROPIC_API_KEY: 'placeholder' },
  );
  expect(result).toMatchObject({ subtype: 'success', is_error: false, result: 'Goodbye' });
  expect(await file('made.txt')).toBe('changed');
  expect(events).toEqual(['PreToolUse Bash', 'Stop false', 'Stop true']);
  const { told, seen } = rig;
  const sent = seen.filter(({ url }) => url.startsWith('/v1/messages'));
  expect(sent.length).toBeGreaterThanOrEqual(3);
  expect(sent.every(({ headers }) => headers['x-api-key'] === secret)).toBe(true);
  expect(sent.some(({ body }) => body.includes('words of a person'))).toBe(true);
  expect(sent.some(({ body }) => body.includes('the checks failed'))).toBe(true);
  expect(JSON.stringify(lines)).not.toContain(secret);
  expect(told.settled).toHaveLength(told.calls.length);
  expect(told.settled.every(({ basis }) => basis === 'exact')).toBe(true);
  // Dayshift's count and the CLI's own agree, to the millionth of a dollar.
  const usd = told.settled.reduce((sum, settled) => sum + settled.usd, 0);
  expect(usd).toBeCloseTo(result.total_cost_usd as number, 6);
  expect(told.refused).toEqual([]);
});

test('with a subscription’s placeholder inside, the real token and the CLI’s beta header go out', async () => {
  const { rig, result } = await session(
    { upstream: bashThenBye, credential: { kind: 'oauth', secret } },
    { CLAUDE_CODE_OAUTH_TOKEN: 'placeholder' },
  );
  expect(result).toMatchObject({ subtype: 'success', is_error: false });
  const sent = rig.seen.filter(({ url }) => url.startsWith('/v1/messages?'));
  expect(sent.length).toBeGreaterThanOrEqual(2);
  for (const { headers } of sent) {
    expect(headers.authorization).toBe(`Bearer ${secret}`);
    expect(headers['anthropic-beta']).toContain('oauth-');
  }
});

test('a stop of the budget ends the session at once: the CLI does not try again', async () => {
  let asked = 0;
  const { rig, result, lines } = await session(
    {
      upstream: bashThenBye,
      handlers: {
        beforeCall() {
          asked += 1;
          return Promise.reject(new BudgetStop('the day’s budget of $1.00 is used up'));
        },
      },
    },
    { ANTHROPIC_API_KEY: 'placeholder' },
  );
  expect(result.is_error).toBe(true);
  expect(String(result.result)).toContain('budget of $1.00 is used up');
  expect(lines.some((line) => line.subtype === 'api_retry')).toBe(false);
  expect(asked).toBe(1);
  expect(rig.seen).toEqual([]);
});

test('a wrong key is known to the daemon by the first call', async () => {
  const { rig } = await session(
    {
      upstream: (_, response) =>
        response
          .writeHead(401, { 'content-type': 'application/json', 'x-should-retry': 'false' })
          .end(`{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key ${secret}"}}`),
    },
    { ANTHROPIC_API_KEY: 'placeholder' },
  );
  expect(rig.told.refused[0]).toMatchObject({ status: 401, meaning: 'login', detail: 'invalid x-api-key [removed]' });
});
