import { count, duration, oneLine, usd } from '../base/index.ts';
import type { EventData, OnQuestion, Question } from '../journal/index.ts';

/** The data of an `item.opened` event. */
export type ItemOpened = EventData<'item.opened'>;

const wait = { kind: 'wait' } as const;

/** A question of an agent's, by the tool or by a file. `now` in milliseconds. */
export function newQuestionItem(
  id: string,
  asked: {
    questions: Question[];
    context?: string;
    impact?: string;
    /** How it came; with `file`, its name. */
    from: { source: 'tool'; toolUseId: string } | { source: 'file'; file: string };
  },
  onQuestion: OnQuestion,
  now: number,
): ItemOpened {
  const context = [asked.context, asked.impact === undefined ? undefined : `Impact: ${asked.impact}`]
    .filter((part) => part !== undefined)
    .join('\n\n');
  return {
    id,
    kind: 'question',
    questions: asked.questions,
    ...(context === '' ? {} : { context }),
    ...asked.from,
    silence: silenceOf(asked.questions, onQuestion, now),
  };
}

/** The first option is the default; where a question has no options there is none to take, so it waits. */
function silenceOf(questions: Question[], onQuestion: OnQuestion, now: number): ItemOpened['silence'] {
  if (onQuestion.mode !== 'default') return wait;
  const answers = questions.flatMap((question) => question.options.slice(0, 1).map((option) => option.label));
  if (answers.length === 0 || answers.length < questions.length) return wait;
  return { kind: 'default', at: new Date(now + onQuestion.afterMinutes * 60_000).toISOString(), answers };
}

function choice(question: string, options: [label: string, description?: string][]): Question[] {
  return [
    {
      question,
      multiSelect: false,
      options: options.map(([label, description]) => ({
        label,
        ...(description === undefined ? {} : { description }),
      })),
    },
  ];
}

/** The labels that decisions.ts reads back. */
export const labels = {
  allow: 'Allow it this once',
  allowAlways: 'Always allow it in this task',
  refuse: 'Refuse it',
  stopTask: 'Stop this task',
  stopDay: 'Stop the day',
  tomorrow: 'Go on tomorrow',
  keepBudget: 'Keep this budget',
  goOn: 'Let it go on',
  tryAgain: 'Try again',
  stop: 'Stop',
  leaveFailed: 'Leave it failed',
  waitForLimit: 'Wait for it',
  tryNow: 'Try now',
  change: 'Yes, change it',
  leave: 'No, leave it',
  keepLesson: 'Keep it, always',
  tryLesson: 'Try it',
  onlyIn: 'Only in module',
  dropLesson: 'Drop it',
} as const;

/** A tool call that the guard wants a person to decide. */
export function newApprovalItem(
  id: string,
  call: { tool: string; subject: string; reason: string; toolUseId: string; call?: string | undefined },
): ItemOpened {
  return {
    id,
    kind: 'approval',
    questions: choice(`May the agent run this?\n${call.tool}: ${call.subject}`, [
      [labels.allow],
      ...(call.call === undefined ? [] : [[labels.allowAlways] as [string]]),
      [labels.refuse, 'Or say in a sentence what it should do instead.'],
    ]),
    context: call.reason,
    source: 'daemon',
    toolUseId: call.toolUseId,
    ...(call.call === undefined ? {} : { call: call.call }),
    silence: wait,
  };
}

/** Nothing is `$0`: `$0.00` could be four tenths of a cent. */
function fine(amount: number): string {
  return amount === 0 ? '$0' : usd(amount);
}

/** The words that a budget question begins with, by what it is about: `budgetScope` reads them back. */
export const budgetWords = {
  project: 'This month’s budget of the project',
  month: 'This month’s budget',
  day: 'The day’s budget',
  task: 'This task’s budget',
} as const;

/**
 * A budget that is used up, or that the next call does not fit in. `moreUsd`: what "go on once" adds; default a fifth of the
 * limit, a dollar at least, and never less than what is needed to go on. Raising doubles the limit, or adds that to it or
 * to what is spent where that is more.
 */
