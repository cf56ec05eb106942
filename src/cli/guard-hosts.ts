import { DayshiftError } from '../base/index.ts';
import { readEntry } from '../egress/index.ts';

/** The hosts of `--egress`. Throws DayshiftError where one is none: it would let nothing through, without a word. */
export function hostsOf(list: string | undefined): string[] {
  const hosts = (list ?? '').split(',').map((host) => host.trim());
  return hosts
    .filter((host) => host !== '')
    .map((host) => {
      const entry = readEntry(host);
      if (entry.kind === 'wrong') throw new DayshiftError('usage', `--egress ${host}: ${entry.why}`);
      if (entry.kind === 'preset')
        throw new DayshiftError('usage', `--egress ${host}: only a home’s config knows this word`, {
          hint: 'name the hosts themselves, such as packages.example.com',
        });
      return host;
    });
}
