import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { goOnPrompt, rehearsalScript, type ScriptInput } from '../src/agents/index.ts';
import { allow, dataOf, openLab, type Hook, type Lab } from './claude-code-harness.ts';

type Turns = ScriptInput['tasks'][number]['turns'];

const labs: Lab[] = [];

async function labWith(turns: Turns): Promise<Lab> {
  const lab = await openLab({ tasks: [{ task: 't-1', turns }], closing: 'All done.' });
  labs.push(lab);
  return lab;
}

function start(lab: Lab, more = ''): { mode: 'start'; prompt: string } {
  return { mode: 'start', prompt: `Task: t-1\nWorkspace: ${lab.checkout}\nOut folder: ${lab.out}\n\n${more}` };
}

afterEach(async () => {
  for (const lab of labs.splice(0)) await lab.close();
});

const question = {
  questions: [
    {
      question: 'Which pattern?',
      header: 'Pattern',
      multiSelect: false,
      options: [
        { label: 'Weddings', description: 'as there' },
        { label: 'Pagination', description: 'the newer one' },
      ],
    },
  ],
};

const defer = { hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'defer' } };

/** What the hook answers for a question that a person answered. */
function answered(hook: Hook, answer: string): unknown {
  const updatedInput = { ...hook.tool_input, answers: { 'Which pattern?': answer } };
  return { hookSpecificOutput: { ...allow.hookSpecificOutput, updatedInput } };
}

/** Allows every call but questions, which `answer` decides. */
function questionHook(answer: (hook: Hook) => unknown): (hook: Hook) => unknown {
  return (hook) => {
    if (hook.hook_event_name !== 'PreToolUse') return {};
    return hook.tool_name === 'AskUserQuestion' ? answer(hook) : allow;
  };
}

const bash = (command: string) => ({ name: 'Bash', input: { command } });

test('a session of four turns becomes events, and every call and the end pass the hooks', async () => {
  const lab = await labWith([
    { say: 'I look first.', tools: [bash('echo one')] },
    { tools: [{ name: 'Write', input: { file_path: '{{workspace}}/a.txt', content: 'alpha\n' } }] },
    { tools: [{ name: 'Edit', input: { file_path: '{{workspace}}/a.txt', old_string: 'alpha', new_string: 'beta' } }] },
    { say: 'Finished.' },
  ]);
  const { result, events, lines } = await lab.run(start(lab));
  expect(result).toMatchObject({ end: 'finished', exitCode: 0, text: 'Finished.', resumeImpossible: false });
  expect(result.turns).toBeGreaterThan(0);
  expect(await readFile(join(lab.checkout, 'a.txt'), 'utf8')).toBe('beta\n');
  expect(dataOf(events, 'agent.init')).toMatchObject([{ sessionId: lab.sessionId, apiKeySource: 'ANTHROPIC_API_KEY' }]);
  expect(dataOf(events, 'agent.said').map(({ text }) => text)).toEqual(['I look first.', 'Finished.']);
  expect(dataOf(events, 'agent.tool').map(({ tool, input }) => [tool, input])).toEqual([
    ['Bash', 'echo one'],
    ['Write', join(lab.checkout, 'a.txt')],
    ['Edit', join(lab.checkout, 'a.txt')],
  ]);
  expect(dataOf(events, 'agent.tool_result').map(({ ok }) => ok)).toEqual([true, true, true]);
  const seen = lab.hooks.map((hook) => [hook.hook_event_name, hook.tool_name].filter(Boolean).join(' '));
  expect(seen).toEqual(['PreToolUse Bash', 'PreToolUse Write', 'PreToolUse Edit', 'Stop', 'SessionEnd']);
  expect(lines.every((line) => line.startsWith('{'))).toBe(true);
});