export function newBudgetItem(
  id: string,
  budget: {
    scope: keyof typeof budgetWords;
    spentUsd: number;
    limitUsd: number;
    moreUsd?: number;
    /** What the next call may cost, where one waits. */
    callUsd?: number;
    /** The project's name, for scope `project`. */
    project?: string;
  },
): ItemOpened {
  const more = budget.moreUsd ?? Math.max(1, Math.round(budget.limitUsd * 20) / 100, neededUsd(budget));
  const words = budgetWords[budget.scope];
  const what = budget.scope === 'project' ? `${words} ${budget.project ?? ''}` : words;
  const isLeft = budget.limitUsd - budget.spentUsd >= 0.005;
  const state = isLeft
    ? `does not cover the next call${budget.callUsd === undefined ? '' : `, which may cost ${usd(budget.callUsd)}`}: ${fine(budget.spentUsd)} is spent`
    : `is used up (${fine(budget.spentUsd)} spent)`;
  return {
    id,
    kind: 'budget',
    questions: choice(`${what} of ${usd(budget.limitUsd)} ${state}. How should it go on?`, [
      [`Go on once with ${usd(more)} more`],
      [
        `Raise to ${usd(Math.max(budget.limitUsd * 2, Math.max(budget.limitUsd, budget.spentUsd) + more))}`,
        'Or write another amount: "raise to $12".',
      ],
      [labels.stopTask],
      [labels.stopDay],
      [labels.tomorrow, 'What is not done is carried over.'],
    ]),
    source: 'daemon',
    silence: wait,
  };
}

/** By how much the limit has to rise, in whole cents: so that the call fits, and a task may start, which it may under 95 %. */
function neededUsd(budget: { spentUsd: number; limitUsd: number; callUsd?: number }): number {
  const enough = Math.max(budget.spentUsd + (budget.callUsd ?? 0), budget.spentUsd / 0.95 + 0.005);
  return Math.ceil((enough - budget.limitUsd) * 100 - 1e-6) / 100;
}

/** A day that is likely to cost more than its budget, asked as it starts. It goes on meanwhile: the budget's line holds anyway. */
export function newForecastItem(
  id: string,
  day: { limitUsd: number; p50Usd: number; p80Usd: number; records: number },
): ItemOpened {
  const from =
    day.records === 0
      ? 'This is a guess by a built-in table: no task of yours has ended yet.'
      : `This rests on ${count(day.records, 'task')} of yours.`;
  return {
    id,
    kind: 'budget',
    questions: choice(
      `${budgetWords.day} of ${usd(day.limitUsd)} may not be enough: likely are ${usd(day.p50Usd)}, and eight of ten such days stay under ${usd(day.p80Usd)}. What shall hold?`,
      [
        [labels.keepBudget, 'Nothing is spent over it: you are asked when it is used up.'],
        [`Raise to ${usd(Math.ceil(day.p80Usd))}`, 'Or write another amount: "raise to $12".'],
        [labels.stopDay],
      ],
    ),
    context: `${from} The day goes on while you think.`,
    source: 'daemon',
    silence: wait,
  };
}

/** The account was refused: an expired login, a wrong key. `remedy`: what the person can do, in a sentence. */
export function newLoginItem(id: string, refusal: { detail: string; remedy?: string }): ItemOpened {
  return {
    id,
    kind: 'login',
    questions: choice(`Claude refuses the login: ${oneLine(refusal.detail)}`, [
      [labels.tryAgain, refusal.remedy ?? 'after you have logged in again or put in another key'],
      [labels.stop],
    ]),
    source: 'daemon',
    silence: wait,
  };
}

/** The canary of a start failed: `said` names what was not refused. */
export function newCanaryItem(id: string, said: string): ItemOpened {
  return {
    id,
    kind: 'canary',
    questions: choice(`An agent was not started, for this was not refused: ${oneLine(said)}. What now?`, [
      [labels.tryAgain, 'After you have mended it: `dayshift doctor --safety` shows what is open.'],
      [labels.stop, 'No task of this day begins or goes on.'],
    ]),
    source: 'daemon',
    silence: wait,
  };
}

/** The CLI was not proved to keep to its hooks. */
export function newCliItem(id: string, why: string): ItemOpened {
  return {
    id,
    kind: 'canary',
    questions: choice(`No agent is started: ${oneLine(why)}. What now?`, [
      [
        labels.tryAgain,
        'After you have installed another version, such as the one that Dayshift was tested with, or set agent.command.',
      ],
      [labels.stop, 'No task of this day begins or goes on.'],
    ]),
    source: 'daemon',
    silence: wait,
  };
}

/** An agent that seems to run in circles: it is parked until a person has looked. */
export function newRunawayItem(id: string, why: string): ItemOpened {
  return {
    id,
    kind: 'runaway',
    questions: choice(`The agent seems to run in circles: ${oneLine(why)}. It is halted. What now?`, [
      [labels.goOn, 'Or write what it should do instead: it reads your words as it goes on.'],
      [labels.stopTask],
    ]),
    source: 'daemon',
    silence: wait,
  };
}

/** The guard halted an agent: `why` says for what. */
export function newViolationItem(id: string, why: string): ItemOpened {
  return {
    id,
    kind: 'violation',
    questions: choice(`The guard halted the agent: ${oneLine(why)}. What now?`, [
      [labels.goOn, 'Or write what it should do instead: it reads your words as it goes on.'],
      [labels.stopTask],
    ]),
    source: 'daemon',
    silence: wait,
  };
}

/** How long a failed task is asked about, in ms: the work of last week is no question any more. */
const FAILED_MS = 3 * 24 * 3_600_000;

