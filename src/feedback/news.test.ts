import fc from 'fast-check';
import { expect, test } from 'vitest';
import { validateEvent } from '../journal/events.ts';
import { emptyState, fold, type NewEvent } from '../journal/index.ts';
import { newsOf } from './index.ts';

const date = '2026-11-23';
const tasks = [
  { id: 'task-001', name: 'Documentation Task' },
  { id: 'login', name: 'Sign in by mail' },
];

/** A reader that keeps what it reads, as the journal does. */
function reader() {
  const state = emptyState();
  return (text: string): NewEvent[] => {
    const { events } = newsOf(text, { file: `feedback/${date}.md`, date, tasks }, state.feedback[date]);
    for (const event of events) {
      expect(validateEvent(event).success).toBe(true);
      fold(state, { v: 1, actor: { kind: 'person' }, ...event, seq: state.seq + 1, at: `${date}T18:00:00.000Z` });
    }
    return events;
  };
}

const pieces = fc.array(
  fc.constantFrom(
    ...['## task-001\n', '## login: x\n', '## other\n', '# Feedback - 2026-11-23\n', '## Orchestrator Performance\n'],
    ...[
      "## Tomorrow's Adjustments\n",
      'Rating: 4/5\n',
      '★★★\n',
      'Rating: six\n',
      '✅ good\n',
      '⚠️ so so\n',
      '❌ bad\n',
    ],
    ...[
      'Action: do\n',
      '- more\n',
      '\r\n',
      '```\n',
      '<!--',
      '-->',
      '| Task | Rating |\n| --- | --- |\n',
      '| login | 2 |\n',
    ],
    ...['\u0000', '\ud800', 'x'.repeat(3000), '1. Reduce the budget to $5\n'],
  ),
  { maxLength: 30 },
);

test('whatever a file says, read twice it is in the journal once, and lines that move are no news', () => {
  fc.assert(
    fc.property(pieces, (parts) => {
      const text = parts.join('');
      const read = reader();
      read(text);
      expect(read(text)).toEqual([]);
      expect(read(`\n\n${text}`).filter(({ type }) => type !== 'feedback.read')).toEqual([]);
    }),
  );
});

test('an edited section takes the place of its older self, and one that is gone is taken back', () => {
  const read = reader();
  const types = (text: string) => read(text).map(({ type, task }) => (task === undefined ? type : `${type} ${task}`));
  expect(types('## login\nRating: 4\n## task-001\nRating: 5\n')).toEqual([
    ...['feedback.given login', 'feedback.given task-001', 'feedback.read'],
  ]);
  expect(types('## login\nRating: 3\n## task-001\nRating: 5\n')).toEqual(['feedback.given login', 'feedback.read']);
  expect(types('## login\nRating: 3\n')).toEqual(['feedback.withdrawn task-001', 'feedback.read']);
});
