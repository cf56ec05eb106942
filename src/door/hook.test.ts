import { afterEach, expect, test } from 'vitest';
import { openRig, until, type Rig, type RigOptions } from '../../test/support/door-rig.ts';
import type { HookRequest, ToolVerdict } from './types.ts';

const opened: Rig[] = [];

async function hooks(handlers: RigOptions['handlers'] = {}): Promise<(body: unknown) => Promise<unknown>> {
  const rig = await openRig({ handlers });
  opened.push(rig);
  return async (body) => {
    const answer = await rig.post('/hook', body);
    expect(answer.status).toBe(200);
    return JSON.parse(answer.body) as unknown;
  };
}

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const bash = {
  session_id: 's',
  transcript_path: '/t',
  cwd: '/w',
  permission_mode: 'dontAsk',
  hook_event_name: 'PreToolUse',
  tool_name: 'Bash',
  tool_input: { command: 'ls' },
  tool_use_id: 'toolu_1',
};

const denied = {
  hookSpecificOutput: {
    hookEventName: 'PreToolUse',
    permissionDecision: 'deny',
    permissionDecisionReason: expect.any(String) as string,
  },
};

test('a tool call is allowed, changed, denied with its reason, or deferred', async () => {
  const seen: HookRequest[] = [];
  const hook = await hooks({
    onTool(request) {
      seen.push(request);
      switch (request.tool_input?.command) {
        case 'ls':
          return Promise.resolve({ permission: 'allow', updatedInput: { command: 'ls -a' }, reason: 'fine' });
        case 'git commit':
          return Promise.resolve({ permission: 'deny', reason: 'Dayshift commits' });
        default:
          return Promise.resolve({ permission: 'defer' });
      }
    },
  });
  expect(await hook(bash)).toEqual({
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'allow',
      permissionDecisionReason: 'fine',
      updatedInput: { command: 'ls -a' },
    },
  });
  expect(await hook({ ...bash, tool_input: { command: 'git commit' } })).toEqual({
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'deny',
      permissionDecisionReason: 'Dayshift commits',
    },
  });
  expect(await hook({ ...bash, tool_input: {} })).toEqual({
    hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'defer' },
  });
  expect(seen[0]).toMatchObject({ session_id: 's', cwd: '/w', tool_name: 'Bash', tool_use_id: 'toolu_1' });
});

test.each([
  ['no JSON', '{"session'],
  ['no event', { tool_name: 'Bash' }],
  ['no object', [1]],
  ['no tool', { ...bash, tool_name: 7 }],
  ['no input', { ...bash, tool_input: 'ls' }],
  ['too much', { ...bash, tool_input: { command: 'x'.repeat(11_000_000) } }],
  ['a text that claims to be a stop', `{"tool_name":"Bash","tool_input":{"command":"\\"hook_event_name\\":\\"Stop\\""`],
])('a call with %s is denied', async (_, body) => {
  const hook = await hooks({ onTool: () => Promise.reject(new Error('must not be asked')) });
  expect(await hook(body)).toEqual(denied);
});

test('a judge that fails is a deny', async () => {
  const hook = await hooks({ onTool: () => Promise.reject(new Error('broken')) });
  expect(await hook(bash)).toEqual(denied);
});

test('words for the agent come with the verdict, allowed or not', async () => {
  const verdicts: ToolVerdict[] = [
    { permission: 'allow', words: 'use tabs' },
    { permission: 'deny', reason: 'no', words: 'use tabs' },
  ];
  const hook = await hooks({ onTool: () => Promise.resolve(verdicts.shift() ?? { permission: 'defer' }) });
  for (const permissionDecision of ['allow', 'deny']) {
    expect(await hook(bash)).toMatchObject({
      hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision, additionalContext: 'use tabs' },
    });
  }
});

test('the agent may stop, is sent back, and may stop where the gate fails', async () => {
  const answers = [
    () => Promise.resolve({ block: false } as const),
    () => Promise.resolve({ block: true, reason: 'npm test fails' } as const),
    () => Promise.reject(new Error('broken')),
  ];
  const hook = await hooks({ onStop: () => answers.shift()?.() ?? Promise.resolve({ block: false }) });
  const stop = { hook_event_name: 'Stop', session_id: 's', stop_hook_active: false };
  expect(await hook(stop)).toEqual({});
  expect(await hook(stop)).toEqual({ decision: 'block', reason: 'npm test fails' });
  expect(await hook(stop)).toEqual({});
});

test.each(['SubagentStop', 'SessionEnd', 'SomethingNew'])('%s gets no opinion', async (hook_event_name) => {
  const hook = await hooks();
  expect(await hook({ hook_event_name })).toEqual({});
});

test('a held hook hears that its client went away', async () => {
  let held = false;
  let heard = false;
  const rig = await openRig({
    handlers: {
      onTool: (_, signal) =>
        new Promise((resolve) => {
          held = true;
          signal.addEventListener('abort', () => {
            heard = true;
            resolve({ permission: 'defer' });
          });
        }),
    },
  });
  opened.push(rig);
  const client = rig.begin('/hook', bash);
  await until(() => held, 'the hook');
  client.leave();
  await client.answer.catch(() => undefined);
  await until(() => heard, 'the news');
});
