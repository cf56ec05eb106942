import { timezoneOf } from '../../home/index.ts';
import { scheduleOf, type ScheduleEntry } from '../../schedule/index.ts';
import { messageOf } from '../../base/index.ts';
import { post } from '../notice.ts';
import type { Service } from '../service.ts';
import { act } from './actions.ts';
import { askAboutSlot, carryOutAnswers } from './answers.ts';
import { startClockwork } from './clockwork.ts';

/** Runs `schedule:` of the home's config while the daemon is up. */
export const schedule: Service = {
  name: 'schedule',
  modes: ['daemon'],
  async start(context) {
    const { run: ctx } = context;
    const entries = (): ScheduleEntry[] => scheduleOf(ctx.home.config.schedule, timezoneOf(ctx.home));
    const clockwork = startClockwork(ctx, entries, {
      async run(slot) {
        const ran = await act(context, slot);
        if (!ran.ok) await tell(`${slot.entry.name} ${slot.planned}`, `“${slot.entry.name}” failed: ${ran.said}`);
        return ran;
      },
      ask: (slot, why) => askAboutSlot(context, slot, why),
      async missed({ entry, planned }, why, count) {
        const more = count > 1 ? ` (and ${count - 1} before it)` : '';
        const text = `“${entry.name}” (${entry.what}) of ${planned.replace('T', ' ')}${more} was not run: ${why}.`;
        ctx.log(`schedule: ${text}`);
        // An old checkout more or less is no news.
        if (entry.what !== 'clean') await tell(`missed ${entry.name} ${planned}`, text);
      },
    });
    const tell = (id: string, text: string) => post(ctx, undefined, { id: `schedule ${id}`, notice: 'schedule', text });
    let answering = Promise.resolve();
    const answer = () => {
      answering = answering
        .then(() => carryOutAnswers(context, entries()))
        .catch((error: unknown) => ctx.log(`schedule: ${messageOf(error)}`));
    };
    const unsubscribe = ctx.journal.subscribe((event) => {
      if (event.type === 'item.answered') answer();
      // The schedule may be another now: what is new is watched from this minute on.
      if (event.type === 'notice.posted' && event.data.notice === 'reload') void clockwork.look();
    });
    answer();
    // node-cron keeps the minute; the clockwork has a timer of its own beside it, and decides alone what is due.
    const { default: cron } = await import('node-cron');
    const minute = cron.schedule('* * * * *', () => clockwork.look(), { suppressMissedWarning: true, unref: true });
    void clockwork.look();
    return {
      async stop() {
        unsubscribe();
        await minute.destroy();
        await answering;
        await clockwork.stop();
      },
    };
  },
};
