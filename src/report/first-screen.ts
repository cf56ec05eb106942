import { count, usd } from '../base/index.ts';
import { dayCost, daySummary, dayTime } from './figures.ts';
import type { DayClock } from './time.ts';
import type { DayFacts, QuestionFacts, TaskFacts } from './types.ts';

/**
 * The outcome of a day in five lines: in a sentence, what is done and proven, what needs the person, what it cost against the
 * forecast, how long it took.
 */
export interface FirstScreen {
  summary: string;
  proven: TaskFacts[];
  needs: Need[];
  cost: string;
  time: string;
}

/** Something that does not go on, or is not to be trusted, without the person. `task` is absent where it is about the day itself. */
interface Need {
  task?: TaskFacts;
  /** What it waits for, in a few words. */
  what: string;
}

/** The five lines of a day that has tasks. */
export function firstScreen(facts: DayFacts, clock: DayClock): FirstScreen {
  const idle = facts.outcomes.not_run.length === facts.tasks.length;
  return {
    summary: idle ? `Nothing ran. ${daySummary(facts)}` : daySummary(facts),
    proven: facts.tasks.filter(({ outcome }) => outcome === 'proven'),
    needs: needsOf(facts),
    cost: `${costLine(facts)}; paid by`,
    time: dayTime(facts, clock),
  };
}

function needsOf(facts: DayFacts): Need[] {
  const isOpen = ({ status }: QuestionFacts) => status === 'open';
  const asked = facts.questions.filter(isOpen);
  return [
    ...(asked.length === 0 ? [] : [{ what: `${count(asked.length, 'question')} about the day` }]),
    ...facts.tasks.flatMap((task): Need[] => {
      const open = task.questions.filter(isOpen);
      const what = [
        ...(task.outcome === 'waits_for_you' ? [open.length === 0 ? 'waits for you' : `asks (${idsOf(open)})`] : []),
        ...(task.outcome === 'failed' ? ['failed'] : []),
        ...(task.outcome === 'unproven' ? ['is not proven'] : []),
        ...(task.secrets.length > 0 ? ['holds a secret'] : []),
      ];
      return what.length === 0 ? [] : [{ task, what: what.join(', ') }];
    }),
  ];
}

function idsOf(items: readonly QuestionFacts[]): string {
  return items.map(({ id }) => id).join(', ');
}

/** `$8.42 of $50.00 (17 %); foreseen $16.00, at most $22.00 on 4 of 5 such days: less than foreseen`. */
function costLine(facts: DayFacts): string {
  const { forecast, spentUsd, estimate } = facts;
  if (forecast === undefined)
    return `${dayCost(facts)}${estimate.usd === undefined ? '' : `, planned ${usd(estimate.usd)}`}`;
  const { p50, p80, records } = forecast;
  const held = spentUsd > p80 ? 'dearer than that' : spentUsd > p50 ? 'within that' : 'no more than foreseen';
  const rests = records === 0 ? ' (by rules of thumb, nothing had ended yet)' : '';
  return `${dayCost(facts)}; foreseen ${usd(p50)}, at most ${usd(p80)} on 4 of 5 such days${rests}: ${held}`;
}