/** Checks or deliverables that still fail when no tries are left: the task has failed, and may have another go. `now` in milliseconds. */
export function newFailedCheckItem(
  id: string,
  failure: {
    reasons: string[];
    tries: number;
    workedMs?: number;
    /** The end of what the failing check printed. */
    evidence?: string;
  },
  now: number,
): ItemOpened {
  const worked = failure.workedMs === undefined ? '' : ` in ${duration(failure.workedMs)} of work`;
  return {
    id,
    kind: 'failed_check',
    questions: choice(
      `The work still fails after ${failure.tries === 1 ? 'one try' : `${failure.tries} tries`}${worked}. What now?`,
      [
        [labels.tryAgain, 'Or write a hint for the next try.'],
        [labels.leaveFailed, 'Its work is kept, and can be looked at and applied.'],
      ],
    ),
    context: [...failure.reasons.map((reason) => `- ${reason}`), ...lastLines(failure.evidence ?? '')].join('\n'),
    source: 'daemon',
    silence: { kind: 'skip', at: new Date(now + FAILED_MS).toISOString() },
  };
}

function lastLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-12);
}

/** A subscription's window is used up: nothing runs until `until` (ISO), and then goes on by itself. `clock`: that time for people. */
export function newUsageLimitItem(id: string, limit: { until: string; clock: string }): ItemOpened {
  return {
    id,
    kind: 'usage_limit',
    questions: choice(`Claude’s usage limit is reached. Everything waits until ${limit.clock}.`, [
      [labels.waitForLimit, 'It goes on by itself then.'],
      [labels.tryNow, 'Where you have raised the limit, or pay another way now.'],
      [labels.stopDay],
    ]),
    source: 'daemon',
    silence: { kind: 'default', at: limit.until, answers: [labels.waitForLimit] },
  };
}

/** A person's feedback seems to ask for another setting: nothing changes without their yes. `about` is for the one who carries it out. */
export function newSettingItem(
  id: string,
  wish: { words: string; file: string; what: string; about: NonNullable<ItemOpened['about']> & { kind: 'setting' } },
  now: number,
): ItemOpened {
  const { path, from, to } = wish.about;
  return {
    id,
    kind: 'setting',
    questions: choice(`Set ${path} (${wish.what}) from ${from === '' ? 'nothing' : from} to ${to}?`, [
      [labels.change, 'In config/dayshift.yaml, as if you wrote it there.'],
      [labels.leave],
    ]),
    context: `${wish.file} says: “${oneLine(wish.words)}”`,
    source: 'daemon',
    about: wish.about,
    silence: { kind: 'skip', at: new Date(now + 7 * 24 * 3_600_000).toISOString() },
  };
}

/** A lesson that is new: the person keeps it, has it tried, narrows it down, or drops it. `does` and `scope`: in words. */
export function newLessonItem(
  id: string,
  lesson: {
    id: string;
    text: string;
    does: string;
    scope: string;
    status: string;
    from: string;
    module?: string;
    /** What else a person should know who decides. */
    note?: string;
  },
  now: number,
): ItemOpened {
  const tried = lesson.status === 'trial';
  return {
    id,
    kind: 'lesson',
    questions: choice(
      `${lesson.id}: “${oneLine(lesson.text)}” → ${oneLine(lesson.does)} (for ${lesson.scope}). What now?`,
      [
        [labels.keepLesson],
        ...(tried
          ? []
          : [
              [labels.tryLesson, 'On three tasks at first; kept from three in ten, to see whether it helps.'] as [
                string,
                string,
              ],
            ]),
        ...(lesson.module === undefined ? [] : [[`${labels.onlyIn} ${lesson.module}`] as [string]]),
        [labels.dropLesson, 'Or write it in other words.'],
      ],
    ),
    context: `${lesson.from}.${lesson.note === undefined ? '' : `\n${oneLine(lesson.note)}`}${tried ? '\nIt is tried already, on three tasks at first. Keep it, and all have it.' : '\nIt does nothing until you say so.'}`,
    source: 'daemon',
    about: { kind: 'lesson', lesson: lesson.id },
    silence: { kind: 'skip', at: new Date(now + 14 * 24 * 3_600_000).toISOString() },
  };
}

/** What the person wants to be asked before a task starts: a lesson of theirs. The task waits for the answer. */
export function newPlanningItem(
  id: string,
  { lesson, ask, text, task }: { lesson: string; ask: string; text: string; task: string },
): ItemOpened {
  return {
    id,
    kind: 'question',
    questions: choice(`Before “${oneLine(task)}” starts: ${oneLine(ask)}`, []),
    context: `Lesson ${lesson}: “${oneLine(text)}”`,
    source: 'daemon',
    about: { kind: 'lesson', lesson },
    silence: wait,
  };
}
