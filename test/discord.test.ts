import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startDiscord, type DiscordServer } from './support/discord/server.ts';
import type { DiscordMessage, DiscordUser } from './support/discord/types.ts';
import { DAY, makeHome, poll, type HomeOptions, type TestHome } from './support/home.ts';
import { askTool, bash, task, tasks } from './support/turns.ts';

const asking: HomeOptions = {
  tasks: tasks(task('a', 'deliverables: [answer.txt]')),
  script: {
    tasks: [
      {
        task: 'a',
        turns: [{ tools: [askTool()] }, { tools: [bash('echo "{{last_answer}}" > answer.txt')] }, { say: 'Done.' }],
      },
    ],
  },
};

/** A home whose bot is on a Discord of our own. */
async function makeOffice(options: HomeOptions) {
  const server = await startDiscord();
  const home = await makeHome(options);
  home.env.DISCORD_BOT_TOKEN = server.token;
  home.env.DISCORD_API_ROOT = server.root;
  return { server, home, anna: server.newUser('Anna') };
}

async function up(home: TestHome) {
  const daemon = home.start('up');
  await poll(() => (existsSync(home.paths.controlSocket) ? true : undefined));
  return { daemon };
}

async function pair(home: TestHome, server: DiscordServer, who: DiscordUser): Promise<void> {
  await server.when(() => server.gateway.connected);
  const { stdout } = await home.cli('pair', '--json');
  server.say(who, 'direct', `/start ${(JSON.parse(stdout) as { code: string }).code}`);
  await server.until(({ content }) => content.includes('You are owner here'));
}

const cardOf = (id: string) => (message: DiscordMessage) =>
  message.content.includes(`${id}**`) && message.components.length > 0;

test('the first who sends the code is the owner; a question arrives, the tap answers it, the task finishes, the report comes', async () => {
  const { server, home, anna } = await makeOffice(asking);
  await up(home);
  await pair(home, server, anna);
  expect((await home.cli('start', DAY)).exitCode).toBe(0);
  const card = await server.until(cardOf('q1'));
  const tapped = server.tap(anna, card, 'Number two');
  await home.until((event) => event.type === 'task.done');
  expect(tapped.acknowledgedAfter).toBeLessThan(3000);
  expect(readFileSync(join(home.paths.results, DAY, 'a.patch'), 'utf8')).toContain('+Number two');
  expect((await home.state()).items.q1).toMatchObject({ answeredBy: { kind: 'person', id: 'Anna', via: 'discord' } });
  await server.until(
    ({ id, components, content }) => id === card.id && components.length === 0 && content.includes('Anna'),
  );
  const report = await server.until(({ attachments }) => attachments.some(({ filename }) => filename === `${DAY}.png`));
  expect(server.world.files.get(report.attachments[0]?.id ?? '')?.bytes.subarray(1, 4)).toEqual(
    new Uint8Array(Buffer.from('PNG')),
  );
  expect((await home.cli('down')).exitCode).toBe(0);
});
