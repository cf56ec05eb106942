import { cutEnd, oneLine } from '../../../src/base/index.ts';
import { openItems } from '../../../src/inbox/index.ts';
import type { State } from '../../../src/journal/index.ts';
import { latestDay } from './day.ts';
import type { Command } from './types.ts';

/** Something that a command's first word may be. */
export interface Completion {
  value: string;
  /** What is shown for it. */
  label: string;
}

/** What a command's first word may be, the likeliest first; of these, what has the typed text in it. */
export function complete(state: State, command: Pick<Command, 'completes'>, typed: string): Completion[] {
  const sought = typed.trim().toLowerCase();
  return all(state, command.completes).filter(({ label }) => label.toLowerCase().includes(sought));
}

function all(state: State, kind: Command['completes']): Completion[] {
  const of = (value: string, words: string): Completion => ({
    value,
    label: words === '' ? value : `${value} · ${cutEnd(oneLine(words), 80)}`,
  });
  switch (kind) {
    case 'task':
      return Object.values(latestDay(state)?.tasks ?? {}).map(({ spec, status }) =>
        of(spec.id, `${status} · ${spec.name}`),
      );
    case 'item':
      return openItems(state).map(({ id, questions }) => of(id, questions[0]?.question ?? ''));
    case 'day':
      return Object.values(state.days)
        .sort((a, b) => b.date.localeCompare(a.date))
        .map(({ date, status }) => of(date, status));
    case 'person':
      return Object.values(state.chat.people).map(({ id, name, role }) => of(id, `${name} · ${role}`));
    case undefined:
      return [];
  }
}
