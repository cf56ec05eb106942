import { access, constants } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { DayshiftError } from '../base/index.ts';
import type { Repository } from './repository.ts';

/** Who a commit is by, as git writes it. */
export interface Who {
  name: string;
  email: string;
}

/**
 * The person's own git identity in this repository: what `git commit` would take, from the environment or their settings.
 * Throws DayshiftError where they have told git none: Dayshift never signs with a name of its own.
 * @param settings `personSettings` of the repository
 */
export function identityOf(settings: ReadonlyMap<string, string>, role: 'author' | 'committer'): Who {
  const environment = (part: string) => process.env[`GIT_${role.toUpperCase()}_${part}`];
  const of = (part: 'name' | 'email') =>
    clean(environment(part.toUpperCase()) ?? settings.get(`${role}.${part}`) ?? settings.get(`user.${part}`) ?? '');
  const who = { name: of('name'), email: of('email') };
  if (who.name !== '' && who.email !== '') return who;
  throw new DayshiftError('usage', 'git does not know who you are here, and a commit is by you', {
    hint: 'git config --global user.name "Your Name"; git config --global user.email you@example.com',
  });
}

/** What git takes out of a name: it would end the line, or the address. */
function clean(text: string): string {
  return text.replace(/[\n\r\0<>]/g, '').trim();
}

/** Hooks of the person's that `git commit` would have run, of those that could have refused or changed it. */
export async function hooksOf(repository: Repository, settings: ReadonlyMap<string, string>): Promise<string[]> {
  const named = settings.get('core.hookspath');
  const folder =
    named === undefined
      ? join(repository.commonDir, 'hooks')
      : resolve(repository.top ?? repository.gitDir, named.replace(/^~(?=\/)/, homedir()));
  const there = await Promise.all(
    ['pre-commit', 'prepare-commit-msg', 'commit-msg'].map(async (name) => {
      const runs = await access(join(folder, name), constants.X_OK).then(
        () => true,
        () => false,
      );
      return runs ? [name] : [];
    }),
  );
  return there.flat();
}