test('tool calls made in parallel are each asked about, and each has its result', async () => {
  const lab = await labWith([{ tools: [bash('echo one'), bash('echo two'), bash('exit 3')] }, { say: 'End.' }]);
  const { events } = await lab.run(start(lab));
  expect(dataOf(events, 'agent.tool').map(({ input }) => input)).toEqual(['echo one', 'echo two', 'exit 3']);
  expect(dataOf(events, 'agent.tool_result').map(({ ok }) => ok)).toEqual([true, true, false]);
  expect(lab.hooks.filter((hook) => hook.hook_event_name === 'PreToolUse')).toHaveLength(3);
});

test('words beside a verdict reach the model: with the result of what is allowed or answered, with the refusal of what is not', async () => {
  const lab = await labWith([
    { tools: [bash('echo one')] },
    { tools: [bash('echo two')] },
    { tools: [{ name: 'AskUserQuestion', input: question }] },
    { say: 'End.' },
  ]);
  let calls = 0;
  lab.answer = (hook) => {
    if (hook.hook_event_name !== 'PreToolUse') return {};
    calls += 1;
    const verdict = calls === 2 ? { permissionDecision: 'deny', permissionDecisionReason: 'not this' } : {};
    const { hookSpecificOutput } = (calls === 3 ? answered(hook, 'Pagination') : allow) as typeof allow;
    return { hookSpecificOutput: { ...hookSpecificOutput, ...verdict, additionalContext: `[message ${calls}]` } };
  };
  expect((await lab.run(start(lab))).result.end).toBe('finished');
  const bodies = lab.model.requests.filter(({ task }) => task === 't-1').map(({ body }) => JSON.stringify(body));
  const heard = bodies.map((body) => [1, 2, 3].filter((n) => body.includes(`[message ${n}]`)));
  expect(heard).toEqual([[], [1], [1, 2], [1, 2, 3]]);
});

test('a deferred question ends the process, and the answer resumes it where it asked', async () => {
  const lab = await labWith([
    { tools: [bash('echo before')] },
    { say: 'I must ask.', tools: [{ name: 'AskUserQuestion', input: question }] },
    { say: 'I take {{last_answer}}.' },
  ]);
  const asked: Hook[] = [];
  lab.answer = questionHook((hook) => {
    asked.push(hook);
    return defer;
  });
  const first = await lab.run(start(lab));
  expect(first.result).toMatchObject({ end: 'deferred', exitCode: 0, toolUseId: asked[0]?.tool_use_id });
  expect(dataOf(first.events, 'agent.tool').at(-1)).toMatchObject({ tool: 'AskUserQuestion', input: 'Which pattern?' });

  lab.answer = questionHook((hook) => {
    asked.push(hook);
    return answered(hook, 'Pagination');
  });
  const second = await lab.run({ mode: 'resume' });
  expect(second.result).toMatchObject({ end: 'finished', text: 'I take Pagination.' });
  expect(asked.map((hook) => hook.tool_use_id)).toEqual([first.result.toolUseId, first.result.toolUseId]);

  const third = await lab.run({ mode: 'resume' });
  expect(third.result).toMatchObject({ end: 'failed', resumeImpossible: true, turns: 0 });
  const fourth = await lab.run({ mode: 'prompt', prompt: 'Anything else?' });
  expect(fourth.result).toMatchObject({ end: 'finished', text: 'All done.' });
});

test('a question beside another call in one turn is deferred too', async () => {
  const lab = await labWith([
    { tools: [bash('echo beside >> log'), { name: 'AskUserQuestion', input: question }] },
    { say: 'I take {{last_answer}}.' },
  ]);
  lab.answer = questionHook(() => defer);
  const first = await lab.run(start(lab));
  expect(first.result.end).toBe('deferred');
  lab.answer = questionHook((hook) => answered(hook, 'Weddings'));
  const second = await lab.run({ mode: 'resume' });
  expect(second.result).toMatchObject({ end: 'finished', text: 'I take Weddings.' });
  expect(await readFile(join(lab.checkout, 'log'), 'utf8')).toBe('beside\n');
});

