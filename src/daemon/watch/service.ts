import { resolve } from 'node:path';
import { messageOf } from '../../base/index.ts';
import { formatProblem } from '../../document/index.ts';
import { loadDay, loadTaskList, timezoneOf } from '../../home/index.ts';
import { scheduleDecision } from '../../inbox/index.ts';
import type { Actor, DayState } from '../../journal/index.ts';
import { changesText, dateIn, planChanges } from '../../plan/index.ts';
import { beginDay } from '../begin.ts';
import { adoptDay, setGoing } from '../plan-day.ts';
import { planItemOf } from '../schedule/plan-item.ts';
import type { Service, ServiceContext } from '../service.ts';
import { settingsReader } from './config.ts';
import { watchedFile } from './seen.ts';
import { tell, warn } from './tell.ts';

/** How often files are looked at, in ms; a change counts when two looks in a row see the same. */
const LOOK_EVERY_MS = 1000;

const by: Actor = { kind: 'daemon' };

/**
 * Takes over what a person changes in `config/dayshift.yaml`, `config/recurring.yaml`, `tasks/backlog.yaml` and the task files of days that run
 * or wait for a plan, and of today's when it is over: new tasks set it going again. A file that is broken or gone changes
 * nothing, and is told.
 */
export const watch: Service = {
  name: 'watch',
  start(context) {
    const { run: ctx } = context;
    // They may have been changed since they were read: what is the same is no news.
    const config = watchedFile('nothing');
    const recurring = watchedFile('nothing');
    const backlog = watchedFile('nothing');
    const reloadConfig = settingsReader(context);
    /** The list was read once: what comes now is somebody's change. */
    let isRead = false;
    const tasks = new Map<string, ReturnType<typeof watchedFile>>();
    let stopped = false;
    let cancel: () => void = () => undefined;
    let looking: Promise<void> = Promise.resolve();

    async function look(): Promise<void> {
      const { paths } = ctx.home;
      const settings = await config(paths.configFile);
      if (settings) await reloadConfig();
      const lists = await recurring(paths.recurringFile);
      const isNews = lists && isRead;
      isRead ||= lists;
      if (
        lists &&
        !(await tellFaults(ctx, 'recurring', 'No task of it comes into a day until it is mended.')) &&
        isNews
      )
        ctx.log('config/recurring.yaml is read again');
      if (await backlog(paths.backlogFile)) {
        await tellFaults(ctx, 'backlog', 'Nothing is taken from it until it is mended.');
        context.runner.look();
      }
      const today = dateIn(new Date(ctx.clock.now()), timezoneOf(ctx.home));
      const days = Object.values(ctx.journal.state.days).filter(
        ({ status, date }) =>
          status === 'running' ||
          status === 'paused' ||
          (status === 'reported' && date === today && context.mode === 'daemon'),
      );
      for (const day of days) {
        // What was over when Dayshift came up stays over until somebody changes its file.
        const file = seen(day.date, day.status === 'reported' ? 'asItIs' : 'nothing');
        const changed = await file(resolve(paths.home, day.plan.file));
        if (changed) await replan(context, day);
        else if (isNews || (lists && day.status !== 'reported')) await replan(context, day, 'config/recurring.yaml');
        else if (settings && day.status !== 'reported') await replan(context, day, 'config/dayshift.yaml');
      }
      // A day that waits for its plan, and begins as soon as that is there.
      const item = planItemOf(ctx.journal.state, today);
      const decided = item === undefined ? undefined : scheduleDecision(item)?.kind;
      const waits = item?.status === 'open' || decided === 'write';
      if (waits && ctx.journal.state.days[today] === undefined && context.mode === 'daemon') {
        const { file } = await loadDay(today, ctx.home, new Date(ctx.clock.now()), ctx.journal.state);
        if ((await seen(today)(resolve(paths.home, file))) || settings) await beginLate(context, today);
      }
      for (const date of tasks.keys()) if (date !== today && days.every((day) => day.date !== date)) tasks.delete(date);
    }

    /** `nothing`: it may have been changed while nothing was up to see it. */
    function seen(date: string, known: Parameters<typeof watchedFile>[0] = 'nothing'): ReturnType<typeof watchedFile> {
      let file = tasks.get(date);
      if (file === undefined) tasks.set(date, (file = watchedFile(known)));
      return file;
    }

    const again = () => {
      if (stopped) return;
      cancel = ctx.clock.after(LOOK_EVERY_MS, () => {
        looking = look()
          .catch((error: unknown) => ctx.log(`files: ${messageOf(error)}`))
          .then(again);
      });
    };
    looking = Promise.all(ctx.home.warnings.map((warning) => warn(ctx, warning)))
      .catch((error: unknown) => ctx.log(messageOf(error)))
      .then(look)
      .then(again);
    return Promise.resolve({
      async stop() {
        stopped = true;
        cancel();
        await looking;
      },
    });
  },
};

/** Tells what is wrong with a list of tasks. Resolves with whether anything is. */
async function tellFaults(ctx: ServiceContext['run'], kind: 'recurring' | 'backlog', then: string): Promise<boolean> {
  const { problems } = await loadTaskList(ctx.home, kind);
  const errors = problems.filter(({ severity }) => severity === 'error').map(formatProblem);
  if (errors.length > 0) await tell(ctx, undefined, `${errors.join('\n')}\n${then}`);
  return errors.length > 0;
}

/** Takes a day's plan over as it is now: new tasks come, those that have not begun go, those that have stay as they are. `because`: what was changed, where it is not the day's own file. */
async function replan({ run: ctx, runner }: ServiceContext, { date }: DayState, because?: string): Promise<void> {
  const { state } = ctx.journal;
  const file = state.days[date]?.plan.file ?? date;
  const loaded = await loadDay(resolve(ctx.home.paths.home, file), ctx.home, new Date(ctx.clock.now()), state);
  const day = state.days[date];
  if (day === undefined) return;
  if (loaded.plan?.date !== date) {
    const errors = loaded.problems.filter(({ severity }) => severity === 'error').map(formatProblem);
    // A day may have been planned without a file: then there is none to miss.
    if (loaded.missing !== undefined && day.plan.tasks.every(({ origin }) => origin !== undefined)) return;
    const what = loaded.missing === undefined ? errors.join('\n') : `${file} is gone`;
    await tell(ctx, date, `${what}\n${date} ${day.status === 'reported' ? 'stays' : 'goes on'} as it was planned.`);
    return;
  }
  const changes = changesText(planChanges(day, loaded.plan));
  if (changes === '') return;
  await adoptDay(ctx, loaded, (ref, reason) => runner.stopTask(ref, reason, by));
  await tell(ctx, date, `${because ?? file}: ${changes}.`);
  if (day.status === 'reported') await setGoing(ctx, date, by);
}

/** The plan that the morning waited for is there: the day begins, unless it is not valid yet. */
async function beginLate({ run: ctx, runner }: ServiceContext, date: string): Promise<void> {
  const begun = await beginDay(ctx, runner, { target: date }, by, 'daemon');
  const item = planItemOf(ctx.journal.state, date);
  // Nothing new: there is still no file, or it has the faults that the item names.
  if (begun.loaded?.missing !== undefined || begun.message === item?.context) return;
  await tell(ctx, date, begun.message);
  if (begun.ok && item?.status === 'open')
    await ctx.journal.append({
      type: 'item.withdrawn',
      day: date,
      data: { id: item.id, why: 'the day has a plan now' },
    });
}
