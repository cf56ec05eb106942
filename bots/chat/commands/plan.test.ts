import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeChat, memoryStage, type TestChat, type Visitor } from '../testing.ts';

async function viewer(t: TestChat): Promise<Visitor> {
  const stage = memoryStage(t.chat);
  await stage.visitor('1', 'Anna').says(await t.code());
  const bert = stage.visitor('2', 'Bert');
  await bert.says(await t.code('viewer'));
  return bert;
}

test.each(['.env', '/etc/passwd', '../x.yaml', 'tasks/2026-11-24.yaml', 'today .env'])(
  'the plan of %s is not shown: a chat names days, never files',
  async (words) => {
    const t = await makeChat();
    writeFileSync(join(t.ctx.home.paths.home, '.env'), 'KEY=sk-ant-api03-HUSH\n');
    const bert = await viewer(t);
    await bert.says(`/plan ${words}`);
    const said = (await bert.sees()).at(-1)?.text ?? '';
    expect(said).toContain('/plan tomorrow');
    expect(said).not.toMatch(/HUSH|root:/);
  },
);

test('a day is planned by its name, in whatever letters', async () => {
  const t = await makeChat();
  const { tasks } = t.ctx.home.paths;
  mkdirSync(tasks, { recursive: true });
  const tomorrow = new Date(t.clock.now() + 86_400_000).toISOString().slice(0, 10);
  writeFileSync(join(tasks, `${tomorrow}.yaml`), 'tasks: 5\n');
  const bert = await viewer(t);
  await bert.says('/plan Tomorrow');
  expect((await bert.sees()).at(-1)?.text).toContain('tasks: expected a list, found the number 5');
});

test('no day is started from a file that somebody sent to a task', async () => {
  const t = await makeChat();
  let began = 0;
  const ctx = {
    ...t.ctx,
    ...{ namedSecrets: () => [], runner: undefined },
    daemon: { start: () => Promise.resolve({ ok: true, message: `began ${(began += 1)}` }), end: () => 0 },
  };
  const { createOperator } = await import('../../../src/operator/index.ts');
  const operator = createOperator(ctx);
  const by = (via: 'telegram' | 'cli') => ({ kind: 'person', via }) as const;
  const target = 'agent_workspaces/2026-11-24/a/given/p.yaml';
  expect(await operator.start({ target }, by('telegram'))).toMatchObject({ ok: false });
  expect(began).toBe(0);
  expect(await operator.start({ target: 'tomorrow' }, by('telegram'))).toMatchObject({ ok: true });
  expect(await operator.start({ target }, by('cli'))).toMatchObject({ ok: true });
});
