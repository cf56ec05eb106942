/** Whether `text` is a day of the calendar, written YYYY-MM-DD. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The day (YYYY-MM-DD) that `now` falls on in a time zone. */
export function dateIn(now: Date, timezone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(now);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}

/** The day so many days after (before, where negative) a day. */
export function shiftDate(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Whether `name` is a time zone that this machine knows. */
export function isTimezone(name: string): boolean {
  try {
    return name !== '' && new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The day that a task file's name stands for (`2026-11-23.yaml`, not necessarily a day that exists); undefined for another kind of name. */
export function dateOfFile(file: string): string | undefined {
  return /(?:^|[/\\])(\d{4}-\d{2}-\d{2})\.ya?ml$/i.exec(file)?.[1];
}

/** Whether it names a day and nothing else: `2026-11-24`, `today`, `yesterday`, `tomorrow`. Any other words may be a file's. */
export function namesDay(text: string): boolean {
  return ['yesterday', 'today', 'tomorrow'].includes(text) || /^\d{4}-\d{2}-\d{2}$/.test(text);
}