test('a deferred question can be answered by a prompt as well', async () => {
  const lab = await labWith([
    { tools: [{ name: 'AskUserQuestion', input: question }] },
    { say: 'I take {{last_answer}}.' },
  ]);
  lab.answer = questionHook(() => defer);
  await lab.run(start(lab));
  const prompt = goOnPrompt('answer', ['The answer to your question:\nB) Pagination']);
  expect((await lab.run({ mode: 'prompt', prompt })).result.text).toBe('I take Pagination.');
});

test('a session that is not known makes the resume impossible, with a prompt or without', async () => {
  const lab = await labWith([]);
  for (const launch of [{ mode: 'resume' } as const, { mode: 'prompt', prompt: 'Go on.' } as const]) {
    const { result } = await lab.run(launch, { sessionId: randomUUID() });
    expect(result).toMatchObject({ resumeImpossible: true, turns: 0 });
    expect(result.text).toContain('No conversation found');
  }
});

test('a start whose session exists already goes on with it', async () => {
  const lab = await labWith([{ say: 'First.' }, { say: 'Second.' }]);
  expect((await lab.run(start(lab))).result.text).toBe('First.');
  expect((await lab.run(start(lab))).result.text).toBe('Second.');
});

test('a limit of turns ends the attempt as such', async () => {
  const lab = await labWith([{ tools: [bash('echo n')], repeat: 9 }]);
  const { result } = await lab.run(start(lab), { spec: { maxTurns: 2 } });
  expect(result).toMatchObject({ end: 'max_turns', resumeImpossible: false });
});

test('a refused login is told with the first retry, and a kill leaves the attempt lost', async () => {
  const lab = await labWith([
    { error: { status: 401, type: 'authentication_error', message: 'invalid x-api-key', times: 'always' } },
  ]);
  const { result, retries, events } = await lab.run(start(lab), { onRetry: (child) => void child.kill() });
  expect(retries).toEqual([{ attempt: 1, status: 401, error: 'authentication_failed' }]);
  expect(dataOf(events, 'agent.retrying')).toEqual(retries);
  expect(result).toMatchObject({ end: 'lost', resumeImpossible: false });
});

test('after a 429 the CLI tries again by itself', async () => {
  const lab = await labWith([
    {
      error: { status: 429, type: 'rate_limit_error', message: 'slow down', headers: { 'retry-after': '0' } },
      say: 'Now.',
    },
  ]);
  const { result, retries } = await lab.run(start(lab));
  expect(retries).toEqual([{ attempt: 1, status: 429, error: 'rate_limit' }]);
  expect(result).toMatchObject({ end: 'finished', text: 'Now.' });
});

test('a stream that breaks in its middle is asked for again', async () => {
  const lab = await labWith([{ say: 'Words that break off somewhere in the middle of it all.', cut: 1 }]);
  const { result, retries } = await lab.run(start(lab));
  expect(result).toMatchObject({ end: 'finished', text: 'Words that break off somewhere in the middle of it all.' });
  expect(retries).toHaveLength(1);
  expect(lab.model.requests.map((request) => request.turn)).toEqual([0, 0]);
});

test('a stop that is blocked sends the agent on in the same process', async () => {
  const lab = await labWith([
    { say: 'I think I am done.' },
    { when: 'tests fail', then: [{ tools: [bash('touch fixed')] }, { say: 'Fixed.' }], else: [] },
  ]);
  let blocked = 0;
  lab.answer = (hook) => {
    if (hook.hook_event_name !== 'Stop') return allow;
    if (existsSync(join(lab.checkout, 'fixed'))) return {};
    blocked += 1;
    return { decision: 'block', reason: 'The tests fail: 1 of 3.' };
  };
  const { result } = await lab.run(start(lab));
  expect(result).toMatchObject({ end: 'finished', text: 'Fixed.' });
  expect(blocked).toBe(1);
});

