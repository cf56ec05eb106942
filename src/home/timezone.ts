import type { Home } from './types.ts';

/** The time zone that `today` is meant in. */
export function timezoneOf(home: Pick<Home, 'config'>): string {
  return home.config.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}
