import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Said } from '../learn/index.ts';
import { askModel } from './ask-model.ts';

const said: Said = {
  ...{ project: 'shop', modules: ['api'] },
  file: (name) => (name === 'docs/api.md' ? name : undefined),
};

/** A server that speaks Ollama's chat protocol and answers with these words; undefined: never. */
async function serverOf(answers: (string | undefined)[]) {
  const asked: Record<string, unknown>[] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push(JSON.parse(body) as Record<string, unknown>);
      const content = answers[asked.length - 1];
      if (content === undefined) return;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ model: 'm', message: { role: 'assistant', content }, done: true }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const ask = async (answers: (string | undefined)[], wishes: string[], timeout = 30) => {
  const { url, asked } = await serverOf(answers);
  const notes: string[] = [];
  const settings = { url, model: 'm', num_ctx: 4096, timeout_seconds: timeout };
  const found = await askModel(settings, wishes, [], said, (note) => notes.push(note));
  return { found, asked, notes };
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
    does: { kind: 'guard', rule: { then: 'deny', when: { path: ['infra/'] } } },
  });
  expect([...found.keys()]).toEqual(['one', 'three']);
  expect(asked[0]).toMatchObject({
    options: { num_ctx: 4096, temperature: 0 },
    stream: false,
    format: { type: 'object' },
  });
  expect(notes).toEqual([]);
});

test('a model that does not answer in time, or is not there, is told and left out', async () => {
  const late = await ask([undefined], ['one'], 0.2);
  expect(late.found.size).toBe(0);
  expect(late.notes).toEqual(['learning.ollama: it took longer than 0.2 s; the rules go on without it']);
  const notes: string[] = [];
  const settings = { url: 'http://127.0.0.1:9', model: 'm', num_ctx: 4096, timeout_seconds: 5 };
  expect((await askModel(settings, ['one'], [], said, (note) => notes.push(note))).size).toBe(0);
  expect(notes[0]).toContain('the rules go on without it');
});
