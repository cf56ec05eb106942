import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ScriptInput } from '../src/agents/index.ts';
import { startDiscord, type DiscordServer } from './support/discord/server.ts';
import type { DiscordChannel, DiscordMessage, DiscordUser } from './support/discord/types.ts';
import { allTexts, DAY, makeHome, poll, type HomeOptions, type TestHome } from './support/home.ts';
import { startTelegram } from './support/telegram/server.ts';
import { askTool, bash, task, tasks } from './support/turns.ts';

/** The whole of it: a home with the real CLI in the sandbox, the daemon, its bot, and a Discord on loopback. */
interface Office {
  home: TestHome;
  server: DiscordServer;
  anna: DiscordUser;
  /** Her own chat with the bot. */
  room: () => DiscordChannel;
  daemon: ReturnType<TestHome['start']>;
  start: () => Promise<void>;
  /** Ends the daemon as a power cut does. */
  kill: () => Promise<void>;
  /** A message of the bot's that has this in it, there or to come. */
  sees: (text: string | RegExp) => Promise<DiscordMessage>;
}

const asking: ScriptInput = {
  tasks: [
    {
      task: 'a',
      turns: [
        { when: 'Number two', then: [], else: [{ tools: [askTool()] }] },
        { tools: [bash('echo "{{last_answer}}" > answer.txt')] },
        { say: 'Done.' },
      ],
    },
  ],
};

