import { InlineKeyboard, Bot, InputFile } from 'grammy';
import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  Client,
  Events,
  GatewayIntentBits,
  LabelBuilder,
  ModalBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';
import { expect, onTestFinished, test } from 'vitest';
import { startDiscord } from './support/discord/server.ts';
import { startTelegram } from './support/telegram/server.ts';

/** The servers that stand in for the vendors are spoken to by the vendors' own kind of client first, without anything of Dayshift. */

async function telegramBot() {
  const server = await startTelegram();
  const bot = new Bot(server.token, { client: { apiRoot: server.root } });
  onTestFinished(() => bot.stop());
  return { server, bot };
}

test('grammY talks to the Telegram server: a message, a button, an edit, a file', async () => {
  const { server, bot } = await telegramBot();
  bot.command('ask', (ctx) =>
    ctx.reply('A or B?', { reply_markup: new InlineKeyboard().text('A', 'a').text('B', 'b') }),
  );
  bot.on('callback_query:data', async (ctx) => {
    await ctx.answerCallbackQuery({ text: `took ${ctx.callbackQuery.data}` });
    await ctx.editMessageText(`It is ${ctx.callbackQuery.data}.`);
    await ctx.replyWithDocument(new InputFile(Buffer.from('+ a line'), 'a.patch'));
  });
  void bot.start();
  const chat = server.newChat();
  const ann = server.newUser('Ann');
  server.say(ann, chat, '/ask');
  const question = await server.until((message) => message.text === 'A or B?');
  const tap = server.tap(ann, question, 'B');
  expect(await tap.answered).toBe('took b');
  await server.until((message) => message.text === 'It is b.');
  const file = await server.until((message) => message.document?.file_name === 'a.patch');
  expect(server.world.files.get(file.document?.file_id ?? '')?.bytes.length).toBe(8);
});

test('the Telegram server refuses what the vendor refuses', async () => {
  const { server, bot } = await telegramBot();
  const chat = server.newChat();
  await expect(bot.api.sendMessage(chat.id, 'x'.repeat(4097))).rejects.toThrow('too long');
  await expect(
    bot.api.sendMessage(chat.id, 'x', { entities: [{ type: 'bold', offset: 0, length: 2 }] }),
  ).rejects.toThrow('ENTITY_BOUNDS');
  const keyboard = new InlineKeyboard().text('x', 'd'.repeat(65));
  await expect(bot.api.sendMessage(chat.id, 'x', { reply_markup: keyboard })).rejects.toThrow('BUTTON_DATA_INVALID');
  await expect(bot.api.createForumTopic(chat.id, 'x')).rejects.toThrow('not a forum');
  const sent = await bot.api.sendMessage(chat.id, 'same');
  await expect(bot.api.editMessageText(chat.id, sent.message_id, 'same')).rejects.toThrow('not modified');
  await expect(bot.api.sendDice(chat.id, '🎲')).rejects.toThrow('404');
});

test('a second poller ends the first with 409', async () => {
  const { server, bot } = await telegramBot();
  const first = bot.api.getUpdates({ timeout: 30 });
  await server.when(() => server.calls.some((call) => call.method === 'getUpdates'));
  const second = bot.api.getUpdates({ timeout: 1 });
  await expect(first).rejects.toThrow('409');
  server.say(server.newUser('Ann'), server.newChat(), 'hello');
  expect(await second).toHaveLength(1);
});

test('discord.js talks to the Discord server: a slash command, a button, a modal, a thread, a message', async () => {
  const server = await startDiscord();
  const channel = server.newChannel('work');
  const client = new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.MessageContent],
    rest: { api: server.root },
  });
  onTestFinished(() => client.destroy());
  const heard: string[] = [];
  client.on(Events.MessageCreate, (message) => {
    if (!message.author.bot) heard.push(message.content);
  });
  client.on(Events.InteractionCreate, (interaction) => {
    void (async () => {
      if (interaction.isChatInputCommand()) {
        const button = new ButtonBuilder()
          .setCustomId('other')
          .setLabel('something else…')
          .setStyle(ButtonStyle.Primary);
        await interaction.reply({
          content: `asked ${interaction.options.getString('what') ?? ''}`,
          components: [new ActionRowBuilder<ButtonBuilder>().addComponents(button)],
        });
      } else if (interaction.isButton()) {
        const input = new TextInputBuilder().setCustomId('words').setStyle(TextInputStyle.Short);
        const label = new LabelBuilder().setLabel('Your words').setTextInputComponent(input);
        await interaction.showModal(
          new ModalBuilder().setCustomId('m').setTitle('Something else').addLabelComponents(label),
        );
      } else if (interaction.isModalSubmit()) {
        await interaction.deferReply();
        await interaction.editReply(`you said ${interaction.fields.getTextInputValue('words')}`);
      }
    })();
  });
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(server.token);
  await ready;
  const ann = server.newUser('Ann');
  server.slash(ann, channel, 'ask', { what: 'colours' });
  const asked = await server.until((message) => message.content === 'asked colours');
  const tapped = server.tap(ann, asked, 'something else');
  await server.when(() => tapped.callback !== undefined);
  server.submit(tapped, 'blue');
  await server.until((message) => message.content === 'you said blue');
  server.say(ann, channel, 'good morning');
  const text = await client.channels.fetch(channel.id);
  if (text?.isTextBased() !== true || !('threads' in text)) throw new Error('no text channel');
  const thread = await text.threads.create({ name: 'task-001' });
  await thread.send('here');
  await server.when(() => heard.length > 0);
  expect(heard).toEqual(['good morning']);
  await expect(text.send('x'.repeat(2001))).rejects.toThrow('2000');
  expect(
    server.world.messages.filter((message) => message.channel_id === thread.id).map((message) => message.content),
  ).toEqual(['here']);
});
