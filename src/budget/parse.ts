import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { DayshiftError } from '../base/index.ts';
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
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, strict: true });
  const where = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    const faults = document.errors.map((error) => `${where(error.pos[0])}  ${error.message.split('\n')[0] ?? ''}`);
    throw new DayshiftError('usage', faults.join('\n'), { hint });
  }
  const parsed = priceTableSchema.safeParse(toData(document, file, hint));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${where(offsetOf(document, issue.path))}  ${describe(issue)}`);
  throw new DayshiftError('usage', faults.join('\n'), { hint });
}

function toData(document: Document, file: string, hint: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 });
  } catch (cause) {
    throw new DayshiftError('usage', `${file}: too many aliases`, { hint, cause });
  }
}

/** Where the value at `path` begins, or its nearest ancestor that is there. */
function offsetOf(document: Document, path: PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return `${path.replace(/^\./, '')}${path === '' ? '' : ': '}${issue.message}`;
}
