import { duration } from '../base/index.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** Times of a day in its zone: `14:05`, and with the date where it is another day's. */
export interface DayClock {
  timezone: string;
  at(iso: string): string;
}

/** `timezone` is an IANA name; one that this machine does not know is read as UTC. */
export function dayClock(date: string, timezone: string): DayClock {
  const zone = known(timezone);
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  return {
    timezone: zone,
    at(iso) {
      const ms = Date.parse(iso);
      if (Number.isNaN(ms)) return iso;
      const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
      const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? '';
      const time = `${part('hour')}:${part('minute')}`;
      if (`${part('year')}-${part('month')}-${part('day')}` === date) return time;
      return `${Number(part('day'))} ${months[Number(part('month')) - 1] ?? ''} ${time}`;
    },
  };
}

function known(timezone: string): string {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: timezone }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) return 'UTC';
    throw error;
  }
}

/** `Tuesday, 18 Nov 2025`; the date as it is where it is none. */
export function longDate(date: string): string {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(ms)) return date;
  const day = new Date(ms);
  return `${weekdays[day.getUTCDay()] ?? ''}, ${day.getUTCDate()} ${months[day.getUTCMonth()] ?? ''} ${day.getUTCFullYear()}`;
}

/** How long something took, without seconds where nobody asks for them. */
export function span(ms: number): string {
  return ms >= 600_000 && ms < 3_600_000 ? `${Math.min(59, Math.round(ms / 60_000))} min` : duration(ms);
}

/** Milliseconds between two ISO times, never negative; 0 where one of them is none. */
export function between(from: string, to: string): number {
  const ms = Date.parse(to) - Date.parse(from);
  return Number.isNaN(ms) ? 0 : Math.max(0, ms);
}
