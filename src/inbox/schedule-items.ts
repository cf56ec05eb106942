import { count } from '../base/index.ts';
import type { ItemState } from '../journal/index.ts';
import type { ItemOpened } from './items.ts';

const wait = { kind: 'wait' } as const;
const labels = { write: 'I write a task file', off: 'Day off', run: 'Run it now', leave: 'Leave it' } as const;

/** What the answer to an item of the schedule means. Words that fit no option are `unclear`: nothing is done on them. */
export type ScheduleDecision =
  { kind: 'carry' | 'backlog' | 'write' | 'off' | 'run' | 'leave' } | { kind: 'unclear'; words: string };

/** A day that has nothing to do, or whose task file is not valid (`faults`, a line each). */
export function newPlanItem(
  id: string,
  day: {
    date: string;
    file: string;
    faults?: string;
    /** What is wrong with the other lists, a line each. */
    remarks?: string;
    carry?: { tasks: number; from: string };
    backlog?: number;
  },
): ItemOpened {
  const { date, file, faults, remarks, carry, backlog = 0 } = day;
  const context = [faults, remarks].filter((text) => text !== undefined).join('\n');
  const options = [
    ...(carry === undefined
      ? []
      : [
          {
            label: `Carry over ${carry.tasks} from ${carry.from}`,
            description: 'unfinished, with the work done so far',
          },
        ]),
    ...(backlog === 0
      ? []
      : [
          {
            label: `Take from the backlog`,
            description: `${count(backlog, 'task')} there; as many as time and budget allow`,
          },
        ]),
    {
      label: faults === undefined ? labels.write : 'I mend the task file',
      description: `${file}: the day begins when it is there and valid`,
    },
    { label: labels.off },
  ];
  return {
    id,
    kind: 'schedule',
    questions: [
      {
        question:
          faults === undefined
            ? `Nothing is planned for ${date}. What now?`
            : `${file} is not valid, so ${date} did not begin. What now?`,
        multiSelect: false,
        options,
      },
    ],
    ...(context === '' ? {} : { context }),
    source: 'daemon',
    about: { kind: 'day', date },
    silence: wait,
  };
}

/** A slot of the schedule that nobody was there for. `at`: when it was planned, for people. */
export function newMissedItem(
  id: string,
  slot: { name: string; planned: string; what: string; why: string },
): ItemOpened {
  const at = slot.planned.replace('T', ' ');
  return {
    id,
    kind: 'schedule',
    questions: [
      {
        question: `“${slot.name}” (${slot.what}) was planned for ${at} and did not run: ${slot.why}. Run it now?`,
        multiSelect: false,
        options: [{ label: labels.run }, { label: labels.leave }],
      },
    ],
    source: 'daemon',
    about: { kind: 'slot', name: slot.name, planned: slot.planned },
    silence: wait,
  };
}

/** What the answer of a schedule item means; undefined while there is none. */
export function scheduleDecision(item: ItemState): ScheduleDecision | undefined {
  const said = item.answers?.[0]?.trim();
  if (said === undefined) return undefined;
  if (/^carry\b/i.test(said)) return { kind: 'carry' };
  if (/^(?:take from the )?backlog\b/i.test(said)) return { kind: 'backlog' };
  if (/^(?:i )?(?:write|mend)\b/i.test(said)) return { kind: 'write' };
  if (/^off[.!]?$|^nothing[.!]?$|^(?:take |make it )?(?:a |the |my )?(?:day|today) off(?:,? please)?[.!]?$/i.test(said))
    return { kind: 'off' };
  if (/^(?:run(?: it)?(?: now)?|yes)[.!]?$/i.test(said)) return { kind: 'run' };
  if (/^(?:leave(?: it)?|no|skip)[.!]?$/i.test(said)) return { kind: 'leave' };
  return { kind: 'unclear', words: said };
}
