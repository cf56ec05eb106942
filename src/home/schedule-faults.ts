import { didYouMean } from '../document/index.ts';
import { builtInEntries, cronFault, parseMissed, type EntryConfig } from '../schedule/index.ts';

/**
 * What is wrong with one entry of `schedule`, by its field.
 * @param has whether something stands under that key, be it only something of the wrong kind
 */
export function entryFaults(
  { name, cron, missed }: EntryConfig,
  has: (key: keyof EntryConfig) => boolean,
): { key: keyof EntryConfig; message: string }[] {
  const faults: { key: keyof EntryConfig; message: string }[] = [];
  const own = !Object.hasOwn(builtInEntries, name);
  // An entry of one's own needs both: with one of them missing a built-in one may be meant.
  const near = own ? didYouMean(name, Object.keys(builtInEntries)) : '';
  if (own && !has('cron'))
    faults.push({
      key: 'name',
      message: `no built-in entry has this name; one of your own needs cron ("0 8 * * 1-5") and what (report)${near}`,
    });
  else if (own && !has('what') && cron !== 'off')
    faults.push({ key: 'what', message: 'missing: what is to be done, such as report' });
  const fault = cron === undefined || cron === 'off' ? undefined : cronFault(cron);
  if (fault !== undefined) faults.push({ key: 'cron', message: `no cron expression: ${fault}` });
  if (missed !== undefined && parseMissed(missed) === undefined)
    faults.push({
      key: 'missed',
      message: `expected skip, ask or run_late_until HH:MM, found ${JSON.stringify(missed)}`,
    });
  return faults;
}
