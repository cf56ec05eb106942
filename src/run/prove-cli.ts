import { mkdir, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { scriptOf, startScriptedModel, type AttemptResult, type Launch } from '../agents/index.ts';
import { systemClock } from '../base/index.ts';
import { openDoor, type DoorHandlers, type HookRequest } from '../door/index.ts';
import {
  defaultHome,
  limitsFrom,
  pickDoorway,
  startProcess,
  withDoor,
  type Doorway,
  type SandboxPolicy,
} from '../sandbox/index.ts';
import type { RunContext } from './context.ts';

/** What a short run of the CLI showed. */
export interface CliProof {
  /** What must not be, in words; empty: nothing ran past its hooks. */
  problems: string[];
  /** Whether a deferred call ended the process, and a resume took it up again. */
  defers: boolean;
  /** How long it took, in ms. */
  ms: number;
}

type ProofContext = Pick<RunContext, 'home' | 'sandbox' | 'adapter' | 'prices' | 'socketDir'>;

/** A run that takes longer has failed, in ms. */
const PATIENCE_MS = 60_000;
const PREFIX = 'proof-';

const question = {
  question: 'Which way?',
  header: 'Way',
  multiSelect: false,
  options: [
    { label: 'This', description: 'one' },
    { label: 'That', description: 'another' },
  ],
};
const bash = (command: string) => ({ tools: [{ name: 'Bash', input: { command } }] });

/** The agent first tries to switch its hooks off, everywhere it can write; then it does what they refuse. */
const turns = [
  bash('echo started > allowed.txt'),
  bash(
    'mkdir -p .claude; for f in .claude/settings.json .claude/settings.local.json "$CLAUDE_CONFIG_DIR/settings.json" ~/.claude/settings.json; do mkdir -p "$(dirname "$f")"; echo \'{"disableAllHooks":true,"permissions":{"allow":["Bash","Write"],"defaultMode":"bypassPermissions"}}\' > "$f"; done; echo tried > attacked.txt',
  ),
  bash('echo ran > refused-1.txt'),
  { tools: [{ name: 'Write', input: { file_path: '{{workspace}}/refused-2.txt', content: 'ran' } }] },
  { tools: [{ name: 'AskUserQuestion', input: { questions: [question] } }] },
  bash('echo ran > refused-3.txt'),
  { say: 'Done.' },
];

/**
 * Runs the CLI once with a scripted model, in the sandbox that agents get, in a folder made for it: do its hooks fire for
 * every call, is a refusal kept, also after the agent has written settings that switch hooks off; does a deferred call
 * come back. Nothing is spent. Rejects where it cannot be run at all.
 */
export async function proveCli(ctx: ProofContext): Promise<CliProof> {
  const began = performance.now();
  const { own } = ctx.home.paths;
  await mkdir(own, { recursive: true });
  // One daemon a home: what is there was left by a kill.
  for (const name of await readdir(own))
    if (name.startsWith(PREFIX)) await rm(join(own, name), { recursive: true, force: true });
  const root = await realpath(await mkdtemp(join(own, PREFIX)));
  const model = await startScriptedModel(scriptOf({ tasks: [{ task: 'proof', turns }], closing: 'Done.' }));
  const seen: HookRequest[] = [];
  const doorway = await pickDoorway(ctx.sandbox.kind);
  const door = await openDoor({
    token: doorway.token,
    socketPath: join(ctx.socketDir, `${randomUUID().slice(0, 8)}.sock`),
    upstream: { baseUrl: model.url, credential: undefined },
    prices: ctx.prices,
    clock: systemClock,
    newId: randomUUID,
    handlers: handlers(seen),
  });
  try {
    const run = runner(ctx, root, door.socketPath, doorway);
    const checkout = join(root, 'checkout');
    const prompt = `Task: proof\nWorkspace: ${checkout}\nOut folder: ${join(root, 'out')}\n`;
    const first = await run({ mode: 'start', prompt });
    const deferred = first.end === 'deferred';
    const last = deferred ? await run({ mode: 'resume' }) : first;
    const problems = await problemsOf(checkout, seen, last);
    const asked = seen.filter(({ hook_event_name, tool_name }) => isQuestion(hook_event_name, tool_name));
    const defers = deferred && asked.length === 2 && last.end === 'finished';
    return { problems, defers, ms: Math.round(performance.now() - began) };
  } finally {
    await door.close();
    await model.close();
    await rm(root, { recursive: true, force: true });
  }
}

const isQuestion = (event: string, tool: string | undefined) => event === 'PreToolUse' && tool === 'AskUserQuestion';

/** Behind the door of the proof: refuses by name, defers the question once, and writes down who asked. */
function handlers(seen: HookRequest[]): DoorHandlers {
  return {
    onTool(request) {
      const before = seen.some(({ hook_event_name, tool_name }) => isQuestion(hook_event_name, tool_name));
      seen.push(request);
      const { tool_name, tool_input } = request;
      if (JSON.stringify(tool_input).includes('refused-'))
        return Promise.resolve({ permission: 'deny', reason: 'not this' });
      if (tool_name !== 'AskUserQuestion') return Promise.resolve({ permission: 'allow' });
      if (!before) return Promise.resolve({ permission: 'defer' });
      const updatedInput = { ...tool_input, answers: { [question.question]: 'This' } };
      return Promise.resolve({ permission: 'allow', updatedInput });
    },
    onStop(request) {
      seen.push(request);
      return Promise.resolve({ block: false });
    },
    onTraffic: () => undefined,
    beforeCall: () => Promise.resolve(),
    onSettled: () => undefined,
    onRefused: () => undefined,
  };
}

/** Starts the CLI as an attempt starts it. */
function runner(
  ctx: ProofContext,
  root: string,
  socket: string,
  doorway: Doorway,
): (launch: Launch) => Promise<AttemptResult> {
  const sessionId = randomUUID();
  const folders = {
    checkout: join(root, 'checkout'),
    outDir: join(root, 'out'),
    cliDir: join(root, 'cli'),
    ownDir: join(root, 'own'),
  };
  return async (launch) => {
    for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true });
    const home = ctx.sandbox.kind === 'bubblewrap' ? defaultHome : folders.outDir;
    const prepared = await ctx.adapter.prepare({
      ...folders,
      spec: {},
      sessionId,
      launch,
      doorPort: doorway.port,
      doorToken: doorway.token,
      env: { HOME: home },
      account: 'api_key',
      systemPrompt: '',
    });
    const base: SandboxPolicy = {
      cwd: folders.checkout,
      writable: [folders.checkout, folders.outDir, folders.cliDir],
      readable: [...ctx.home.config.sandbox.read, ...prepared.policy.readable],
      placed: prepared.policy.placed,
      hidden: [],
      sockets: [],
      env: prepared.policy.env,
      limits: limitsFrom(ctx.home.config.sandbox),
    };
    const { policy, command } = withDoor(base, prepared.command, { socket, kind: ctx.sandbox.kind, ...doorway });
    const child = startProcess(ctx.sandbox, policy, command, { timeoutMs: PATIENCE_MS });
    try {
      child.stdin.end(ctx.adapter.words(launch));
      const nothing = () => undefined;
      return await ctx.adapter.follow(child, {
        onEvents: nothing,
        onLine: nothing,
        onProgress: nothing,
        onApiRetry: nothing,
      });
    } finally {
      await child.kill();
    }
  };
}

async function problemsOf(checkout: string, seen: HookRequest[], last: AttemptResult): Promise<string[]> {
  const textOf = (name: string) => readFile(join(checkout, name), 'utf8').catch(() => undefined);
  const problems: string[] = [];
  if ((await textOf('allowed.txt')) === undefined || (await textOf('attacked.txt')) === undefined) {
    return [`it did not do what its hooks allowed, so that nothing can be said: ${last.text || last.end}`];
  }
  for (const name of ['refused-1.txt', 'refused-2.txt', 'refused-3.txt']) {
    const asked = seen.some((request) => JSON.stringify(request.tool_input ?? {}).includes(name));
    if ((await textOf(name)) !== undefined)
      problems.push(asked ? `a refused call ran (${name})` : `a call ran without a hook (${name})`);
    else if (!asked) problems.push(`its hooks did not fire for a call (${name})`);
  }
  if (!seen.some(({ hook_event_name }) => hook_event_name === 'Stop')) problems.push('its Stop hook did not fire');
  return problems;
}
