import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { conversations, DAY, makeHome, poll, writtenDown } from './support/home.ts';
import { askTool, bash, task, tasks } from './support/turns.ts';

/** Asks, and writes down what it was answered. */
const asks = (id: string) => ({
  task: id,
  // A CLI that was killed may have lost the turn in which it asked: then its first prompt tells the answer too.
  turns: [
    { when: 'Number two', then: [], else: [{ tools: [askTool()] }] },
    { tools: [bash('echo "{{last_answer}}" > answer.txt')] },
    { say: 'Done.' },
  ],
});
const answer = 'deliverables: [answer.txt]';
const questionFile = (content: string) => ({
  tools: [{ name: 'Write', input: { file_path: '{{out}}/agent_questions/pattern.md', content } }],
});
/** A command that waits for what it reads, without asking for it again and again. */
const waitFor = (name: string) => `mkfifo "${name}"; cat "${name}"`;

type Home = Awaited<ReturnType<typeof makeHome>>;
const tasksOf = async (home: Home) => (await home.state()).days[DAY]!.tasks;
const patchOf = (home: Home, id: string) => readFileSync(join(home.paths.results, DAY, `${id}.patch`), 'utf8');
const outOf = (home: Home, id: string) => join(home.paths.workspaces, DAY, id, 'out');
const modesOf = async (home: Home, id: string) =>
  (await home.of('attempt.intended')).filter((event) => event.task === id).map((event) => event.data.mode);
async function itemOf(home: Home, id: string) {
  const item = Object.values((await home.state()).items).find((one) => one.task === id);
  if (item === undefined) throw new Error(`${id} has asked nothing`);
  return item;
}

test('a question parks the agent that asked or wrote it down, run says that it waits, and an answer given later resumes it in the next run', async () => {
  const home = await makeHome({
    tasks: tasks(
      task('a', answer),
      task('file', answer),
      task('default', answer, 'on_question: { default_after: 0.02 }'),
    ),
    script: {
      tasks: [
        asks('a'),
        asks('default'),
        {
          task: 'file',
          turns: [
            questionFile('Old or new?\n'),
            { say: 'I wait.' },
            { tools: [bash('echo go > answer.txt')] },
            { say: 'Done.' },
          ],
        },
      ],
    },
  });
  expect((await home.cli('run', DAY)).exitCode).toBe(3);
  expect(Object.values(await tasksOf(home)).map((one) => one.status)).toEqual(['parked', 'parked', 'done']);
  expect((await home.of('attempt.ended')).filter((event) => event.task === 'a').at(-1)?.data.end).toBe('deferred');
  const { id } = await itemOf(home, 'a');
  const shown = readFileSync(join(home.paths.questions, 'a.md'), 'utf8');
  expect(shown).toContain(id);
  expect(shown).toContain('Number two');
  // Where the task says so, the stated default was taken after its time.
  expect(await itemOf(home, 'default')).toMatchObject({ answers: ['Number one'], answeredBy: { kind: 'daemon' } });

  const inbox = await home.cli('inbox');
  expect(inbox.exitCode).toBe(3);
  expect(inbox.stdout).toContain('Which one?');
  expect((await home.cli('answer', id, 'E')).exitCode).toBe(1);
  expect((await home.cli('answer', id, 'B')).stdout).toContain('Number two');
  const second = await home.cli('answer', id, 'A');
  expect(second.exitCode).toBe(1);
  expect(second.stderr).toContain('Number two');
  expect((await home.cli('answer', (await itemOf(home, 'file')).id, 'The new one')).exitCode).toBe(0);

  expect((await home.cli('run', DAY)).exitCode).toBe(0);
  expect(await modesOf(home, 'a')).toEqual(['start', 'resume']);
  expect(patchOf(home, 'a')).toContain('+Number two');
  expect(await itemOf(home, 'a')).toMatchObject({ status: 'delivered', answeredBy: { kind: 'person', via: 'cli' } });
  expect(existsSync(join(home.paths.questions, 'a.md'))).toBe(false);
  expect(home.report()).toContain('Number two');
  expect(JSON.stringify(home.model.requests.map(({ body }) => body))).toContain('The new one');
  await everyStartWasProved(home, 'a');
});

/** By a canary, before its first model call. Its own synthetic call is no violation of the agent's. */
async function everyStartWasProved(home: Home, id: string): Promise<void> {
  const events = (await home.events()).filter((event) => event.task === id);
  const passed = events.filter((event) => event.type === 'canary.passed');
  expect(passed.map((event) => event.attempt)).toEqual([1, 2]);
  for (const event of passed) {
    expect(event.data).toMatchObject({ sandbox: 'bubblewrap', tried: 10 });
    const call = events.find(({ type, attempt }) => type === 'model.reserved' && attempt === event.attempt);
    expect(event.seq).toBeLessThan(call!.seq);
  }
  expect(await home.of('guard.decided')).toEqual([]);
}

