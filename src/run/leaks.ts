import { secretFinder, type NamedSecret } from '../base/index.ts';
import type { EventData } from '../journal/index.ts';
import { addedText } from '../workspace/index.ts';

type Leak = NonNullable<EventData<'work.measured'>['secrets']>[number];

/** The secrets that a patch brings into files, each once a file. What the file held before is not brought. */
export function leaksIn(patch: string, secrets: readonly NamedSecret[]): Leak[] {
  const find = secretFinder(secrets);
  if (find(patch).length === 0) return [];
  return addedText(patch).flatMap(({ path, added, before }) => {
    const known = find(before);
    return find(`${path}\n${added}`)
      .filter((name) => !known.includes(name))
      .map((name) => ({ name, path }));
  });
}

/** `the work contains the value of $TOKEN in a.txt and of $KEY in b.txt`. */
export function leakWords(leaks: readonly Leak[]): string {
  return `the work contains the value of ${leaks.map(({ name, path }) => `${name} in ${path}`).join(' and of ')}`;
}

/** The variables that a task's `env` takes from `source`, with their values. */
export function namedReferences(
  env: Readonly<Record<string, string>>,
  source: Readonly<Record<string, string | undefined>>,
): NamedSecret[] {
  return Object.values(env).flatMap((text) => {
    const name = referenceOf(text);
    const value = name === undefined ? undefined : source[name];
    return name === undefined || value === undefined ? [] : [{ name: `$${name}`, value }];
  });
}

/** The variable that a value of `env` stands for: `$NAME` or `${NAME}`. */
export function referenceOf(value: string): string | undefined {
  return /^\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?$/.exec(value)?.[1];
}
