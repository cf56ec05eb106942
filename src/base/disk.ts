import { DayshiftError, hasCode, messageOf } from './errors.ts';

/** What a disk's refusal means and what to do about it. */
export function diskError(path: string, error: unknown): DayshiftError {
  const hint = hasCode(error, 'ENOSPC')
    ? 'the disk is full: free some space, then start again'
    : hasCode(error, 'EDQUOT')
      ? 'your quota on this disk is used up: free some space, then start again'
      : hasCode(error, 'EIO')
        ? 'the disk reports errors: look at it (dmesg) before you start again'
        : hasCode(error, 'EROFS') || hasCode(error, 'EACCES')
          ? 'the folder must be writable for you; then start again'
          : 'nothing more is written until the next start';
  return new DayshiftError('environment', `${path} cannot be written: ${messageOf(error)}`, { hint, cause: error });
}

/** True where the disk refused to take something. */
export function isDiskError(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS'].some((code) => hasCode(error, code));
}

/** What went wrong and what to do about it, for where no hint has a place of its own: the reason of a failed task. */
export function messageWithHint(error: unknown): string {
  const told = isDiskError(error) ? diskError((error as NodeJS.ErrnoException).path ?? 'a file', error) : error;
  const hint = told instanceof DayshiftError ? told.hint : undefined;
  return hint === undefined ? messageOf(told) : `${messageOf(told).replace(/[.\s]+$/, '')}. ${hint}`;
}
