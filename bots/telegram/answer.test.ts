import { expect, test } from 'vitest';
import { eventually, makeChat, memoryStage, type TestChat } from '../chat/testing.ts';
import { PlatformError, type Input, type Message, type Platform } from '../chat/index.ts';
import { showMessages } from './answer.ts';

const origin = { channel: 'telegram', id: 'u9', user: '1', name: 'Anna', chat: 'chat-1', private: true } as const;
const words = (text: string): Message => ({ rich: [{ type: 'text', spans: [{ text }] }] });

/** Shows an answer while the server takes nothing but the first `taken` calls, and waits until it stands in the chat. */
async function shownLater(t: TestChat, messages: Message[], taken = 0) {
  const stage = memoryStage(t.chat);
  const anna = stage.visitor('1', 'Anna');
  await anna.says(await t.code());
  let calls = 0;
  const busy: Platform = {
    ...stage.platform,
    send: (place, part) =>
      (calls += 1) <= taken ? stage.platform.send(place, part) : Promise.reject(new PlatformError('flood', '429')),
    sendFile: () => Promise.reject(new PlatformError('flood', '429')),
  };
  const input: Input = { ...origin, type: 'text', text: '', files: [] };
  await showMessages(messages, input, { platform: busy, chat: t.chat, log: () => undefined });
  await eventually(() => (Object.keys(t.journal.state.chat.pending).length === 0 ? true : undefined), t.clock);
  return anna.sees();
}

test('an answer that comes later has its buttons, and of its files it says how they are to be had', async () => {
  const t = await makeChat();
  const button = { label: '⏹ Yes, stop the day', data: 'y.3.x.0.abcdefgh', look: 'bad' as const };
  const files = [{ name: 'a.patch', bytes: new Uint8Array(3), as: 'document' as const }];
  const seen = await shownLater(t, [{ ...words('Stop all of it?'), buttons: [[button]], files }]);
  expect(seen.find(({ text }) => text === 'Stop all of it?')?.buttons).toEqual([[button.label]]);
  expect(seen.at(-1)?.text).toContain('a.patch could not be sent now. Ask for it once more.');
});

test('of an answer in parts only those come later that are not there', async () => {
  const t = await makeChat();
  const seen = await shownLater(t, [words(`${'one '.repeat(900)}${'two '.repeat(900)}`)], 1);
  expect(seen.filter(({ text }) => text.startsWith('one'))).toHaveLength(1);
  expect(seen.filter(({ text }) => text.includes('two'))).not.toHaveLength(0);
});

test('a code is shown at once or not at all, and is kept nowhere', async () => {
  const t = await makeChat();
  const seen = await shownLater(t, [{ ...words('ABCD-EFGH'), secret: true }]);
  expect(JSON.stringify([seen, t.journal.state])).not.toContain('ABCD-EFGH');
  expect(seen.at(-1)?.text).toContain('Ask once more');
});
