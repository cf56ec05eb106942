import { expect, test } from 'vitest';
import { askedMark, createTelling, messageMark, messagesText, resultMark } from './told.ts';

const tell = { id: '3f2a91c0-1111-4222-8333-444455556666', text: 'Use "tabs"\nplease' };

/** A model call whose body is this, as JSON. */
const call = (id: string, body: unknown) => ({
  call: id,
  carries: (text: string) => JSON.stringify(body).includes(text),
});
const answered = (id: string) => ({ call: id, message: `msg_${id}` });

function telling(...marks: string[]) {
  const made = createTelling();
  const told: string[] = [];
  for (const mark of marks) made.once(mark, () => Promise.resolve(told.push(mark)));
  return { ...made, told };
}

test('a call of a subagent, or for a title, says nothing of what the agent was handed', () => {
  const agent = telling(messageMark(tell), resultMark('toolu_1'), askedMark({ id: 'q1' }));
  agent.out(call('c1', { messages: [{ role: 'user', content: 'Look for the tests.' }] }));
  // The agent's own turn, before it has the answer: the call of the tool is there, its result is not.
  agent.out(call('c2', { messages: [{ role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1' }] }] }));
  agent.out(call('c3', { messages: [{ role: 'user', content: 'You asked (q11):\nWhich?' }] }));
  for (const id of ['c1', 'c2', 'c3']) agent.settled(answered(id));
  expect(agent.told).toEqual([]);
});

test('a call with the tool’s result, the message or the prompt in it does, once it is answered', () => {
  const marks = [messageMark(tell), resultMark('toolu_1'), askedMark({ id: 'q1' })];
  const agent = telling(...marks);
  const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'B' };
  agent.out(call('c1', { messages: [{ role: 'user', content: [result] }] }));
  expect(agent.told).toEqual([]);
  agent.settled(answered('c1'));
  expect(agent.told).toEqual([marks[1]]);
  agent.out(call('c2', { messages: [{ role: 'user', content: `hook: ${messagesText([tell])}` }] }));
  agent.out(call('c3', { messages: [{ role: 'user', content: 'You asked (q1):\nWhich?' }] }));
  agent.settled(answered('c3'));
  agent.settled(answered('c2'));
  expect(agent.told).toEqual([marks[1], marks[2], marks[0]]);
  agent.settled(answered('c2'));
  expect(agent.told).toHaveLength(3);
});

test('a call without an answer says nothing; the next one does', () => {
  const mark = resultMark('toolu_1');
  const agent = telling(mark);
  const body = { messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1' }] }] };
  agent.out(call('c1', body));
  agent.settled({ call: 'c1' });
  expect(agent.told).toEqual([]);
  agent.out(call('c2', body));
  agent.settled(answered('c2'));
  expect(agent.told).toEqual([mark]);
});

test('an agent that came to its end has read all of it', async () => {
  const agent = telling('a', 'b');
  await agent.all();
  await agent.all();
  expect(agent.told).toEqual(['a', 'b']);
});

test('a message goes to each subagent once', () => {
  const agent = telling();
  expect([agent.isNewTo('x', '1'), agent.isNewTo('x', '1'), agent.isNewTo('x', '2'), agent.isNewTo('y', '1')]).toEqual([
    true,
    false,
    true,
    true,
  ]);
});

test('what the model has is not handed to it again while that is still being written down', async () => {
  const mark = messageMark(tell);
  const agent = createTelling();
  const { promise: written, resolve: write } = Promise.withResolvers<undefined>();
  let times = 0;
  const told = () => {
    times++;
    return written;
  };
  agent.once(mark, told);
  expect(agent.isTold(mark)).toBe(false);
  agent.out(call('c1', { messages: [{ role: 'user', content: messagesText([tell]) }] }));
  agent.settled(answered('c1'));
  expect(agent.isTold(mark)).toBe(true);
  agent.once(mark, told);
  let over = false;
  const end = agent.all().then(() => (over = true));
  await Promise.resolve();
  expect([times, over]).toEqual([1, false]);
  write(undefined);
  await end;
});
