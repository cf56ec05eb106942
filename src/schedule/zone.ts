/** A minute as the clock on the wall shows it, without a zone: `2026-03-29T02:30`. As text they sort by time. */
export type Wall = string;

const HOUR = 3_600_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
    });
    formats.set(zone, format);
  }
  return format;
}

/** How far a zone's clocks are ahead of UTC at an instant, in ms. */
function offsetAt(instant: number, zone: string): number {
  const part: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(instant)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
}

/** What the wall clock of a zone shows at an instant. */
export function wallOf(instant: number, zone: string): Wall {
  return new Date(instant + offsetAt(instant, zone)).toISOString().slice(0, 16);
}

/**
 * When a wall clock first shows a minute. One that it shows twice (the clocks go back) is the first of the two; one
 * that it never shows (they go forward) is the moment at which they do.
 */
export function instantOf(wall: Wall, zone: string): number {
  const asUtc = Date.parse(`${wall}:00Z`);
  // No zone changes its clocks twice in two days.
  const [before, after] = [asUtc - 24 * HOUR, asUtc + 24 * HOUR].map((near) => offsetAt(near, zone)) as [
    number,
    number,
  ];
  const shown = [asUtc - before, asUtc - after].filter((instant) => wallOf(instant, zone) === wall);
  if (shown.length > 0) return Math.min(...shown);
  return changeBetween(asUtc - after, asUtc - before, before, zone);
}

/** The first instant at which the offset is no longer `before`, to the second. */
function changeBetween(from: number, to: number, before: number, zone: string): number {
  let [low, high] = [from, to];
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000;
    if (offsetAt(middle, zone) === before) low = middle;
    else high = middle;
  }
  return high;
}
