import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a wish is answered with: the model’s words, a body, or nothing, ever. */
export type Answer = string | { status?: number; body: object } | undefined;

/** A server that speaks Ollama's chat protocol and answers with these words, one after the other. `silent`: told when it says nothing. */
export async function ollamaOf(answers: readonly Answer[], silent: () => void = () => undefined) {
  const asked: { messages: { content: string }[] }[] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push(JSON.parse(body) as (typeof asked)[number]);
      const answer = answers[asked.length - 1];
      if (answer === undefined) {
        silent();
        return;
      }
      const { status = 200, body: said } = typeof answer === 'string' ? { body: reply(answer) } : answer;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(said));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** A whole answer with these words. */
export const reply = (content: string, more: object = {}) => ({
  ...{ model: 'm', message: { role: 'assistant', content }, done: true, done_reason: 'stop' },
  ...more,
});
