/**
 * Times as a zone's clocks show them, to the second: `2026-11-23 10:35:07`. An IANA name that this machine does not know is read as UTC; what is no
 * time stays as it is.
 */
export function zoneClock(timezone: string): (at: string | number) => string {
  const format = formatOf(timezone) ?? formatOf('UTC');
  return (at) => {
    const ms = typeof at === 'number' ? at : Date.parse(at);
    if (Number.isNaN(ms) || format === undefined) return String(at);
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    const joined = (mark: string, ...names: Intl.DateTimeFormatPartTypes[]) =>
      names.map((name) => parts.get(name) ?? '').join(mark);
    return `${joined('-', 'year', 'month', 'day')} ${joined(':', 'hour', 'minute', 'second')}`;
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  const two = '2-digit';
  try {
    return new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: two, day: two },
      ...{ hour: two, minute: two, second: two },
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