test.each(['api_key', 'oauth'] as const)('the credential inside is a placeholder: %s', async (account) => {
  const lab = await labWith([{ tools: [bash('env | grep -E "KEY|TOKEN|HELLO" | sort')] }, { say: 'End.' }]);
  const env = { ANTHROPIC_API_KEY: 'of-the-project', CLAUDE_CODE_OAUTH_TOKEN: 'of-the-person', HELLO: 'there' };
  const { events } = await lab.run(start(lab), { account, env });
  const headers = lab.model.requests[0]?.headers ?? {};
  const placeholder = 'placeholder-the-door-has-the-key';
  if (account === 'api_key') {
    expect(headers).toMatchObject({ 'x-api-key': placeholder });
    expect(headers).not.toHaveProperty('authorization');
  } else {
    expect(headers).toMatchObject({ authorization: `Bearer ${placeholder}` });
    expect(headers['anthropic-beta']).toContain('oauth-');
    expect(headers).not.toHaveProperty('x-api-key');
  }
  const seen = dataOf(events, 'agent.tool_result')[0]?.text ?? '';
  expect(seen).toContain('HELLO=there');
  expect(seen).not.toContain('of-the-');
});

test('a prompt of 200 KB that begins with a dash arrives whole', async () => {
  const lab = await openLab({ tasks: [{ match: 'the very end', turns: [{ say: 'Read it.' }] }] });
  labs.push(lab);
  const prompt = `--help\n${'x'.repeat(200_000)}\nthe very end`;
  const { result } = await lab.run({ mode: 'start', prompt });
  expect(result.text).toBe('Read it.');
});

test('an agent cannot switch the hooks off by settings in its workspace', async () => {
  const lab = await labWith([
    // The CLI itself refuses a redirection to that path: an agent that means it goes round that.
    {
      tools: [
        bash(
          `sh -c 'd=.cla''ude; mkdir -p $d; echo "{\\"disableAllHooks\\":true}" > $d/settings.local.json; cat $d/*; cp $d/settings.local.json $d/settings.json; cp $d/*.json $CLAUDE_CONFIG_DIR/'`,
        ),
      ],
    },
    // The CLI watches its settings and takes new ones after a second or two.
    { delay_ms: 3000, tools: [bash('touch escaped')] },
    { say: 'End.' },
  ]);
  lab.answer = (hook) =>
    JSON.stringify(hook.tool_input ?? {}).includes('escaped')
      ? {
          hookSpecificOutput: {
            hookEventName: 'PreToolUse',
            permissionDecision: 'deny',
            permissionDecisionReason: 'No.',
          },
        }
      : allow;
  const { events } = await lab.run(start(lab));
  expect(existsSync(join(lab.checkout, '.claude', 'settings.local.json'))).toBe(true);
  expect(existsSync(join(lab.root, 'cli', 'settings.json'))).toBe(true);
  expect(existsSync(join(lab.checkout, 'escaped'))).toBe(false);
  const asked = lab.hooks.filter(({ hook_event_name }) => hook_event_name === 'PreToolUse');
  expect(asked.map(({ tool_input }) => tool_input?.command)).toContain('touch escaped');
  expect(dataOf(events, 'agent.tool_result').map(({ ok }) => ok)).toEqual([true, false]);
});

test('with nobody at the hooks nothing runs', async () => {
  const lab = await labWith([{ tools: [bash('touch ran')] }, { say: 'End.' }]);
  const { result } = await lab.run(start(lab), { doorPort: 9 });
  expect(result.end).toBe('finished');
  expect(existsSync(join(lab.checkout, 'ran'))).toBe(false);
});

