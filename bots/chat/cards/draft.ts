import { cutEnd, oneLine } from '../../../src/base/index.ts';
import { openItems } from '../../../src/inbox/index.ts';
import { taskRef, type Action } from '../actions.ts';
import type { State } from '../../../src/journal/index.ts';
import type { Button } from '../platform.ts';
import type { Message } from '../input.ts';
import { bold, line, quote, rich } from '../rich/index.ts';
import { labelOf } from './label.ts';

type Sign = (action: Action) => string;

/** So many things that words could be for are offered. */
const MOST = 4;

/** A sentence that may become a task. */
export function newTaskCard(draft: string, text: string, sign: Sign): Message {
  const use = (label: string, as: 'start' | 'today' | 'backlog' | 'edit' | 'forget'): Button => ({
    label,
    data: sign({ do: 'use', draft, as }),
  });
  return {
    rich: rich(line(bold('🆕 A new task')), quote(cutEnd(text, 2000))),
    buttons: [
      [{ ...use('▶️ Start now', 'start'), look: 'good' }, use('Add to today', 'today')],
      [use('Backlog', 'backlog'), use('✏️ Edit', 'edit'), use('Forget it', 'forget')],
    ],
  };
}

/** Words that somebody sent without saying what for: it is asked, never guessed. `of`: the task in whose thread they were said. */
export function wordsCard(
  state: State,
  draft: string,
  text: string,
  of: { day: string; task: string } | undefined,
  sign: Sign,
): Message {
  const items = openItems(state)
    .filter((item) => of === undefined || (item.day === of.day && item.task === of.task))
    .slice(0, MOST);
  const tasks = of === undefined ? running(state).slice(0, MOST) : [of];
  const rows: Button[][] = [
    ...items.map((item) => [
      {
        label: labelOf(`Answer ${item.id}: ${item.questions[0]?.question ?? ''}`, 40),
        data: sign({ do: 'use', draft, as: 'answer', of: item.id }),
      },
    ]),
    ...tasks.map(({ day, task }) => [
      { label: labelOf(`Tell ${task}`, 40), data: sign({ do: 'use', draft, as: 'tell', of: taskRef(day, task) }) },
    ]),
  ];
  const last: Button[] =
    of === undefined ? [{ label: '🆕 A new task', data: sign({ do: 'use', draft, as: 'task' }) }] : [];
  return {
    rich: rich(line('What is this for?'), quote(cutEnd(oneLine(text), 300))),
    buttons: [...rows, [...last, { label: 'Forget it', data: sign({ do: 'use', draft, as: 'forget' }) }]],
  };
}

/** Tasks that can be told something, those at work first. */
function running(state: State): { day: string; task: string }[] {
  const order = ['working', 'checking', 'preparing', 'parked', 'queued'];
  return Object.values(state.days)
    .filter(({ status }) => status === 'running' || status === 'paused')
    .flatMap((day) =>
      Object.values(day.tasks).map((task) => ({ day: day.date, task: task.spec.id, at: order.indexOf(task.status) })),
    )
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
    .map(({ day, task }) => ({ day, task }));
}
