import { oneLine } from '../../../src/base/index.ts';

/** A button's label: one line, cut with a mark, never through a character. */
export function labelOf(text: string, max: number): string {
  const flat = oneLine(text);
  return flat.length <= max ? flat : `${flat.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Why a task is not proven, in a few words: the file says at length what proof would have been. */
export function shortWhy(why: string): string {
  return oneLine(why).replace(
    /^nothing proves it: no checks, and no deliverable that names a file/,
    'nothing proves it',
  );
}