test('while the day runs, answers and messages reach their agents: one by a file, one that wrote its question down, one before its next tool call', async () => {
  const written =
    '# Question from Agent a\n## Question\nWhich pattern should I follow?\n## Options\nA) Old\nB) New\n## Impact\nAll of it\n';
  const answered = '{{out}}/agent_questions/pattern-answer.md';
  const home = await makeHome({
    tasks: tasks(task('parked', answer), task('file', answer), task('told')),
    script: {
      tasks: [
        asks('parked'),
        {
          task: 'file',
          turns: [
            questionFile(written),
            { tools: [bash(`until [ -e "${answered}" ]; do sleep 0.5; done; cp "${answered}" answer.txt`)] },
            { say: 'Done.' },
          ],
        },
        {
          task: 'told',
          turns: [
            { tools: [bash(waitFor('{{out}}/go'))] },
            { tools: [bash('echo acted > acted.txt')] },
            { when: 'use tabs', then: [{ tools: [bash('echo told > told.txt')] }], else: [] },
            { say: 'Done.' },
          ],
        },
      ],
    },
  });
  const run = home.start('run', DAY);
  await home.until((event) => event.type === 'task.parked');
  writeFileSync(join(home.paths.questions, 'parked-answer.md'), '# Answer to parked\n\nNumber two\n');
  const byFile = await home.until((event) => event.type === 'item.answered');
  expect(byFile.actor).toMatchObject({ kind: 'person', via: 'file' });
  await home.until((event) => event.type === 'task.done' && event.task === 'parked');
  expect(existsSync(join(home.paths.questions, 'parked-answer.md'))).toBe(false);
  const { id } = await itemOf(home, 'parked');
  expect(readdirSync(join(home.paths.results, DAY, 'questions'))).toEqual(
    expect.arrayContaining([`${id}-parked-answer.md`, `${id}-parked.md`]),
  );

  // The answer to what was written down comes as a file beside it.
  await home.until((event) => event.type === 'item.opened' && event.task === 'file');
  const item = await itemOf(home, 'file');
  expect(item.questions[0]).toMatchObject({ question: 'Which pattern should I follow?' });
  expect((await home.cli('answer', item.id, 'B')).exitCode).toBe(0);

  // The next tool call waits until the message is read.
  await poll(() => (existsSync(join(outOf(home, 'told'), 'go')) ? true : undefined));
  expect((await home.cli('tell', 'told', 'use tabs')).exitCode).toBe(0);
  writeFileSync(join(outOf(home, 'told'), 'go'), '');
  expect((await run).exitCode).toBe(0);
  expect(patchOf(home, 'file')).toContain('New');
  expect(patchOf(home, 'told')).toContain('+told');
  expect(patchOf(home, 'told')).not.toContain('+acted');
  expect((await home.of('tell.delivered')).length).toBe(1);
});

test('an answer within the hold reaches the running agent, which is never parked; after a kill -9 of Dayshift those that were held get theirs, also where the conversation is lost', async () => {
  const home = await makeHome({
    tasks: tasks(task('held', answer), task('killed', answer), task('lost', answer)),
    script: { tasks: ['held', 'killed', 'lost'].map(asks) },
    config: 'questions: { hold_seconds: 60 }\n',
  });
  const run = home.start('run', DAY);
  for (const id of ['held', 'killed', 'lost'])
    await home.until((event) => event.type === 'item.opened' && event.task === id);
  expect((await home.cli('answer', (await itemOf(home, 'held')).id, '2')).exitCode).toBe(0);
  await home.until((event) => event.type === 'task.done' && event.task === 'held');
  for (const id of ['killed', 'lost']) await writtenDown(home, id);
  run.kill('SIGKILL');
  await run;
  for (const id of ['killed', 'lost'])
    expect((await home.cli('answer', (await itemOf(home, id)).id, 'B')).exitCode).toBe(0);
  for (const path of conversations(home, 'lost')) rmSync(path);
  expect((await home.cli('run', DAY)).exitCode).toBe(0);
  expect(await Promise.all(['held', 'killed', 'lost'].map((id) => modesOf(home, id)))).toEqual([
    ['start'],
    ['start', 'prompt'],
    ['start', 'prompt', 'start'],
  ]);
  for (const id of ['held', 'killed', 'lost']) {
    expect((await itemOf(home, id)).status).toBe('delivered');
    expect(patchOf(home, id)).toContain('+Number two');
  }
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
            { tools: [bash(waitFor('first'))] },
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
  const checkout = join(home.paths.workspaces, DAY, 'a/checkout');
  await poll(() => (existsSync(join(checkout, 'first')) ? true : undefined));
  expect((await home.cli('tell', 'a', 'use tabs')).exitCode).toBe(0);
  writeFileSync(join(checkout, 'first'), '');
  // The subagent has made a model call with the message in it, and acts on it.
  await poll(() => (existsSync(join(checkout, 'heard')) ? true : undefined));
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
    tasks: tasks(task('a', answer)),
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
  expect((await tasksOf(home)).a?.status).toBe('parked');
  expect((await home.of('attempt.ended')).at(-1)?.data).toMatchObject({ end: 'parked' });
  expect((await home.cli('answer', 'q1', 'B')).exitCode).toBe(0);
  expect((await home.cli('run', DAY)).exitCode).toBe(0);
  expect((await home.of('attempt.intended')).map((event) => event.data.mode)).toEqual(['start', 'prompt']);
  expect((await home.state()).items.q1?.status).toBe('delivered');
});
