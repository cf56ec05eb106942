import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { builtInPrices, parsePrices, type PriceTable } from '../budget/index.ts';
import { DayshiftError, hasCode, messageOf } from '../base/index.ts';
import type { HomePaths } from './paths.ts';

/** Files of `config/` that go into what agents are told; each may be missing. */
const TEXTS = [
  'agent_instructions.md',
  'orchestrator_rules.md',
  'task_execution_patterns.md',
  'code_quality_standards.md',
  'lessons.yaml',
];

/**
 * The prices that the home has, else the built-in ones. Throws DayshiftError (usage) where they are not valid, or where a file of
 * `config/` is there and cannot be read: every task would fail of it, one after the other.
 */
export async function loadDayFiles(paths: HomePaths): Promise<PriceTable> {
  const folder = join(paths.home, 'config');
  const texts = await Promise.allSettled(TEXTS.map((name) => textOf(folder, name)));
  const prices = await textOf(folder, 'pricing.yaml')
    .then((text) => (text === undefined ? builtInPrices : parsePrices(text, 'config/pricing.yaml')))
    .catch((error: unknown) => ({ error }));
  const reasons = texts.flatMap((text): unknown[] => (text.status === 'rejected' ? [text.reason] : []));
  const faults = 'error' in prices ? [...reasons, prices.error] : reasons;
  const [first] = faults;
  if (faults.length === 1 && first instanceof DayshiftError) throw first;
  if (faults.length > 0)
    throw new DayshiftError('usage', faults.map(messageOf).join('\n'), {
      hint: 'correct these files of the home, or their owner and mode',
      cause: first,
    });
  return prices as PriceTable;
}

async function textOf(folder: string, name: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, name), 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    const why = hasCode(error, 'EACCES')
      ? 'permission denied'
      : hasCode(error, 'EISDIR')
        ? 'this is a folder, not a file'
        : messageOf(error);
    const hint = 'look at the owner and the mode of the file: chmod u+r makes it readable for you';
    throw new DayshiftError('usage', `config/${name} cannot be read: ${why}`, { hint, cause: error });
  }
}
