import { expect, test } from 'vitest';
import type { JournalEvent } from '../../../src/journal/index.ts';
import { DAY } from '../../../src/journal/testing.ts';
import { plainOf, rich } from '../rich/index.ts';
import { logLines } from './task-log.ts';

const event = (type: string, data: object, minute: number) =>
  ({ type, data, at: `2026-11-23T08:${String(minute).padStart(2, '0')}:00.000Z`, day: DAY, task: 'a' }) as JournalEvent;

test('a task’s log is read on a phone: what was said, done, refused and asked, with its time, the last at the end', () => {
  const lines = logLines(
    [
      event('agent.said', { text: 'I look\nfirst.' }, 1),
      event('agent.tool', { toolUseId: 't', tool: 'Bash', input: 'npm test' }, 2),
      event('agent.tool_result', { toolUseId: 't', ok: true, text: 'fine' }, 2),
      event('guard.decided', { subject: 'git push', decision: 'deny', reason: 'no git writes' }, 3),
      event('model.settled', { call: 'c' }, 4),
    ],
    'Europe/Berlin',
  );
  expect(plainOf(rich(...lines)).split('\n')).toEqual([
    '09:01 💬 I look first.',
    '09:02 🔧 Bash npm test',
    '09:03 ⛔️ git push: no git writes',
  ]);
  const many = Array.from({ length: 100 }, (_, index) => event('agent.said', { text: `word ${index}` }, index % 60));
  expect(
    plainOf(rich(...logLines(many, 'UTC')))
      .split('\n')
      .at(-1),
  ).toContain('word 99');
  expect(logLines(many, 'UTC').length).toBeLessThan(30);
});
