import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DAY, eventually, makeChat } from '../chat/testing.ts';
import { telegramStage } from './testing.ts';

const png = (n: number) => Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.from([n])]);

async function withAnna() {
  const t = await makeChat();
  const stage = await telegramStage(t.chat);
  onTestFinished(() => stage.close());
  const anna = stage.visitor('1', 'Anna');
  await anna.says(await t.code());
  await t.day('a');
  const { server } = stage;
  const user = { id: Number(anna.user), is_bot: false, first_name: 'Anna' };
  const room = server.world.chat(anna.chat);
  const sends = (n: number, more: { caption?: string; album?: string }) =>
    server.sendFile(user, room, { kind: 'photo', name: `p${n}.png`, type: 'image/png', bytes: png(n) }, more);
  const asks = async () => (await anna.sees()).filter(({ text }) => text.includes('What is this for?'));
  return { t, stage, server, anna, sends, asks };
}

test('photos sent together are asked about once, and all of them go to the task with their words, also after a restart', async () => {
  const { t, stage, server, anna, sends, asks } = await withAnna();
  sends(1, { album: 'g', caption: 'Like these' });
  sends(2, { album: 'g' });
  const { update_id } = sends(3, { album: 'g' });
  await server.when(() => server.world.confirmed > update_id);
  const [card, ...more] = await asks();
  expect([card?.text, more.length]).toMatchObject([expect.stringContaining('Like these'), 0]);
  const again = await t.restart();
  await stage.restart(again.chat);
  await anna.taps(card!, 'Tell a');
  const told = await eventually(() => again.journal.state.days[DAY]?.tasks.a?.tells[0]);
  expect(told.text).toContain('Like these');
  const given = join(again.ctx.home.paths.workspaces, DAY, 'a', 'given');
  expect(readdirSync(given)).toHaveLength(3);
  expect(told.text.match(/given\/p\d/g)).toHaveLength(3);
});

test('two albums, and a photo alone, are three inputs; one handed over again does nothing', async () => {
  const { server, sends, asks } = await withAnna();
  sends(1, { album: 'one' });
  sends(2, { album: 'two' });
  sends(3, { album: 'one' });
  const last = sends(4, {});
  await server.when(() => server.world.confirmed > last.update_id);
  expect(await asks()).toHaveLength(3);
  server.replay(last.update_id - 3);
  const after = sends(5, {});
  await server.when(() => server.world.confirmed > after.update_id);
  expect(await asks()).toHaveLength(4);
});
