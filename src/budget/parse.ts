import { DayshiftError } from '../base/index.ts';
import { formatProblem, parseDocument } from '../document/index.ts';
import { priceTableSchema, type PriceTable } from './table.ts';

/** A price list is small; anything larger is a mistake or an attack on the parser. */
const maxLength = 1_000_000;

/**
 * The table in `text`, the content of `file` (the name is only for messages).
 * Throws a DayshiftError of kind `usage` that names every fault as `file:line:column  path: what`.
 */
export function parsePrices(text: string, file: string): PriceTable {
  const hint = `Correct it, or remove ${file} to use the built-in prices.`;
  if (text.length > maxLength) {
    throw new DayshiftError('usage', `${file}: a price list of ${text.length} characters is too large`, { hint });
  }
  const { value, problems } = parseDocument(text, file, priceTableSchema);
  if (value !== undefined) return value;
  throw new DayshiftError('usage', problems.map(formatProblem).join('\n'), { hint });
}
