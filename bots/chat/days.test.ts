import { expect, test } from 'vitest';
import type { NewEvent } from '../../src/journal/index.ts';
import { planned, taskSpec } from '../../src/journal/testing.ts';
import { encodeAction, taskRef, type Action } from './actions.ts';
import { DAY, makeChat, memoryStage } from './testing.ts';

const LATER = '2099-01-01';

/** Two days that run at once, and somebody who taps buttons of either. */
async function twoDays() {
  const t = await makeChat();
  const stage = memoryStage(t.chat);
  const { platform } = stage;
  await stage.visitor('1', 'Anna').says(await t.code());
  await t.day('a');
  const other = JSON.stringify(planned([taskSpec('a')])).replaceAll(DAY, LATER);
  await t.journal.append(JSON.parse(other) as NewEvent, { type: 'day.started', day: LATER, data: {} });
  let taps = 0;
  const tap = (action: Action) =>
    t.chat.receive(
      {
        ...{ channel: 'telegram', id: `tap${(taps += 1)}`, user: '1', name: 'Anna', chat: 'chat-1', private: true },
        ...{ type: 'tap', data: encodeAction(action, t.ctx.secret), message: '1' },
      },
      platform,
    );
  const statuses = () => [DAY, LATER].map((date) => t.journal.state.days[date]?.status);
  return { t, tap, statuses };
}

test.each([
  [DAY, ['paused', 'running']],
  [LATER, ['running', 'paused']],
])('Pause and Go on under the card of %s are about that day', async (day, paused) => {
  const { tap, statuses } = await twoDays();
  await tap({ do: 'day', verb: 'pause', day });
  expect(statuses()).toEqual(paused);
  await tap({ do: 'day', verb: 'resume', day });
  expect(statuses()).toEqual(['running', 'running']);
});

test('Stop under a card asks about the card’s day, and stops that one', async () => {
  const { t, tap } = await twoDays();
  const asked = await tap({ do: 'day', verb: 'stop', day: DAY });
  expect(JSON.stringify(asked)).toContain(`Stop all of ${DAY}?`);
  await tap({ do: 'day', verb: 'stop', day: DAY, sure: t.clock.now() });
  expect([DAY, LATER].map((date) => t.journal.state.days[date]?.tasks.a?.status)).toEqual(['stopped', 'queued']);
});

test('a button of a day that is over, or that never was, does nothing to the day that runs', async () => {
  const { t, tap, statuses } = await twoDays();
  for (const verb of ['pause', 'stop'] as const)
    expect(await tap({ do: 'day', verb, day: '1999-01-01', sure: t.clock.now() })).toMatchObject({
      toast: '1999-01-01 is over.',
    });
  expect(statuses()).toEqual(['running', 'running']);
});

test('the second of two taps counts for ten minutes: an old “Yes, stop it” ends nothing', async () => {
  const { t, tap } = await twoDays();
  const sure = t.clock.now();
  t.clock.advance(11 * 60_000);
  const ref = taskRef(DAY, 'a');
  for (const action of [
    { do: 'day', verb: 'stop', day: DAY, sure },
    { do: 'task', verb: 'stop', ref, sure },
    { do: 'task', verb: 'rollback', ref, sure },
  ] as const)
    expect(await tap(action)).toMatchObject({ toast: 'That was asked too long ago. Say it once more.' });
  expect(t.journal.state.days[DAY]?.tasks.a?.status).toBe('queued');
  await tap({ do: 'task', verb: 'stop', ref, sure: t.clock.now() });
  expect(t.journal.state.days[DAY]?.tasks.a?.status).toBe('stopped');
});

test('“Retry” that is tapped twice at once gives one more go', async () => {
  const { t, tap } = await twoDays();
  await t.journal.append({ type: 'task.failed', day: LATER, task: 'a', data: { reason: 'no' } });
  let goes = 0;
  t.journal.subscribe(({ type }) => (goes += type === 'task.retried' ? 1 : 0));
  const action = { do: 'task', verb: 'retry', ref: taskRef(LATER, 'a') } as const;
  await Promise.all([tap(action), tap(action)]);
  expect(goes).toBe(1);
});

test('a date names a day where a task could stand; without one, no order is guessed while two days run', async () => {
  const { t, statuses } = await twoDays();
  const by = { kind: 'person', via: 'cli' } as const;
  const { operator } = t.ctx;
  expect(await operator.pause({}, by)).toMatchObject({ ok: false, message: expect.stringContaining(DAY) as string });
  expect(await operator.stop({}, by)).toMatchObject({ ok: false });
  await operator.pause({ task: DAY }, by);
  expect(statuses()).toEqual(['paused', 'running']);
  await operator.resume({ task: DAY }, by);
  await operator.budget({ task: DAY, usd: 99 }, by);
  expect(t.journal.state.days[DAY]?.limitUsd).toBe(99);
  await operator.stop({ task: DAY }, by);
  expect([DAY, LATER].map((date) => t.journal.state.days[date]?.tasks.a?.status)).toEqual(['stopped', 'queued']);
});
