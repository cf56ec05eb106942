/** The time zone that `today` is meant in. */
export function timezoneOf(home: { config: { timezone?: string | undefined } }): string {
  return home.config.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}
