import { count, cutEnd, usd } from '../base/index.ts';
import { dayCost, daySummary } from './figures.ts';
import { tokenRows } from './task-words.ts';
import { span, type DayClock } from './time.ts';
import type { DayFacts } from './types.ts';
import { thousands } from './words.ts';

/** The day's figures, each with its name; then each raise of a budget and each pause. Plain text. */
export function totalRows(facts: DayFacts, clock: DayClock): [name: string, value: string][] {
  return [
    ['Tasks', daySummary(facts)],
    ['Cost', dayCost(facts)],
    // Where the plan has no estimates, what was foreseen takes their place.
    ...(facts.estimate.usd === undefined && facts.forecast !== undefined
      ? []
      : [
          ['Cost as planned', facts.estimate.usd === undefined ? 'no estimate' : usd(facts.estimate.usd)] as [
            string,
            string,
          ],
        ]),
    ...(facts.forecast === undefined
      ? []
      : [
          [
            'Cost as foreseen',
            `${usd(facts.forecast.p50)}, at most ${usd(facts.forecast.p80)} on 4 of 5 such days; from ${count(facts.forecast.records, 'ended task')}`,
          ] as [string, string],
        ]),
    [
      'Of the cost, our estimate',
      facts.estimatedUsd > 0 ? `${usd(facts.estimatedUsd)} (model calls that were cut off)` : 'nothing',
    ],
    ['Wall time', facts.wallMs === 0 ? 'none' : span(facts.wallMs)],
    ['Working time', `${span(facts.workedMs)}, planned ${facts.estimate.hours} h`],
    [
      'Model calls',
      `${thousands(facts.calls)}${facts.refusedCalls === 0 ? '' : `, and ${facts.refusedCalls} refused or failed`}`,
    ],
    ...tokenRows(facts.tokens),
    ...facts.raises.map(({ at, scope, task, limitUsd, by }): [string, string] => [
      'Budget set',
      `${clock.at(at)}: ${raisedWhat(scope, task)} to ${usd(limitUsd)}, by ${by}`,
    ]),
    ...facts.pauses.map(({ at, reason, resumed }): [string, string] => [
      'Paused',
      `${clock.at(at)} to ${resumed === undefined ? 'the end' : clock.at(resumed)}: ${cutEnd(reason, 200)}`,
    ]),
  ];
}

function raisedWhat(scope: DayFacts['raises'][number]['scope'], task: string | undefined): string {
  switch (scope) {
    case 'task':
      return task ?? 'a task';
    case 'day':
      return 'the day';
    case 'project':
      return 'the month of this project';
    case 'month':
      return 'the month';
  }
}
