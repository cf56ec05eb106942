import { count, usd } from '../base/index.ts';
import { code, inline } from './markdown.ts';
import { ENOUGH, type Figure, type Trends } from './trends.ts';

interface Row {
  key: keyof Trends['now'];
  title: string;
  show: (value: number) => string;
  /** `none`: neither way is better. */
  better: 'less' | 'more' | 'none';
}

const percent = (value: number) => `${Math.round(value * 100)} %`;
const times = (value: number) => `× ${value.toFixed(2)}`;
const rows: readonly Row[] = [
  { key: 'costPerAccepted', title: 'cost per accepted task', show: usd, better: 'less' },
  { key: 'firstTimeRight', title: 'right the first time', show: percent, better: 'more' },
  { key: 'questionsPerTask', title: 'questions a task', show: (value) => value.toFixed(1), better: 'none' },
  { key: 'forecastRatio', title: 'costs against their forecast', show: times, better: 'none' },
  { key: 'forecastError', title: 'costs off their forecast, up or down', show: times, better: 'less' },
  { key: 'underP80', title: 'costs under their P80 (80 % is right)', show: percent, better: 'none' },
];

/** The trends as lines of Markdown; none where neither week had anything to say. */
export function trendLines({ now, before, lessons }: Trends): string[] {
  const known = rows.some(({ key }) => now[key].of + before[key].of > 0);
  const table = !known
    ? []
    : [
        ...['', '## Trends', '', '| | this week | the week before | change |', '| --- | --- | --- | --- |'],
        ...rows.map(
          (row) =>
            `| ${row.title} | ${shown(row, now[row.key])} | ${shown(row, before[row.key])} | ${change(row, now[row.key], before[row.key])} |`,
        ),
        '',
        'In brackets: the tasks that a number rests on. docs/operations.md says what each number means.',
      ];
  const list = (title: string, entries: string[]) =>
    entries.length === 0 ? [] : ['', `## ${title}`, '', ...entries.map((entry) => `- ${entry}`)];
  return [
    ...table,
    ...list(
      `${count(lessons.gained.length, 'lesson')} gained`,
      lessons.gained.map(({ id, text }) => `${code(id)} ${inline(text, 200)}`),
    ),
    ...list(
      `${count(lessons.lost.length, 'lesson')} lost`,
      lessons.lost.map(({ id, text, why }) => `${code(id)} ${inline(text, 200)}: ${inline(why, 200)}`),
    ),
  ];
}

/** The share that was right at once, in a sentence; empty where it rests on too few. */
export function trendWords({ now, before }: Trends): string {
  const [right, last] = [now.firstTimeRight, before.firstTimeRight];
  if (right.value === undefined || right.of < ENOUGH) return '';
  const compared = last.value === undefined || last.of < ENOUGH ? '' : `, ${percent(last.value)} the week before`;
  return `${percent(right.value)} were right the first time${compared}.`;
}

function shown({ show }: Row, { value, of }: Figure): string {
  return value === undefined ? '–' : `${show(value)} (${of})`;
}

function change({ show, better }: Row, now: Figure, before: Figure): string {
  if (now.value === undefined || before.value === undefined) return '–';
  if (now.of < ENOUGH || before.of < ENOUGH) return 'too few to compare';
  if (show(now.value) === show(before.value)) return 'as before';
  const direction = now.value > before.value ? '▲' : '▼';
  const isBetter = better !== 'none' && now.value < before.value === (better === 'less');
  return `${direction}${better === 'none' ? '' : isBetter ? ' better' : ' worse'}`;
}
