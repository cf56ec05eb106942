import { expect, test } from 'vitest';
import { chooseTurn } from './choose.ts';
import { scriptOf } from './parse.ts';
import { conversationOf, requestSchema } from './request.ts';
import type { ScriptInput } from './schema.ts';

interface Message {
  role: string;
  content: unknown;
}

const user = (content: unknown): Message => ({ role: 'user', content });
const model = (content: unknown = 'words'): Message => ({ role: 'assistant', content });
const toolResult = (text: string) =>
  user([{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text }] }]);

function choose(script: ScriptInput, messages: Message[]) {
  const conversation = conversationOf(requestSchema.parse({ messages }));
  const choice = chooseTurn(scriptOf(script), conversation);
  return { ...choice, say: choice.turn?.say, lastAnswer: conversation.lastAnswer };
}

const script: ScriptInput = {
  tasks: [
    {
      task: 't-1',
      turns: [
        { say: 'first' },
        { say: 'again', repeat: 3 },
        {
          when: 'fail',
          then: [{ say: 'repair' }, { when: 'fail', then: [{ say: 'give up' }], else: [{ say: 'repaired' }] }],
          else: [{ say: 'fine' }],
        },
        { say: 'last' },
      ],
    },
    { match: 'helper', turns: [{ say: 'helped' }] },
  ],
};

/** The conversation in which `inputs` were said, one after each answer. */
function talk(...inputs: string[]): Message[] {
  return [user('Task: t-1\n'), ...inputs.flatMap((input) => [model(), user(input)])];
}

test('the number of answers says which turn it is, repetitions counted', () => {
  const said = [0, 1, 2, 3].map((count) => choose(script, talk(...Array<string>(count).fill('ok'))));
  expect(said.map(({ say, n }) => [say, n])).toEqual([
    ['first', 1],
    ['again', 1],
    ['again', 2],
    ['again', 3],
  ]);
});

test('a fork is decided by what was said before it, also turns later', () => {
  expect(choose(script, talk('', '', '', 'fine')).say).toBe('fine');
  expect(choose(script, talk('', '', '', 'fine', '')).say).toBe('last');
  expect(choose(script, talk('', '', '', '1 fail')).say).toBe('repair');
  expect(choose(script, talk('', '', '', '1 fail', '2 fail')).say).toBe('give up');
  expect(choose(script, talk('', '', '', '1 fail', 'ok')).say).toBe('repaired');
  expect(choose(script, talk('', '', '', '1 fail', 'ok', 'ok')).say).toBe('last');
});

test('after the last turn, and for strangers, there is none', () => {
  expect(choose(script, talk('', '', '', '', '', '')).turn).toBeUndefined();
  expect(choose(script, [user('Task: t-10\n')])).toMatchObject({ turn: undefined, task: undefined });
  expect(choose(script, [user('words\nTask: t-2\nTask: t-1')]).task).toBeUndefined();
  expect(choose(script, [user('the helper')]).say).toBe('helped');
});

const INTERRUPTED = '[Tool call interrupted: the session ended before this call was recorded]';

test('a turn whose tools were interrupted is played again', () => {
  const messages = [...talk(INTERRUPTED), model('No response requested.'), user('Go on.')];
  expect(choose(script, messages)).toMatchObject({ say: 'first', index: 0 });
  expect(choose(script, [...messages, model(), user('ok')])).toMatchObject({ say: 'again', n: 1 });
});

test('a question that the next prompt answers is not asked again, one that it does not answer is', () => {
  const asked = [{ type: 'tool_use', id: 't', name: 'AskUserQuestion', input: {} }];
  const before = [user('Task: t-1\n'), model(asked), toolResult(INTERRUPTED), model('No response requested.')];
  expect(choose(script, [...before, user('Go on.')]).say).toBe('first');
  const answer = 'The person answered.\n\nThe answer to your question:\nB) Pagination\n\nmore';
  expect(choose(script, [...before, user(answer)])).toMatchObject({ say: 'again', lastAnswer: 'Pagination' });
});

test('the answer to a question is found in the tool’s result', () => {
  const text = 'Your questions have been answered: "Which?"="The 2nd. one". You can now continue.';
  expect(choose(script, [...talk(), model(), toolResult(text)]).lastAnswer).toBe('The 2nd. one');
});
