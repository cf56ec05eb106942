import { DayshiftError, hasCode, messageOf } from '../base/index.ts';
import type { HomeGuard } from '../guard/index.ts';

/**
 * The rules of a person's file; undefined where there is none. Throws DayshiftError (usage) with everything that is
 * wrong in it: a rule that cannot be read must not be one that does not hold.
 * @param shown how the file is named to people
 */
export async function loadRules(path: string, shown: string): Promise<HomeGuard | undefined> {
  const { access } = await import('node:fs/promises');
  try {
    await access(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return undefined;
    throw unreadable(path, error);
  }
  const { formatProblem, readText } = await import('../document/index.ts');
  const { parseGuardFile } = await import('../guard/rules-file.ts');
  const read = await readText(path, shown).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  const { value, problems } = 'problem' in read ? { problems: [read.problem] } : parseGuardFile(read.text, shown);
  if (value !== undefined) return value;
  const errors = problems.filter(({ severity }) => severity === 'error');
  throw new DayshiftError('usage', errors.map(formatProblem).join('\n'), {
    hint: `correct ${path}; docs/guard.md has the language of rules`,
  });
}

function unreadable(path: string, error: unknown): DayshiftError {
  const why = hasCode(error, 'EACCES') ? 'permission denied' : messageOf(error);
  return new DayshiftError('usage', `${path} cannot be read: ${why}`, { cause: error });
}
