import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { conversations, DAY, makeHome, writtenDown } from './support/home.ts';
import { askTool, bash, task, tasks } from './support/turns.ts';

const asking = {
  tasks: [
    {
      task: 'a',
      // A CLI that was killed may have lost the turn in which it asked: then its first prompt tells the answer too.
      turns: [
        { when: 'Number two', then: [], else: [{ tools: [askTool()] }] },
        { tools: [bash('echo "{{last_answer}}" > answer.txt')] },
        { say: 'Done.' },
      ],
    },
  ],
};
const one = tasks(task('a', 'deliverables: [answer.txt]'));

async function statusOf(home: Awaited<ReturnType<typeof makeHome>>, id = 'a') {
  return (await home.state()).days[DAY]?.tasks[id]?.status;
}

test('a question parks the agent, run says that it waits, and an answer given later resumes it in the next run', async () => {
  const home = await makeHome({ tasks: one, script: asking });
  expect((await home.cli('run', DAY)).exitCode).toBe(3);
  expect(await statusOf(home)).toBe('parked');
  expect((await home.of('attempt.ended')).at(-1)?.data).toMatchObject({ end: 'deferred' });
  const shown = readFileSync(join(home.paths.questions, 'a.md'), 'utf8');
  expect(shown).toContain('q1');
  expect(shown).toContain('Number two');

  const inbox = await home.cli('inbox');
  expect(inbox.exitCode).toBe(3);
  expect(inbox.stdout).toContain('Which one?');
  expect((await home.cli('answer', 'q1', 'E')).exitCode).toBe(1);
  expect((await home.cli('answer', 'q1', 'B')).stdout).toContain('Number two');
  const second = await home.cli('answer', 'q1', 'A');
  expect(second.exitCode).toBe(1);
  expect(second.stderr).toContain('Number two');

  expect((await home.cli('run', DAY)).exitCode).toBe(0);
  expect((await home.of('attempt.intended')).map((event) => event.data.mode)).toEqual(['start', 'resume']);
  expect(readFileSync(join(home.paths.results, DAY, 'a.patch'), 'utf8')).toContain('+Number two');
  expect((await home.state()).items.q1).toMatchObject({
    status: 'delivered',
    answeredBy: { kind: 'person', via: 'cli' },
  });
  expect(existsSync(join(home.paths.questions, 'a.md'))).toBe(false);
  expect(home.report()).toContain('Number two');
});

test('an answer within the hold reaches the running agent: it is never parked', async () => {
  const home = await makeHome({ tasks: one, script: asking, config: 'questions: { hold_seconds: 60 }\n' });
  const run = home.start('run', DAY);
  await home.until((event) => event.type === 'item.opened');
  expect((await home.cli('answer', 'q1', '2')).exitCode).toBe(0);
  expect((await run).exitCode).toBe(0);
  expect((await home.of('attempt.intended')).length).toBe(1);
  expect(readFileSync(join(home.paths.results, DAY, 'a.patch'), 'utf8')).toContain('+Number two');
});

test('an answer file in the home answers the item that waits, within the running day', async () => {
  const other = tasks(task('a', 'deliverables: [answer.txt]'), task('b', 'timeout: 10'));
  const script = {
    tasks: [...asking.tasks, { task: 'b', turns: [{ tools: [bash('until [ -e ../out/go ]; do sleep 0.1; done')] }] }],
  };
  const home = await makeHome({ tasks: other, script });
  const run = home.start('run', DAY);
  await home.until((event) => event.type === 'task.parked');
  writeFileSync(join(home.paths.questions, 'a-answer.md'), '# Answer to a\n\nNumber two\n');
  const answered = await home.until((event) => event.type === 'item.answered', 10_000);
  expect(answered.actor).toMatchObject({ kind: 'person', via: 'file' });
  await home.until((event) => event.type === 'task.done' && event.task === 'a');
  expect(existsSync(join(home.paths.questions, 'a-answer.md'))).toBe(false);
  expect(readdirSync(join(home.paths.results, DAY, 'questions')).sort()).toEqual(['q1-a-answer.md', 'q1-a.md']);
  writeFileSync(join(home.paths.workspaces, DAY, 'b/out/go'), '');
  expect((await run).exitCode).toBe(0);
});

