import type { Content, State } from '../../src/journal/index.ts';
import type { Action } from './actions.ts';
import { dayCard } from './cards/day.ts';
import { itemCard } from './cards/item.ts';
import type { Message } from './input.ts';
import type { Limits } from './platform.ts';
import { bold, code, line, rich } from './rich/index.ts';

/** What a message says now. Undefined: there is nothing to say any more, such as of an item that nobody knows. */
export function compose(
  state: State,
  content: Content,
  about: { limits: Limits; now: number; sign: (action: Action) => string },
): Message | undefined {
  switch (content.kind) {
    case 'text':
      return { rich: content.rich };
    case 'item': {
      const item = Object.hasOwn(state.items, content.item) ? state.items[content.item] : undefined;
      return item === undefined ? undefined : itemCard(state, item, about.limits, about.sign);
    }
    case 'day': {
      const day = state.days[content.day];
      return day === undefined ? undefined : dayCard(state, day, about.now, about.sign);
    }
    case 'task': {
      const task = state.days[content.day]?.tasks[content.task];
      return task === undefined
        ? undefined
        : {
            rich: rich(
              line(bold(task.spec.name), ' · ', code(task.spec.id)),
              line(task.spec.description.slice(0, 600)),
            ),
          };
    }
    case 'report':
      return { rich: rich(line(bold(`📄 Report of ${content.day}`))) };
    case 'digest': {
      const open = content.items.flatMap((id) => {
        const item = state.items[id];
        return item?.status === 'open' ? [item] : [];
      });
      if (open.length === 0) return undefined;
      const lines = open.map((item) =>
        line(bold(item.id), ` · ${item.task}: ${(item.questions[0]?.question ?? '').slice(0, 120)}`),
      );
      return {
        rich: rich(line(bold(`🔔 ${open.length} ${open.length === 1 ? 'waits' : 'wait'} for you`)), ...lines),
        buttons: [[{ label: 'Show them', data: about.sign({ do: 'inbox' }) }]],
      };
    }
  }
}
