/** A setting that somebody's words ask for. */
export interface SettingWish {
  /** Its way in `config/dayshift.yaml`: `['chat', 'remind_minutes']`. */
  path: string[];
  from: unknown;
  to: unknown;
  /** What the setting is, for the question. */
  what: string;
}

interface Known {
  path: string;
  what: string;
  /** Words that must all be there. */
  words: RegExp[];
  value: (words: string) => unknown;
  /** The new value where the old one is more than a number. */
  merge?: (from: unknown, value: unknown) => unknown;
}

const NUMBER = '(\\d{1,6}(?:[.,]\\d{1,3})?)';
const last = (words: string, pattern: RegExp): number | undefined => {
  const found = [...words.matchAll(pattern)].at(-1);
  const text = found?.slice(1).find(Boolean);
  return text === undefined ? undefined : Number(text.replace(',', '.'));
};

const minutes = (words: string): number | undefined => {
  const found = [
    ...words.matchAll(new RegExp(`${NUMBER}\\s?(s|secs?|seconds?|m|mins?|minutes?|h|hours?|days?)\\b`, 'gi')),
  ].at(-1);
  if (found?.[1] === undefined || found[2] === undefined) return undefined;
  const unit = { s: 1 / 60, m: 1, h: 60, d: 1440 }[found[2].slice(0, 1).toLowerCase()] ?? 1;
  return Math.round(Number(found[1].replace(',', '.')) * unit * 1000) / 1000;
};
const seconds = (words: string) => {
  const found = minutes(words);
  return found === undefined ? undefined : Math.round(found * 60);
};
const dollars = (words: string) =>
  last(words, new RegExp(`\\$\\s?${NUMBER}|${NUMBER}\\s?(?:\\$|usd\\b|dollars?\\b)`, 'gi'));
const percent = (words: string) => last(words, new RegExp(`${NUMBER}\\s?(?:%|percent\\b)`, 'gi'));
const whole = (words: string) => last(words, /(?<![\d.,$])(\d{1,4})(?![\d.,]*\d|\s?(?:%|\$|usd|min|h\b|s\b))/gi);
const hours = (words: string) => {
  const found = /\b([01]?\d|2[0-3]):([0-5]\d)\s?(?:-|–|to|until|bis)\s?([01]?\d|2[0-3]):([0-5]\d)\b/i.exec(words);
  if (found === null) return undefined;
  const [, a = '', b = '', c = '', d = ''] = found;
  return `${a.padStart(2, '0')}:${b}-${c.padStart(2, '0')}:${d}`;
};
const modelName = (words: string) => /\b(claude-[\w.-]+|opus|sonnet|haiku)\b/i.exec(words)?.[1]?.toLowerCase();

/** The settings that people ask for, the most particular first: the first that fits is meant. */
const settings: readonly Known[] = [
  { path: 'chat.quiet_hours', what: 'hours without reminders', words: [/\bquiet|\bnight/i], value: hours },
  {
    ...{ path: 'questions.hold_seconds', what: 'how long an agent that asks waits before it is parked' },
    ...{ words: [/\bhold|\bpark/i], value: seconds },
  },
  { path: 'chat.escalate_minutes', what: 'when others are told too', words: [/\bescalat/i], value: minutes },
  {
    ...{ path: 'chat.remind_minutes', what: 'minutes until you are reminded of what waits' },
    words: [/\bremind|\bnotif|\bpoll/i],
    value: minutes,
    // The first reminder comes then; later ones stay where they come later.
    merge: (from, value) => [
      value,
      ...(Array.isArray(from) ? (from as unknown[]).slice(1).filter((other) => Number(other) > Number(value)) : []),
    ],
  },
  {
    path: 'budget.month_usd',
    what: 'what a month may cost',
    words: [/\bbudget|\bcost|\bspend/i, /\bmonth/i],
    value: dollars,
  },
  {
    path: 'budget.task_usd',
    what: 'what a task may cost',
    words: [/\bbudget|\bcost|\bspend/i, /\btask/i],
    value: dollars,
  },
  { path: 'budget.day_usd', what: 'what a day may cost', words: [/\bbudget|\bcost|\bspend/i], value: dollars },
  {
    path: 'budget.alert_percent',
    what: 'when you are told of spent money',
    words: [/\balert|\bwarn|\btell/i],
    value: percent,
  },
  { path: 'retries', what: 'how often failed checks send an agent back', words: [/\bretr(?:y|ies)\b/i], value: whole },
  {
    path: 'idle_minutes',
    what: 'when an agent is taken for hung',
    words: [/\bidle|\bhung|\bno progress/i],
    value: minutes,
  },
  {
    ...{ path: 'check_timeout_minutes', what: 'time for one check' },
    ...{ words: [/\bcheck/i, /\btime/i], value: minutes },
  },
  {
    path: 'timeout_minutes',
    what: 'working time of a task',
    words: [/\btime ?out|\btime limit|\bworking time/i],
    value: minutes,
  },
  { path: 'agent.max_turns', what: 'turns of an agent', words: [/\bturns\b/i], value: whole },
  { path: 'agent.model', what: 'the default model', words: [/\bmodel\b|\buse\b|\bswitch\b/i], value: modelName },
  {
    ...{ path: 'concurrency', what: 'agents at work at the same time' },
    ...{ words: [/\bconcurren|\bparallel|\bsame time|\bat once|\bat a time/i], value: whole },
  },
];

/**
 * The setting that a line such as "Reduce reminder interval to 5 minutes" asks for; undefined where it asks for none
 * that there is, names no value, or asks for what holds already. "By 5 minutes" names no value.
 */
export function settingOf(words: string, now: (path: readonly string[]) => unknown): SettingWish | undefined {
  if (/\b(?:by|um)\s+\$?\d/i.test(words)) return undefined;
  for (const known of settings) {
    if (!known.words.every((pattern) => pattern.test(words))) continue;
    const value = known.value(words);
    if (value === undefined) continue;
    const path = known.path.split('.');
    const from = now(path);
    const to: unknown = known.merge === undefined ? value : known.merge(from, value);
    return JSON.stringify(from) === JSON.stringify(to) ? undefined : { path, from, to, what: known.what };
  }
  return undefined;
}
