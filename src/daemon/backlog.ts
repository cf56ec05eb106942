import { messageOf } from '../base/index.ts';
import { loadTaskList } from '../home/index.ts';
import { nextOfBacklog } from '../plan/index.ts';
import type { MoreWork, RunContext } from '../run/index.ts';
import { planDay } from './plan-day.ts';

/** Takes the next task of the backlog into a day that has slots, time and money for it. What is wrong with the file is told by whoever watches it. */
export function takeFromBacklog(ctx: RunContext): MoreWork {
  let told = '';
  const tell = (text: string) => {
    if (text !== '' && text !== told) ctx.log(text);
    told = text;
  };
  return async (day) => {
    try {
      const { tasks } = await loadTaskList(ctx.home, 'backlog');
      const { until } = ctx.home.config.backlog;
      const task = nextOfBacklog(tasks, { state: ctx.journal.state, day, now: ctx.clock.now(), until });
      // While the file was read the day may have changed: what is written is its plan as it is now.
      const now = ctx.journal.state.days[day.date];
      if (task === undefined || now?.status !== 'running' || Object.hasOwn(now.tasks, task.id)) return false;
      await planDay(ctx, { ...now.plan, tasks: [...now.plan.tasks, task] }, []);
      ctx.log(`${day.date}: ${task.id} is taken from the backlog`);
      return true;
    } catch (error) {
      tell(`nothing is taken from the backlog: ${messageOf(error)}`);
      return false;
    }
  };
}
