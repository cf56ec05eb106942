import { oneLine } from '../../../src/base/index.ts';

/** A button's label: one line, cut with a mark, never through a character. */
export function labelOf(text: string, max: number): string {
  const flat = oneLine(text);
  return flat.length <= max ? flat : `${flat.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