test('a killed session goes on by a prompt after its last completed step', async () => {
  const lab = await labWith([
    { tools: [bash('echo one >> log')] },
    { tools: [bash('echo two >> log')] },
    { tools: [bash('echo three >> log')] },
    { say: 'End.' },
  ]);
  let calls = 0;
  const first = await lab.run(start(lab), {
    onEvent: (event, child) => {
      if (event.type === 'agent.tool' && (calls += 1) === 2) void child.kill();
    },
  });
  expect(first.result).toMatchObject({ end: 'lost', resumeImpossible: false });
  const second = await lab.run({ mode: 'prompt', prompt: goOnPrompt('interrupted') });
  expect(second.result).toMatchObject({ end: 'finished', text: 'End.' });
  // The CLI writes its transcript a little late: what it had just done may be done again, but nothing is left out.
  const log = (await readFile(join(lab.checkout, 'log'), 'utf8')).trim().split('\n');
  expect([...new Set(log)]).toEqual(['one', 'two', 'three']);
});

test('a subagent’s calls are asked about and told like any other', async () => {
  const lab = await openLab({
    tasks: [
      {
        task: 't-1',
        turns: [
          {
            tools: [
              {
                name: 'Agent',
                input: { description: 'Count files', prompt: 'Sub: count them', subagent_type: 'general-purpose' },
              },
            ],
          },
          { say: 'It counted.' },
        ],
      },
      { match: 'Sub: count them', turns: [{ tools: [bash('echo by the subagent')] }, { say: 'Counted 7.' }] },
    ],
  });
  labs.push(lab);
  const { result, events } = await lab.run(start(lab));
  expect(result.text).toBe('It counted.');
  const tools = dataOf(events, 'agent.tool').map(({ tool, input }) => `${tool}: ${input}`);
  expect(tools).toEqual(['Agent: Count files', 'Bash: echo by the subagent']);
  const hook = lab.hooks.find(
    ({ hook_event_name, tool_name }) => hook_event_name === 'PreToolUse' && tool_name === 'Bash',
  );
  expect(hook?.agent_id).toBeDefined();
  expect(lab.hooks.some(({ hook_event_name }) => hook_event_name === 'SubagentStop')).toBe(true);
});

test('what makes no sense in a shift is not offered, and house rules reach the model', async () => {
  const lab = await labWith([{ say: 'End.' }]);
  await lab.run(start(lab, 'look at @/etc/passwd'), { systemPrompt: 'House rule 7.' });
  const body = z
    .object({ tools: z.array(z.object({ name: z.string(), input_schema: z.unknown() })), system: z.unknown() })
    .parse(lab.model.requests.find((request) => request.task === 't-1')?.body);
  const names = body.tools.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['Agent', 'AskUserQuestion', 'Bash', 'Edit', 'Read', 'Write']));
  for (const unwanted of ['ScheduleWakeup', 'EnterWorktree', 'Skill', 'SendMessage', 'Workflow', 'Monitor', 'TaskStop'])
    expect(names).not.toContain(unwanted);
  expect(JSON.stringify(body.tools)).not.toContain('run_in_background');
  expect(JSON.stringify(body.system)).toContain('House rule 7.');
  // A path after an @ is not read by the CLI past the hooks.
  expect(JSON.stringify(lab.model.requests)).not.toContain('root:x:0');
});

test('the built-in rehearsal touches the deliverables and writes a summary', async () => {
  const deliverables = ['docs/NEW_DOC.md', 'Updated README.md'];
  const lab = await openLab(rehearsalScript([{ id: 't-1', name: 'A task', deliverables }]));
  labs.push(lab);
  await writeFile(join(lab.checkout, 'README.md'), '# Here\n');
  const { result } = await lab.run(start(lab));
  expect(result).toMatchObject({ end: 'finished', text: 'Rehearsed: A task.' });
  expect(await readFile(join(lab.checkout, 'docs/NEW_DOC.md'), 'utf8')).toContain('Rehearsal');
  expect(await readFile(join(lab.checkout, 'README.md'), 'utf8')).toMatch(/^# Here\n.*Rehearsal/u);
  expect(await readFile(join(lab.out, 'summary.md'), 'utf8')).toContain('docs/NEW_DOC.md');
});
