import { afterEach, expect, test } from 'vitest';
import { scriptOf } from './parse.ts';
import type { ScriptInput } from './schema.ts';
import { startScriptedModel, type ScriptedModel } from './server.ts';

const models: ScriptedModel[] = [];
afterEach(async () => {
  for (const model of models.splice(0)) await model.close();
});

async function serve(turns: ScriptInput['tasks'][number]['turns']): Promise<ScriptedModel> {
  const model = await startScriptedModel(scriptOf({ tasks: [{ task: 't', turns }] }));
  models.push(model);
  return model;
}

const first = { role: 'user', content: 'Task: t\nWorkspace: /w\nOut folder: /o' };

function call(model: ScriptedModel, body: object = {}, path = '/v1/messages?beta=true'): Promise<Response> {
  return fetch(model.url + path, {
    method: 'POST',
    body: JSON.stringify({ model: 'm', stream: true, tools: [{ name: 'Bash' }], messages: [first], ...body }),
  });
}

interface SseEvent {
  type: string;
  message?: { id: string; usage: Record<string, unknown> };
  usage?: Record<string, unknown>;
  delta?: { type?: string; text?: string; partial_json?: string; stop_reason?: string };
}

function eventsIn(text: string): SseEvent[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice(6)) as SseEvent);
}

test('an answer streams as the API streams, with placeholders filled and usage as scripted', async () => {
  const usage = { input: 1, output: 2, cache_write_5m: 3, cache_write_1h: 4, cache_read: 5 };
  const text = 'Words in {{workspace}} 👋 '.repeat(9);
  const model = await serve([{ say: text, tools: [{ name: 'Write', input: { paths: ['{{out}}/a'], n: 1 } }], usage }]);
  const events = eventsIn(await (await call(model)).text());
  expect(events[0]).toMatchObject({
    type: 'message_start',
    message: {
      usage: {
        input_tokens: 1,
        cache_creation_input_tokens: 7,
        cache_read_input_tokens: 5,
        cache_creation: { ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 4 },
      },
    },
  });
  const said = events.map(({ delta }) => delta?.text ?? '').join('');
  expect(said).toBe('Words in /w 👋 '.repeat(9));
  expect(JSON.parse(events.map(({ delta }) => delta?.partial_json ?? '').join(''))).toEqual({ paths: ['/o/a'], n: 1 });
  expect(events.at(-2)).toMatchObject({ delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 2 } });
  expect(events.at(-1)?.type).toBe('message_stop');
});

test('the same request gets the same message id, another one another', async () => {
  const model = await serve([{ say: 'a' }, { say: 'b' }]);
  const id = async (messages: object[]) => eventsIn(await (await call(model, { messages })).text())[0]?.message?.id;
  const marked = { role: 'user', content: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }] };
  const unmarked = { role: 'user', content: [{ type: 'text', text: 'x' }] };
  expect(await id([marked])).toBe(await id([unmarked]));
  expect(await id([first])).not.toBe(await id([marked]));
  expect(model.requests.map(({ message }) => message)).toHaveLength(4);
});

test('without streaming the answer is one body, and tokens can be counted', async () => {
  const model = await serve([{ say: 'plain' }]);
  expect(await (await call(model, { stream: false })).json()).toMatchObject({
    type: 'message',
    content: [{ type: 'text', text: 'plain' }],
    stop_reason: 'end_turn',
  });
  const counted = (await (await call(model, {}, '/v1/messages/count_tokens')).json()) as { input_tokens: number };
  expect(counted.input_tokens).toBeGreaterThan(0);
});

test('a request without tools is a side request and takes no turn', async () => {
  const model = await serve([{ say: 'the turn' }]);
  expect(await (await call(model, { tools: [] })).text()).not.toContain('the turn');
  expect(await (await call(model)).text()).toContain('the turn');
});

test('an error comes so many times, then the turn', async () => {
  const error = { status: 429, type: 'rate_limit_error', message: 'slow', headers: { 'retry-after': '7' }, times: 2 };
  const model = await serve([{ say: 'now', error }]);
  for (let i = 0; i < 2; i += 1) {
    const answer = await call(model);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7']);
    expect(await answer.json()).toEqual({ type: 'error', error: { type: 'rate_limit_error', message: 'slow' } });
  }
  expect(await (await call(model)).text()).toContain('now');
});

test('a cut stream breaks off after its start', async () => {
  const model = await serve([{ say: 'Some words that are long enough to be cut.', cut: true }]);
  const broken = await call(model);
  await expect(broken.text()).rejects.toThrow();
  expect(await (await call(model)).text()).toContain('message_stop');
});

test('a stalled stream starts and stays silent until the caller goes', async () => {
  const model = await serve([{ say: 'never', stall: 'always' }]);
  const stop = new AbortController();
  const response = await fetch(`${model.url}/v1/messages`, {
    method: 'POST',
    body: JSON.stringify({ stream: true, tools: [{}], messages: [first] }),
    signal: stop.signal,
  });
  const reader = response.body?.getReader();
  const chunk = await reader?.read();
  expect(new TextDecoder().decode(chunk?.value as Uint8Array)).toContain('message_start');
  stop.abort();
  await expect(reader?.read()).rejects.toThrow();
});

test('what is no call to the API is refused in its own words', async () => {
  const model = await serve([]);
  expect((await fetch(`${model.url}/`, { method: 'HEAD' })).status).toBe(200);
  expect((await fetch(`${model.url}/v1/other`)).status).toBe(404);
  expect((await fetch(`${model.url}/v1/messages`, { method: 'POST', body: '{"messages":7}' })).status).toBe(400);
});

test('without a script’s word on usage, what was there before is read from the cache', async () => {
  const model = await serve([{ say: 'a' }, { say: 'b' }]);
  const messages = [first, { role: 'assistant', content: 'a' }, { role: 'user', content: 'more' }];
  const [start] = eventsIn(await (await call(model, { messages })).text());
  expect(start?.message?.usage.cache_read_input_tokens).toBeGreaterThan(0);
});
