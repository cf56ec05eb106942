import { count, usd } from '../base/index.ts';
import { dayCostOf, type DayState, type State, type TaskState } from '../journal/index.ts';
import { code, inline } from './markdown.ts';
import { trendLines, trendWords } from './trend-lines.ts';
import { trendsOf, type Trends } from './trends.ts';

/** What a week came to, from the journal's fold alone. */
export interface WeekFacts {
  from: string;
  to: string;
  days: { date: string; tasks: number; done: number; failed: number; stopped: number; open: number; usd: number }[];
  usd: number;
  failed: { day: string; task: string; reason: string }[];
  /** Done and not applied yet. */
  unapplied: { day: string; task: string }[];
  waiting: number;
  /** Against the week before. */
  trends: Trends;
}

/** The facts of the days from `from` to `to`, both included. */
export function weekFacts(state: State, from: string, to: string): WeekFacts {
  const days = Object.values(state.days)
    .filter(({ date }) => date >= from && date <= to)
    .sort((a, b) => (a.date < b.date ? -1 : 1));
  const each = (fits: (task: TaskState) => boolean) =>
    days.flatMap((day) =>
      Object.values(day.tasks)
        .filter(fits)
        .map((task) => ({ day: day.date, task: task.spec.id, of: task })),
    );
  return {
    from,
    to,
    days: days.map(dayLine),
    usd: days.reduce((sum, day) => sum + dayCostOf(day), 0),
    failed: each(({ status }) => status === 'failed').map(({ day, task, of }) => ({
      day,
      task,
      reason: of.reason ?? '',
    })),
    unapplied: each(
      ({ status, applied, commits, work }) =>
        status === 'done' && (applied ?? commits) === undefined && (work?.stat.files ?? 0) > 0,
    ).map(({ day, task }) => ({ day, task })),
    waiting: Object.values(state.items).filter(({ status }) => status === 'open').length,
    trends: trendsOf(state, from, to),
  };
}

function dayLine(day: DayState): WeekFacts['days'][number] {
  const tasks = Object.values(day.tasks);
  const of = (status: TaskState['status']) => tasks.filter((task) => task.status === status).length;
  const [done, failed, stopped] = [of('done'), of('failed'), of('stopped')];
  return {
    date: day.date,
    tasks: tasks.length,
    done,
    failed,
    stopped,
    open: tasks.length - done - failed - stopped,
    usd: dayCostOf(day),
  };
}

/** The week as Markdown. */
export function weekPage(facts: WeekFacts): string {
  const { days, failed, unapplied, waiting } = facts;
  const total = (key: 'tasks' | 'done' | 'failed' | 'stopped' | 'open') => days.reduce((sum, day) => sum + day[key], 0);
  const lines = [`# Dayshift: the week from ${facts.from} to ${facts.to}`, '', `**${weekSentence(facts)}**`, ''];
  if (days.length > 0) {
    lines.push(
      '| day | tasks | done | failed | stopped | open | cost |',
      '| --- | --- | --- | --- | --- | --- | --- |',
    );
    for (const day of days)
      lines.push(
        `| ${day.date} | ${day.tasks} | ${day.done} | ${day.failed} | ${day.stopped} | ${day.open} | ${usd(day.usd)} |`,
      );
    lines.push(
      `| all | ${total('tasks')} | ${total('done')} | ${total('failed')} | ${total('stopped')} | ${total('open')} | ${usd(facts.usd)} |`,
    );
  }
  lines.push(...trendLines(facts.trends));
  const section = (title: string, entries: string[]) => {
    if (entries.length > 0) lines.push('', `## ${title}`, '', ...entries.map((entry) => `- ${entry}`));
  };
  section(
    'Failed',
    failed.map(({ day, task, reason }) => `${code(`${day}/${task}`)}: ${inline(reason, 200)}`),
  );
  section(
    'Done and not applied',
    unapplied.map(({ day, task }) => code(`dayshift apply ${day}/${task}`)),
  );
  if (waiting > 0)
    lines.push('', `${count(waiting, 'question')} wait${waiting === 1 ? 's' : ''} for you: \`dayshift inbox\`.`);
  return `${lines.join('\n')}\n`;
}

/** The week in a sentence or two. */
export function weekSentence({ days, usd: cost, trends }: WeekFacts): string {
  const tasks = days.reduce((sum, day) => sum + day.tasks, 0);
  const done = days.reduce((sum, day) => sum + day.done, 0);
  if (tasks === 0) return 'Nothing ran.';
  const right = trendWords(trends);
  return `${done} of ${count(tasks, 'task')} done on ${count(days.length, 'day')}, for ${usd(cost)}.${right === '' ? '' : ` ${right}`}`;
}
