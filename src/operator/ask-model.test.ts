import { expect, test } from 'vitest';
import { proposalPrompt, type Said } from '../learn/index.ts';
import { modelAsker } from './ask-model.ts';
import { ollamaOf, reply, type Answer } from './ollama.testing.ts';

const said: Said = {
  ...{ project: 'shop', modules: ['api'] },
  // What lies outside is there too.
  file: (name) => (/^docs\/api\.md$|secrets|passwd/.test(name) ? name : undefined),
};

/** The time limit is over where the model says nothing. */
const ask = async (answers: Answer[], wishes: string[]) => {
  const time = new AbortController();
  const { url, asked } = await ollamaOf(answers, () => time.abort());
  const [notes, limits]: [string[], number[]] = [[], []];
  const settings = { url, model: 'm', num_ctx: 4096, timeout_seconds: 30 };
  const asker = modelAsker(
    settings,
    (note) => notes.push(note),
    (ms) => {
      limits.push(ms);
      return time.signal;
    },
  );
  return { found: await asker(wishes, [], said), asked, notes, limits, asker };
};

test('a model proposes under a schema, with its context set; what it names must be there', async () => {
  const { found, asked, notes } = await ask(
    [
      '{"kind":"context","files":["docs/api.md","docs/gone.md"],"module":"api"}',
      '{"kind":"context","files":["docs/gone.md"]}',
      '{"kind":"guard","paths":["../outside","infra/"]}',
      'no JSON at all',
    ],
    ['one', 'two', 'three', 'four'],
  );
  expect(found.get('one')).toEqual({
    does: { kind: 'context', files: ['docs/api.md'] },
    scope: { project: 'shop', module: 'api' },
  });
  expect(found.get('three')).toMatchObject({
    does: { kind: 'guard', rule: { then: 'deny', when: { path: ['infra/**'] } } },
  });
  expect([...found.keys()]).toEqual(['one', 'three']);
  expect(asked[0]).toMatchObject({
    options: { num_ctx: 4096, temperature: 0 },
    stream: false,
    format: { type: 'object' },
  });
  expect(notes).toEqual([]);
});

test.each([
  '../../secrets.txt',
  'docs/../../secrets.txt',
  '..\\secrets.txt',
  '/etc/passwd',
  '~/secrets.txt',
  'C:\\secrets.txt',
])('a model’s path that leaves the project is none, though it is there: %j', async (outside) => {
  const { found } = await ask(
    [
      JSON.stringify({ kind: 'context', files: [outside] }),
      JSON.stringify({ kind: 'context', files: [outside, 'docs/api.md'] }),
      JSON.stringify({ kind: 'guard', paths: [outside] }),
    ],
    ['one', 'two', 'three'],
  );
  expect([...found]).toEqual([['two', expect.objectContaining({ does: { kind: 'context', files: ['docs/api.md'] } })]]);
});

test('a model’s rule that no file of rules could hold is none', async () => {
  const { found } = await ask(['{"kind":"guard","paths":["infra/"]}'], ['{}']);
  expect(found.size).toBe(0);
});

test.each([
  '[]',
  '{"kind":"delete everything"}',
  '{"kind":"check"}',
  '{"kind":"check","command":"npm test\\nrm -rf /"}',
  '{"kind":"estimate","factor":1000}',
  '{"kind":"question","ask":""}',
  '{"kind":"context","files":["docs/gone.md"]}',
  '',
])('what is not of the schema, or can do nothing, is none: %j', async (answer) => {
  const { found, notes } = await ask([answer, '{"kind":"question","ask":"Which?"}'], ['one', 'two']);
  expect([...found.keys()]).toEqual(['two']);
  expect(notes).toEqual([]);
});

test('one time limit holds for all wishes; after the first that is late none is asked any more', async () => {
  const late = await ask(['{"kind":"instruction"}', undefined], ['one', 'two', 'three']);
  expect([...late.found.keys()]).toEqual(['one']);
  expect((await late.asker(['four'], [], said)).size).toBe(0);
  expect(late.asked).toHaveLength(2);
  expect(late.limits).toEqual([30_000]);
  expect(late.notes).toEqual(['learning.ollama: it took longer than 30 s; the rules go on without it']);
});

test('a model that was never pulled, and a server that is not there, are told with what to do', async () => {
  const gone = await ask([{ status: 404, body: { error: "model 'm' not found" } }], ['one', 'two']);
  expect([gone.found.size, gone.asked.length]).toEqual([0, 1]);
  expect(gone.notes).toEqual([
    "learning.ollama: model 'm' not found: “ollama pull m” brings it; the rules go on without it",
  ]);
  const notes: string[] = [];
  const settings = { url: 'http://127.0.0.1:9', model: 'm', num_ctx: 4096, timeout_seconds: 5 };
  expect((await modelAsker(settings, (note) => notes.push(note))(['one'], [], said)).size).toBe(0);
  expect(notes).toEqual(['learning.ollama: nothing answers at http://127.0.0.1:9; the rules go on without it']);
});

test('what the context had no room for counts for nothing and is told', async () => {
  const guess = '{"kind":"check","command":"x"}';
  const { found, notes } = await ask(
    [
      { body: reply(guess, { done_reason: 'length' }) },
      { body: reply(guess, { prompt_eval_count: 4096 }) },
      { body: reply(guess, { prompt_eval_count: 4095 }) },
    ],
    ['one', 'two', 'three'],
  );
  expect([...found.keys()]).toEqual(['three']);
  expect(notes).toHaveLength(2);
  expect(notes[0]).toBe('learning.ollama: num_ctx 4096 is too small for “one”; the rules decide about it');
});

test('the prompt holds as many of the newest lessons as the context has room for', () => {
  const known = Array.from({ length: 40 }, (_, at) => ({ id: `l${at + 1}`, text: 'Ä'.repeat(200) }));
  const prompt = (numCtx: number) => proposalPrompt('a wish', known, said, numCtx);
  expect(prompt(65_536)).toContain('"l1"');
  expect(prompt(4096)).not.toContain('"l1"');
  expect(prompt(4096)).toContain('"l40"');
  expect(Buffer.byteLength(prompt(4096))).toBeLessThan(2 * 4096);
  expect(prompt(1024)).toContain('"a wish"');
});
