import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { TelegramServer } from 'telegram-test-api/lib/telegramServer.js';
import { DAY, makeHome, poll } from './support/home.ts';
import { askTool, bash, task, tasks } from './support/turns.ts';

/** Another project's idea of the Bot API: messages, edits, deletions and buttons, and an error for everything else. */
async function startEmulator() {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  const server = new TelegramServer({ host: '127.0.0.1', port, storeTimeout: 600 });
  await server.start();
  onTestFinished(async () => {
    await server.stop();
  });
  return server;
}

/** What the bot sent, as the emulator keeps it; its own types lean on a package that is not there. */
interface Sent {
  messageId: number;
  message: { text?: string; reply_markup?: { inline_keyboard: { text: string; callback_data: string }[][] } };
}

test('on a server that knows neither menus, pins nor files: paired, asked, killed, tapped, answered by reply, reported', async () => {
  const server = await startEmulator();
  const token = '4200000:AAemulatoremulatoremulatoremulatore';
  const client = server.getClient(token, { userId: 11, chatId: 11, firstName: 'Ann' });
  const home = await makeHome({
    tasks: tasks(task('a', 'deliverables: [answer.txt]'), task('b', 'deliverables: [answer.txt]')),
    script: {
      tasks: ['a', 'b'].map((id) => ({
        task: id,
        turns: [
          { when: 'Number', then: [], else: [{ tools: [askTool(`Which for ${id}?`)] }] },
          { tools: [bash('echo "{{last_answer}}" > answer.txt')] },
          { say: 'Done.' },
        ],
      })),
    },
  });
  // The token lies in the home, for nobody else to read.
  const lines = `TELEGRAM_BOT_TOKEN=${token}\nTELEGRAM_API_ROOT=${server.config.apiURL}\n`;
  writeFileSync(join(home.paths.home, '.env'), lines, { mode: 0o600 });
  let logs = '';
  const up = async () => {
    const daemon = home.start('up');
    daemon.stdout.on('data', (chunk: Buffer) => (logs += chunk.toString()));
    daemon.stderr.on('data', (chunk: Buffer) => (logs += chunk.toString()));
    await poll(() => (existsSync(home.paths.controlSocket) ? true : undefined));
    return { daemon };
  };
  const sent = () => server.storage.botMessages as unknown as Sent[];
  const sees = (text: string) =>
    poll(() => sent().findLast(({ message }) => message.text?.includes(text))).catch(() => {
      const all = sent().map(({ message }) => message.text);
      throw new Error(`Ann never saw ${text}:\n${all.join('\n\n')}\n${logs}`);
    });

  const { daemon } = await up();
  const { code } = JSON.parse((await home.cli('pair', '--json')).stdout) as { code: string };
  await client.sendCommand(client.makeCommand(`/start ${code}`));
  await sees('You are owner here');
  await client.sendCommand(client.makeCommand(`/start ${DAY}`));
  // The questions themselves: the day's card names them too.
  const first = await sees('· a\nWhich for a?');
  const second = await sees('· b\nWhich for b?');
  for (const id of ['a', 'b']) await home.until(({ type, task: of }) => type === 'message.sent' && of === id);
  await home.until((event) => event.type === 'task.parked' && event.task === 'a');
  daemon.kill('SIGKILL');
  await daemon;

  await up();
  const data = first.message.reply_markup?.inline_keyboard[1]?.[0]?.callback_data ?? '';
  await client.sendCallback(client.makeCallbackQuery(data, { message: { message_id: first.messageId } }));
  const reply_to_message = { message_id: second.messageId, from: { id: 666 } };
  await client.sendMessage(client.makeMessage('Number one', { reply_to_message }));
  await home.until((event) => event.type === 'day.reported');
  const answers = (await home.of('item.answered')).map(({ task: id, data: { answers: said } }) => [id, said]);
  expect(Object.fromEntries(answers)).toEqual({ a: ['Number two'], b: ['Number one'] });
  expect(readFileSync(join(home.paths.results, DAY, 'a.patch'), 'utf8')).toContain('+Number two');
  await sees(`${DAY}-report.html cannot be sent in this chat`);
  // What the card says is edited there too.
  await sees('Number two');
  // The evening's buttons work there as well.
  const press = async (text: string, label: string) => {
    const { message, messageId } = await sees(text);
    const button = message.reply_markup?.inline_keyboard.flat().find((one) => one.text.includes(label));
    expect(button, `${label} under ${text}`).toBeDefined();
    await client.sendCallback(
      client.makeCallbackQuery(button?.callback_data ?? '', { message: { message_id: messageId } }),
    );
  };
  await press('a is done', 'Apply');
  await sees('Applied a');
  await press('What do you think of the work?', '★4');
  await sees('★★★★');
  expect(readFileSync(join(home.project, 'answer.txt'), 'utf8')).toBe('Number two\n');
  expect(logs).not.toContain(token);
});