test('a question file of the agent’s becomes an item, and the answer file appears beside it', async () => {
  const file =
    '# Question from Agent a\n## Question\nWhich pattern should I follow?\n## Options\nA) Old\nB) New\n## Impact\nAll of it\n';
  const home = await makeHome({
    tasks: tasks(task('a', 'deliverables: [answer.txt]')),
    script: {
      tasks: [
        {
          task: 'a',
          turns: [
            { tools: [{ name: 'Write', input: { file_path: '{{out}}/agent_questions/pattern.md', content: file } }] },
            {
              tools: [
                bash(
                  'until [ -e "{{out}}/agent_questions/pattern-answer.md" ]; do sleep 0.1; done; cp "{{out}}/agent_questions/pattern-answer.md" answer.txt',
                ),
              ],
            },
            { say: 'Done.' },
          ],
        },
      ],
    },
  });
  const run = home.start('run', DAY);
  await home.until((event) => event.type === 'item.opened');
  expect(Object.values((await home.state()).items)[0]?.questions[0]).toMatchObject({
    question: 'Which pattern should I follow?',
  });
  expect((await home.cli('answer', 'q1', 'B')).exitCode).toBe(0);
  expect((await run).exitCode).toBe(0);
  expect(readFileSync(join(home.paths.results, DAY, 'a.patch'), 'utf8')).toContain('New');
});

test('an agent that stops with its question file unanswered is parked, and gets the answer as a prompt', async () => {
  const home = await makeHome({
    tasks: tasks(task('a', 'deliverables: [answer.txt]')),
    script: {
      tasks: [
        {
          task: 'a',
          turns: [
            {
              tools: [
                { name: 'Write', input: { file_path: '{{out}}/agent_questions/pattern.md', content: 'Old or new?\n' } },
              ],
            },
            { say: 'I wait.' },
            { tools: [bash('echo go > answer.txt')] },
            { say: 'Done.' },
          ],
        },
      ],
    },
  });
  expect((await home.cli('run', DAY)).exitCode).toBe(3);
  expect((await home.cli('answer', 'q1', 'The new one')).exitCode).toBe(0);
  expect((await home.cli('run', DAY)).exitCode).toBe(0);
  expect(home.model.requests.some((request) => JSON.stringify(request.body).includes('The new one'))).toBe(true);
});

test('where the task says so, the stated default is taken after its time', async () => {
  const home = await makeHome({
    tasks: tasks(task('a', 'deliverables: [answer.txt]', 'on_question: { default_after: 0.02 }')),
    script: asking,
  });
  expect((await home.cli('run', DAY)).exitCode).toBe(0);
  expect((await home.state()).items.q1).toMatchObject({ answers: ['Number one'], answeredBy: { kind: 'daemon' } });
});

test.each([
  { what: 'goes on with its conversation', lost: false, modes: ['start', 'prompt'] },
  { what: 'begins anew where that is lost', lost: true, modes: ['start', 'prompt', 'start'] },
])('an agent whose question was held when Dayshift was killed gets the answer, and $what', async ({ lost, modes }) => {
  const home = await makeHome({ tasks: one, script: asking, config: 'questions: { hold_seconds: 60 }\n' });
  const run = home.start('run', DAY);
  await home.until((event) => event.type === 'item.opened');
  await writtenDown(home, 'a');
  run.kill('SIGKILL');
  await run;
  expect((await home.cli('answer', 'q1', 'B')).exitCode).toBe(0);
  if (lost) for (const path of conversations(home, 'a')) rmSync(path);
  expect((await home.cli('run', DAY)).exitCode).toBe(0);
  expect((await home.of('attempt.intended')).map((event) => event.data.mode)).toEqual(modes);
  expect((await home.state()).items.q1?.status).toBe('delivered');
  expect(readFileSync(join(home.paths.results, DAY, 'a.patch'), 'utf8')).toContain('+Number two');
});

test('a message reaches a running agent before its next tool call, which waits until it is read', async () => {
  const home = await makeHome({
    tasks: tasks(task('a')),
    script: {
      tasks: [
        {
          task: 'a',
          turns: [
            { tools: [bash('until [ -e "{{out}}/go" ]; do sleep 0.1; done')] },
            { tools: [bash('echo acted > acted.txt')] },
            { when: 'use tabs', then: [{ tools: [bash('echo told > told.txt')] }], else: [] },
            { say: 'Done.' },
          ],
        },
      ],
    },
  });
  const run = home.start('run', DAY);
  await home.until((event) => event.type === 'agent.tool');
  expect((await home.cli('tell', 'a', 'use tabs')).exitCode).toBe(0);
  writeFileSync(join(home.paths.workspaces, DAY, 'a/out/go'), '');
  expect((await run).exitCode).toBe(0);
  const patch = readFileSync(join(home.paths.results, DAY, 'a.patch'), 'utf8');
  expect(patch).toContain('+told');
  expect(patch).not.toContain('+acted');
  expect((await home.of('tell.delivered')).length).toBe(1);
});