/** What people read: Discord's markup taken away. */
const readable = (text: string) => text.replace(/\\(.)|\*+|`/g, (_, escaped?: string) => escaped ?? '');

/** A running daemon, and Anna, who owns it. */
async function withAnna({
  env = {},
  ...options
}: Partial<HomeOptions> & { script: ScriptInput; env?: Record<string, string> }): Promise<Office> {
  const server = await startDiscord();
  const home = await makeHome({ tasks: tasks(task('a', 'deliverables: [answer.txt]')), ...options });
  Object.assign(home.env, { DISCORD_BOT_TOKEN: server.token, DISCORD_API_ROOT: server.root, ...env });
  const anna = server.newUser('Anna');
  const begin = async () => {
    const before = server.gateway.identified + server.gateway.resumed;
    office.daemon = home.start('up');
    await poll(() => (existsSync(home.paths.controlSocket) ? true : undefined));
    await server.when(() => server.gateway.identified + server.gateway.resumed > before);
  };
  const office: Office = {
    ...{ home, server, anna },
    daemon: undefined as never,
    room: () => [...server.world.channels.values()].find(({ type }) => type === 1)!,
    start: begin,
    async kill() {
      office.daemon.kill('SIGKILL');
      await office.daemon;
    },
    async sees(text) {
      const fits = (words: string) => (typeof text === 'string' ? words.includes(text) : text.test(words));
      const found = () => server.world.messages.findLast((one) => one.author.bot && fits(readable(one.content)));
      return poll(found).catch(() => {
        const all = server.world.messages.map(({ content }) => readable(content)).join('\n---\n');
        throw new Error(`Anna never saw ${String(text)}:\n${all}`);
      });
    },
  };
  await begin();
  const { stdout } = await home.cli('pair', '--json');
  server.say(anna, 'direct', `/start ${(JSON.parse(stdout) as { code: string }).code}`);
  await office.sees('You are owner here');
  return office;
}

/** A question of which several options may be chosen. */
const parts = {
  name: 'AskUserQuestion',
  input: {
    questions: [
      {
        ...{ question: 'Which parts?', header: 'Parts', multiSelect: true },
        options: ['Docs', 'Tests', 'Code'].map((label) => ({ label, description: `the ${label}` })),
      },
    ],
  },
};

test('Anna pairs, starts the day, chooses several in a menu, writes into a form, sends a picture: the agent goes on with each to the end, and a diff comes back as a page', async () => {
  const keep = bash('echo "{{last_answer}}" >> answer.txt');
  const waiting = bash('until [ -n "$(find .. -name mock.png)" ]; do sleep 0.2; done; seq 600 >> answer.txt');
  const named = [{ tools: [askTool('And which name?')] }, { tools: [keep] }];
  const { home, server, anna, room, sees } = await withAnna({
    script: {
      tasks: [
        {
          task: 'a',
          turns: [
            ...[{ tools: [parts] }, { tools: [keep] }, ...named],
            { tools: [waiting] },
            // Where the word came before the call, the call was put back.
            { when: 'Files from them', then: [{ tools: [waiting] }, { say: 'Done.' }], else: [{ say: 'Done.' }] },
          ],
        },
      ],
    },
  });
  server.slash(anna, room(), 'start', { day: DAY });
  const card = await sees(/Question q1 · a/);
  const menu = card.components.flatMap((row) => row.components ?? []).find(({ type }) => type === 3);
  expect(menu?.options?.map(({ label }) => label)).toEqual(['A) Docs', 'B) Tests', 'C) Code']);
  const values = menu!.options!.map(({ value }) => value);
  server.tap(anna, card, '', [values[0]!, values[2]!]);
  const marked = () => card.components[0]?.components?.[0]?.options?.filter((one) => one.default === true).length;
  await server.when(() => marked() === 2);
  const tapped = server.tap(anna, card, 'Done');
  const next = await sees(/Question q2 · a/);
  expect(tapped.acknowledgedAfter).toBeLessThan(3000);
  // The card says what became of it, and has no buttons any more.
  expect(await sees(/A\) Docs, C\) Code by Anna/)).toMatchObject({ id: card.id, components: [] });
  const opened = server.tap(anna, next, 'Something else');
  await server.when(() => opened.callback !== undefined);
  expect(JSON.stringify(opened.callback?.data)).toContain('And which name?');
  server.submit(opened, 'cursor; rm -rf /\n`and more`');
  await home.until((event) => event.type === 'agent.tool' && JSON.stringify(event.data).includes('mock.png'));
  expect((await home.state()).items.q2).toMatchObject({
    status: 'delivered',
    answeredBy: { kind: 'person', id: 'Anna', via: 'discord' },
  });
  server.sendFile(anna, room(), { name: 'mock.png', type: 'image/png', bytes: Buffer.from('picture') });
  server.tap(anna, await sees('mock.png'), 'a');
  await home.until((event) => event.type === 'day.reported');
  const patch = readFileSync(join(home.paths.results, DAY, 'a.patch'), 'utf8');
  for (const line of ['+Docs, Code', '+cursor; rm -rf /', '+600']) expect(patch).toContain(line);
  const wanted = server.slash(anna, room(), 'diff', { task: 'a' });
  const pages = () => wanted.replies.flatMap(({ attachments }) => attachments.map(({ filename }) => filename));
  await server.when(() => pages().includes('a.html'));
  // Nothing that was written anywhere holds the token.
  expect((await home.cli('down')).exitCode).toBe(0);
  expect(allTexts(home.paths.home).filter(({ text }) => text.includes(server.token))).toEqual([]);
});

test('a day from the pocket: a question, an approval, a cost alert, a stop, the report, stars', async () => {
  const usd = (dollars: number) => ({ input: dollars * 250_000 });
  const { home, server, anna, room, sees } = await withAnna({
    tasks: `concurrency: 4\n${tasks(task('ask'), task('clear'), task('dear', 'max_cost_usd: 0.5'), task('long'))}`,
    script: {
      tasks: [
        { task: 'ask', turns: [{ tools: [askTool()] }, { tools: [bash('echo "{{last_answer}}" > answer.txt')] }] },
        { task: 'clear', turns: [{ tools: [bash('rm -r src')] }, { say: 'Done.' }] },
        {
          task: 'dear',
          turns: [
            { tools: [bash('echo 1 > one.txt')], usage: usd(0.45) },
            { tools: [bash('echo 2 > two.txt')], usage: usd(0.01) },
          ],
        },
        { task: 'long', turns: [{ tools: [bash('until [ -e ../out/go ]; do sleep 0.1; done')] }] },
      ],
    },
  });
  await home.git('config', 'user.name', 'Anna');
  await home.git('config', 'user.email', 'anna@example.com');
  server.slash(anna, room(), 'start', { day: DAY });
  const approval = await sees(/Approval q\d+ · clear/);
  const question = await sees(/Question q\d+ · ask/);
  await sees('75 % of the budget of dear');
  const budget = await sees(/Budget q\d+ · dear/);
  expect(approval.content).toContain('rm -r src');
  server.tap(anna, approval, 'Allow it this once');
  server.say(anna, room(), 'the second', question);
  // No room for the first turn once more: what was answered while it was held is not asked for again.
  server.say(anna, room(), 'raise to $0.95', budget);
  const done = { ask: await sees('ask is done'), clear: await sees('clear is done'), dear: await sees('dear is done') };
  server.slash(anna, room(), 'stop', { task: 'long' });
  await sees('long is stopped');
  const report = await sees(/2026-11-23 · .* done and proven/);
  for (const name of [`${DAY}.png`, `${DAY}-report.html`])
    await poll(() => server.world.messages.find(({ attachments }) => attachments.some((one) => one.filename === name)));
  server.tap(anna, report, '★4');
  const say = await sees('What should be different?');
  const form = server.tap(anna, say, 'Say it');
  await server.when(() => form.callback !== undefined);
  server.submit(form, 'Never touch migrations/');
  await sees('Noted');
  expect(readFileSync(join(home.paths.feedback, `${DAY}.md`), 'utf8')).toMatch(
    /Rating: 4\/5[^]*Never touch migrations\//,
  );
  const { tasks: all = {} } = (await home.state()).days[DAY] ?? {};
  expect(all.long?.status).toBe('stopped');
  expect(all.dear?.spentUsd).toBeLessThan(0.6);

  // The evening's buttons: into the checkout, onto the branch with words of her own, a branch, a pull request; what was learned.
  server.tap(anna, await sees(/Lesson q\d+/), 'Keep');
  server.tap(anna, done.ask, 'Apply');
  await sees('Applied ask');
  server.tap(anna, done.dear, 'Commit');
  const words = server.tap(anna, await sees('A commit on your branch'), 'Other words');
  await server.when(() => words.callback !== undefined);
  server.submit(words, 'Two files, as agreed');
  await sees('Committed dear');
  server.tap(anna, done.clear, 'Branch');
  const branch = await sees('A branch of its own');
  const yes = structuredClone(branch);
  server.tap(anna, yes, 'Make the branch');
  await sees(/The branch .*clear has the work/);
  const again = server.tap(anna, yes, 'Make the branch');
  await server.when(() => again.replies.some(({ content }) => content.includes('used already')));
  server.tap(anna, done.ask, 'Pull request');
  server.tap(anna, await sees('a pull request with these words?'), 'Open it');
  await sees('No pull request was opened: the repository has no remote');
  expect(await home.git('log', '--format=%s')).toBe('Two files, as agreed\nstart');
  expect(readFileSync(join(home.project, 'answer.txt'), 'utf8')).toContain('the second');
  expect(Object.values((await home.state()).lessons.byId).map(({ status }) => status)).toEqual(['active']);
});

test('killed: a tap that was taken just before is kept, a file written meanwhile answers, and of two taps made meanwhile on two channels one counts', async () => {
  const ids = ['a', 'b', 'c'];
  const telegram = await startTelegram();
  const office = await withAnna({
    tasks: tasks(...ids.map((id) => task(id, 'deliverables: [answer.txt]'))),
    script: {
      tasks: ids.map((id) => ({
        task: id,
        turns: [
          { when: 'Number (?:one|two)', then: [], else: [{ tools: [askTool(`Which one for ${id}?`)] }] },
          ...asking.tasks[0]!.turns.slice(1),
        ],
      })),
    },
    env: { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.root },
  });
  const { home, server, anna, room, sees } = office;
  const ben = telegram.newUser('Ben');
  const { code } = JSON.parse((await home.cli('pair', '--json')).stdout) as { code: string };
  telegram.say(ben, telegram.newChat(), code);
  await telegram.until(({ text }) => text?.includes('You are owner here') === true);
  server.slash(anna, room(), 'start', { day: DAY });
  const [first, second] = [await sees(/Question q\d+ · a/), await sees(/Question q\d+ · b/)];
  const elsewhere = await telegram.until(({ text }) => /Question q\d+ · b/.test(text ?? ''));
  for (const id of ids) await home.until((event) => event.type === 'task.parked' && event.task === id);
  // Taken, written down, and not yet with the agent.
  server.tap(anna, first, 'Number two');
  await home.until((event) => event.type === 'item.answered');
  await office.kill();
  server.tap(anna, second, 'Number two');
  telegram.tap(ben, elsewhere, 'Number one');
  writeFileSync(join(home.paths.questions, 'c-answer.md'), '# Answer to c\n\nNumber two\n');
  await office.start();
  await home.until((event) => event.type === 'day.reported');
  const answered = (await home.of('item.answered')).map(({ task: of, data, actor }) => [
    of,
    [actor.via, ...data.answers],
  ]);
  const [late] = await home.of('item.refused');
  const said = Object.fromEntries(answered) as Record<string, string[]>;
  expect(answered).toHaveLength(3);
  expect(said).toMatchObject({ a: ['discord', 'Number two'], c: ['file', 'Number two'] });
  // Whoever was handed over first counts; the other is told whose it was.
  expect([said.b, [late?.actor.via, ...(late?.data.answers ?? [])]].sort()).toEqual([
    ['discord', 'Number two'],
    ['telegram', 'Number one'],
  ]);
  for (const id of ids)
    expect(readFileSync(join(home.paths.results, DAY, `${id}.patch`), 'utf8')).toContain(`+${said[id]?.[1] ?? ''}`);
  expect(server.gateway).toMatchObject({ identified: 1, resumed: 1 });
  const cards = server.world.messages.filter(({ content }) => /Question q\d/.test(content));
  expect(cards).toHaveLength(3);
});

test('a wrong token is said with what to do, the day runs all the same; the right one in .env counts without a restart, and neither stands anywhere', async () => {
  const server = await startDiscord();
  const other = await startTelegram();
  const home = await makeHome({
    tasks: tasks(task('a')),
    script: { tasks: [{ task: 'a', turns: [{ tools: [bash('echo a > a.txt')] }, { say: 'Done.' }] }] },
  });
  const token = `${server.token}x`;
  Object.assign(home.env, { DISCORD_API_ROOT: server.root, TELEGRAM_API_ROOT: other.root });
  writeFileSync(home.paths.envFile, `DISCORD_BOT_TOKEN=${token}\n`, { mode: 0o600 });
  const daemon = home.start('up');
  await poll(() => (existsSync(home.paths.controlSocket) ? true : undefined));
  expect((await home.cli('start', DAY)).exitCode).toBe(0);
  await home.until((event) => event.type === 'day.reported');
  writeFileSync(home.paths.envFile, `DISCORD_BOT_TOKEN=${server.token}\nTELEGRAM_BOT_TOKEN=${other.token}\n`);
  await home.until((event) => event.type === 'item.withdrawn');
  const { code } = JSON.parse((await home.cli('pair', '--json')).stdout) as { code: string };
  server.say(server.newUser('Anna'), 'direct', code);
  await server.until(({ content }) => content.includes('You are owner here'));
  await other.when(() => other.calls.some(({ method }) => method === 'getUpdates'));
  expect((await home.cli('down')).exitCode).toBe(0);
  const { stdout, stderr } = await daemon;
  expect(stdout + stderr).toMatch(/DISCORD_BOT_TOKEN is not accepted.*Reset Token/);
  expect(stdout + stderr).toMatch(
    /DISCORD_BOT_TOKEN is new: the Discord bot starts with it; TELEGRAM_BOT_TOKEN is new/,
  );
  for (const secret of [token, server.token, other.token]) {
    expect(stdout + stderr).not.toContain(secret);
    const found = allTexts(home.paths.home).filter(
      ({ path, text }) => path !== home.paths.envFile && text.includes(secret),
    );
    expect(found).toEqual([]);
  }
});
