import { basename } from 'node:path';
import { DayshiftError } from '../base/index.ts';
import type { HomePaths } from '../home/index.ts';
import { readState } from '../journal/read-only.ts';

/** The date that a person means: DATE, a task file's name, today, yesterday; by default the latest day in the journal, else today. */
export async function dayArgument(given: string | undefined, paths: HomePaths, now = new Date()): Promise<string> {
  if (given === undefined) {
    const { state } = await readState(paths);
    return Object.keys(state.days).sort().at(-1) ?? localDate(now);
  }
  if (given === 'today') return localDate(now);
  if (given === 'yesterday') return localDate(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1, 12));
  const date = /^(\d{4}-\d{2}-\d{2})(?:\.ya?ml)?$/.exec(basename(given))?.[1];
  if (date === undefined)
    throw new DayshiftError('usage', `${given} is no day`, { hint: 'a day is written like 2026-11-23' });
  return date;
}

function localDate(at: Date): string {
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`;
}
