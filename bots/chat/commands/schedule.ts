import { timezoneOf } from '../../../src/home/index.ts';
import { nextDue, scheduleOf, type ScheduleEntry } from '../../../src/schedule/index.ts';
import type { Answer } from '../input.ts';
import { bold, line, rich } from '../rich/index.ts';
import type { Call } from './types.ts';

const does: Record<ScheduleEntry['what'], string> = {
  start: 'the day starts',
  report: 'the report',
  rate: 'a reminder to rate',
  digest: 'the digest of the week',
  clean: 'old checkouts are removed',
  pause: 'the day is paused',
  resume: 'the day goes on',
  stop: 'the day is stopped',
};

/** What happens by itself, the next thing first. */
export function showSchedule(call: Call): Answer {
  const zone = timezoneOf(call.home);
  const now = call.clock.now();
  const entries = scheduleOf(call.home.config.schedule, zone)
    .map((entry) => ({ entry, due: nextDue(entry, now) }))
    .sort((a, b) => (a.due ?? Infinity) - (b.due ?? Infinity));
  const lines = entries.map(({ entry, due }) =>
    line(bold(due === undefined ? 'never' : wallText(due, entry.zone, zone)), ` ${does[entry.what]} (${entry.name})`),
  );
  return {
    messages: [
      {
        rich: rich(
          line(bold('🗓 By itself'), `, by the clock in ${zone}`),
          ...(lines.length === 0 ? ['Nothing is scheduled.'] : lines),
        ),
      },
    ],
  };
}

/** `Mon 23 Nov, 08:00`, with the zone where it is another one than the home's. */
function wallText(at: number, zone: string, home: string): string {
  const text = new Date(at).toLocaleString('en-GB', {
    ...{ timeZone: zone, weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  });
  return zone === home ? text : `${text} ${zone}`;
}
