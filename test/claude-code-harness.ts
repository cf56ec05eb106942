import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import {
  claudeCode,
  scriptOf,
  startScriptedModel,
  type AttemptInput,
  type AttemptResult,
  type Launch,
  type ScriptInput,
  type ScriptedModel,
} from '../src/agents/index.ts';
import type { EventData, EventType, NewEvent, TaskSpec } from '../src/journal/index.ts';
import { taskSpec } from '../src/journal/spec.testing.ts';
import { noLimits, noSandbox, startProcess, type SandboxedProcess } from '../src/sandbox/index.ts';

/** A hook's request, as far as these tests look at it. */
export interface Hook {
  hook_event_name: string;
  tool_name?: string;
  tool_use_id?: string;
  agent_id?: string;
  tool_input?: Record<string, unknown>;
  stop_hook_active?: boolean;
}

/** What one run of the CLI came to. */
interface Ran {
  result: AttemptResult;
  events: NewEvent[];
  lines: string[];
  retries: { attempt: number; status: number | null; error: string }[];
}

export interface Lab {
  root: string;
  checkout: string;
  out: string;
  model: ScriptedModel;
  hooks: Hook[];
  /** Answers hooks; may be exchanged in mid-test. Default: every tool call is allowed. */
  answer: (hook: Hook) => unknown;
  run(
    launch: Launch,
    options?: Partial<Pick<AttemptInput, 'account' | 'systemPrompt' | 'sessionId' | 'doorPort' | 'env'>> & {
      spec?: Partial<TaskSpec>;
      onRetry?: (process: SandboxedProcess) => void;
      onEvent?: (event: NewEvent, process: SandboxedProcess) => void;
    },
  ): Promise<Ran>;
  sessionId: string;
  close(): Promise<void>;
}

export const allow = {
  hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'allow' },
};

/** The real CLI with a scripted model and a hook server of the test's, without a sandbox. */
export async function openLab(script: ScriptInput): Promise<Lab> {
  const root = await mkdtemp(join(tmpdir(), 'dayshift-claude-'));
  const folders = {
    checkout: join(root, 'checkout'),
    out: join(root, 'out'),
    cli: join(root, 'cli'),
    own: join(root, 'own'),
  };
  for (const folder of [...Object.values(folders), join(root, 'home')]) await mkdir(folder, { recursive: true });
  const model = await startScriptedModel(scriptOf(script));
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const hook = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Hook;
      lab.hooks.push(hook);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(lab.answer(hook)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const adapter = await claudeCode({ command: 'node_modules/.bin/claude', env: process.env });
  const lab: Lab = {
    root,
    checkout: folders.checkout,
    out: folders.out,
    model,
    hooks: [],
    answer: (hook) => (hook.hook_event_name === 'PreToolUse' ? allow : {}),
    sessionId: randomUUID(),
    async run(launch, options = {}) {
      const prepared = await adapter.prepare({
        spec: { ...spec, ...options.spec },
        sessionId: options.sessionId ?? lab.sessionId,
        launch,
        checkout: folders.checkout,
        outDir: folders.out,
        cliDir: folders.cli,
        ownDir: folders.own,
        doorPort: options.doorPort ?? (server.address() as AddressInfo).port,
        env: options.env ?? {},
        account: options.account ?? 'api_key',
        systemPrompt: options.systemPrompt ?? '',
      });
      const child = startProcess(
        noSandbox(),
        {
          cwd: folders.checkout,
          writable: [root],
          readable: prepared.policy.readable,
          placed: [],
          hidden: [],
          sockets: [],
          env: { ...prepared.policy.env, HOME: join(root, 'home'), ANTHROPIC_BASE_URL: model.url },
          limits: noLimits,
        },
        prepared.command,
      );
      const ran: Omit<Ran, 'result'> = { events: [], lines: [], retries: [] };
      child.stdin.end(adapter.words(launch));
      const result = await adapter.follow(child, {
        onEvents(events) {
          ran.events.push(...events);
          for (const event of events) options.onEvent?.(event, child);
        },
        onLine: (line) => ran.lines.push(line),
        onProgress: () => undefined,
        onApiRetry(retry) {
          ran.retries.push(retry);
          options.onRetry?.(child);
        },
      });
      return { ...ran, result };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await model.close();
      // A killed CLI may still be writing its last lines.
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return lab;
}

/** The data of all events of a type, in order. */
export function dataOf<T extends EventType>(events: NewEvent[], type: T): EventData<T>[] {
  return events.filter((event) => event.type === type).map((event) => event.data as EventData<T>);
}

const spec = taskSpec('t-1', { name: 'A task', timeoutMinutes: 10, retries: 0 });
