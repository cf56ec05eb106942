import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { DAY, makeHome, poll } from './support/home.ts';
import { startTelegram } from './support/telegram/server.ts';
import { bash, task, tasks } from './support/turns.ts';

const upAt = fileURLToPath(new URL('support/up-at.ts', import.meta.url));

/** A home whose daemon has a bot and whose clock the test sets, and Ann, who owns it. */
async function withAnn(...entries: string[]) {
  const server = await startTelegram();
  const off = ['morning', 'evening', 'rate', 'digest', 'clean'].map((name) => `{ name: ${name}, cron: off }`);
  const schedule = [
    ...off.filter((line) => !entries.some((entry) => line.includes(`${entry},`))),
    ...entries.map((name) => `{ name: ${name} }`),
  ];
  const home = await makeHome({
    tasks: tasks(task('a')),
    script: { tasks: [{ task: 'a', turns: [{ tools: [bash('echo a > a.txt')] }, { say: 'Done.' }] }] },
    config: `questions: { hold_seconds: 0 }\nschedule: [${schedule.join(', ')}]\n`,
  });
  Object.assign(home.env, { TELEGRAM_BOT_TOKEN: server.token, TELEGRAM_API_ROOT: server.root });
  const ann = server.newUser('Ann');
  const room = server.newChat();
  const all = (text: string) =>
    server.world.messages.filter(
      (one) => one.from.is_bot && one.chat.id === room.id && (one.text ?? '').includes(text),
    );
  const up = async (time: string, point = '') => {
    const daemon = home.startScript(upAt, [`${DAY}T${time}Z`, point]);
    if (point === '') await poll(() => (existsSync(home.paths.controlSocket) ? true : undefined));
    return { daemon };
  };
  const sees = (text: string) => poll(() => all(text).at(-1));
  await up('07:00:00');
  const { code } = JSON.parse((await home.cli('pair', '--json')).stdout) as { code: string };
  server.say(ann, room, `/start ${code}`);
  await sees('You are owner here');
  return { server, home, ann, all, sees, up, down: () => home.cli('down') };
}

test('settings that are broken while it is up are told in chat with file, line and column, once, also where it is killed at that moment', async () => {
  const { home, all, sees, up, down } = await withAnn();
  await down();
  const { daemon } = await up('09:00:00', 'after:notice.posted');
  await home.until((event) => event.type === 'daemon.started' && event.at >= `${DAY}T09`);
  const text = readFileSync(home.paths.configFile, 'utf8');
  const at = text.split('\n').length;
  writeFileSync(home.paths.configFile, `${text}nonsense: 1\n`);
  await daemon;
  expect(all('nonsense')).toEqual([]);
  writeFileSync(home.paths.configFile, text);
  await up('09:00:30');
  await sees(`config/dayshift.yaml:${at}:1  nonsense: `);
  await down();
  await up('09:01:00');
  writeFileSync(home.paths.configFile, `${text}concurrency: 2\n`);
  await sees('new settings: concurrency');
  expect(all('nonsense').length).toBe(1);
  // Those of the chat itself count at once too.
  writeFileSync(home.paths.configFile, `${text}chat: { tell: little }\n`);
  await home.until((event) => event.type === 'notice.posted' && event.data.text.includes('chat'));
  await down();
  expect(all('new settings').length).toBe(1);
});

test('nothing planned: it is asked in chat, and a tap settles it; the evening report of that day comes to the chat once, over kills and restarts', async () => {
  const { server, home, ann, all, sees, up, down } = await withAnn('morning', 'evening');
  rmSync(join(home.paths.tasks, `${DAY}.yaml`));
  await down();
  await up('07:59:58');
  const card = await sees(`Nothing is planned for ${DAY}`);
  server.tap(ann, card, 'Day off');
  await home.until((event) => event.type === 'item.delivered');
  await sees(`${DAY} is a day off`);
  expect((await home.state()).items.q1).toMatchObject({ answeredBy: { id: 'Ann', via: 'telegram' } });
  await down();
  const { daemon } = await up('17:59:58', 'after:notice.posted');
  await daemon;
  await up('18:00:20');
  await sees(`${DAY} · nothing ran`);
  await home.until((event) => event.type === 'schedule.ran' && event.data.name === 'evening');
  await down();
  await up('18:01:00');
  await home.cli('pair');
  await down();
  expect(all('nothing ran').length).toBe(1);
});