test('a message that only a subagent heard before a kill reaches the agent in the next run', async () => {
  const helper = { description: 'help', prompt: 'you-are-the-helper', subagent_type: 'general-purpose' };
  const home = await makeHome({
    tasks: tasks(task('a')),
    script: {
      tasks: [
        {
          match: 'you-are-the-helper',
          turns: [
            { tools: [bash('until [ -e first ]; do sleep 0.1; done')] },
            { tools: [bash('ls')] },
            { when: 'use tabs', then: [{ tools: [bash('touch heard; sleep 60')] }], else: [] },
            { say: 'Helped.' },
          ],
        },
        {
          task: 'a',
          turns: [
            {
              when: 'use tabs',
              then: [{ tools: [bash('echo told > told.txt')] }],
              else: [{ tools: [{ name: 'Agent', input: helper }] }],
            },
            { say: 'Done.' },
          ],
        },
      ],
    },
  });
  const run = home.start('run', DAY);
  await home.until((event) => event.type === 'agent.tool' && event.data.tool === 'Bash');
  expect((await home.cli('tell', 'a', 'use tabs')).exitCode).toBe(0);
  const checkout = join(home.paths.workspaces, DAY, 'a/checkout');
  writeFileSync(join(checkout, 'first'), '');
  // The subagent has made a model call with the message in it, and acts on it.
  await vi.waitUntil(() => existsSync(join(checkout, 'heard')), 30_000);
  run.kill('SIGKILL');
  await run;
  expect(await home.of('tell.delivered')).toEqual([]);
  expect((await home.cli('run', DAY)).exitCode).toBe(0);
  expect(readFileSync(join(home.paths.results, DAY, 'a.patch'), 'utf8')).toContain('+told');
  expect(await home.of('tell.delivered')).toHaveLength(1);
});

/** A CLI that takes no deferral: what its hooks answer reaches it by a way that drops that one word. */
function deafToDefer(): { command: string; real: string } {
  const real = realpathSync(new URL('../node_modules/.bin/claude', import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), 'dayshift-deaf-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const program = `#!/run/dayshift/node
const { createServer } = require('node:http');
const { readFileSync, writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
const at = args.indexOf('--settings') + 1;
const text = readFileSync(args[at], 'utf8');
const door = /http:[^"]*\\/hook/.exec(text)[0];
const server = createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray());
  const answer = await fetch(door, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const said = await answer.text();
  response.setHeader('content-type', 'application/json').end(said.includes('"defer"') ? '{}' : said);
});
server.listen(0, '127.0.0.1', () => {
  writeFileSync('/tmp/settings.json', text.replaceAll(door, 'http://127.0.0.1:' + server.address().port + '/hook'));
  args[at] = '/tmp/settings.json';
  const child = require('node:child_process').spawn(${JSON.stringify(real)}, args, { stdio: 'inherit' });
  child.on('exit', (code) => process.exit(code ?? 1));
});
`;
  const command = join(folder, 'claude');
  writeFileSync(command, program, { mode: 0o755 });
  return { command, real };
}

test('a CLI that does not defer is ended where it goes on, and gets the answer as a prompt', async () => {
  const { command, real } = deafToDefer();
  const home = await makeHome({
    unproved: true,
    tasks: one,
    config: `questions: { hold_seconds: 0 }\nagent: { command: "${command}" }\nsandbox: { read: ["${real}"] }\n`,
    script: {
      tasks: [
        {
          task: 'a',
          turns: [
            { tools: [askTool()] },
            {
              when: 'Number two',
              then: [{ tools: [bash('echo "Number two" > answer.txt')] }],
              else: [{ tools: [bash('sleep 120')] }],
            },
            { say: 'Done.' },
          ],
        },
      ],
    },
  });
  const first = await home.cli('run', DAY);
  expect([first.exitCode, first.stderr]).toEqual([3, expect.stringContaining('does not defer')]);
  expect(await statusOf(home)).toBe('parked');
  expect((await home.of('attempt.ended')).at(-1)?.data).toMatchObject({ end: 'parked' });
  expect((await home.cli('answer', 'q1', 'B')).exitCode).toBe(0);
  expect((await home.cli('run', DAY)).exitCode).toBe(0);
  expect((await home.of('attempt.intended')).map((event) => event.data.mode)).toEqual(['start', 'prompt']);
  expect((await home.state()).items.q1?.status).toBe('delivered');
});
