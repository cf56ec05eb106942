import { expect, test } from 'vitest';
import { openJournal } from '../journal/index.ts';
import { tempJournal } from '../journal/testing.ts';
import { startServices, type Service, type ServiceContext } from './service.ts';

async function context() {
  const journal = await openJournal(tempJournal());
  const said: string[] = [];
  const run = {
    journal,
    log: (text: string) => said.push(text),
    redact: (text: string) => text.replace('hush', '***'),
  };
  return { journal, said, context: { run, mode: 'daemon' } as unknown as ServiceContext };
}

test('a service that does not start is told and journaled, and the others run', async () => {
  const { journal, said, context: given } = await context();
  const ended: string[] = [];
  const good: Service = {
    name: 'good',
    start: () => Promise.resolve({ stop: () => Promise.resolve(void ended.push('good')) }),
  };
  const bad: Service = { name: 'bad', start: () => Promise.reject(new Error('the token hush is wrong')) };
  const worse: Service = {
    name: 'worse',
    start() {
      throw new Error('at once');
    },
  };
  const stop = startServices([bad, worse, good], given);
  await expect.poll(() => said.length).toBe(2);
  expect(said.sort()).toEqual(['bad did not start: the token *** is wrong', 'worse did not start: at once']);
  await stop();
  expect(ended).toEqual(['good']);
  await journal.close();
});

test('a service that cannot end does not hold up the end of the daemon, and one of another mode is not started', async () => {
  const { journal, said, context: given } = await context();
  const failing: Service = {
    name: 'failing',
    start: () => Promise.resolve({ stop: () => Promise.reject(new Error('gone')) }),
  };
  const elsewhere: Service = { name: 'elsewhere', modes: ['run'], start: () => Promise.reject(new Error('never')) };
  await startServices([failing, elsewhere], given)();
  expect(said).toEqual(['failing did not end well: gone']);
  await journal.close();
});
