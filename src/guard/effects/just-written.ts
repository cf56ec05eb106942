import type { Call } from '../machine.ts';
import { resolve } from '../paths.ts';
import { connect } from './host.ts';

/** Where the packages of everybody come from. */
const everybodys =
  /^https?:\/\/(?:rubygems\.org|pypi\.org|files\.pythonhosted\.org|registry\.(?:npmjs\.org|yarnpkg\.com)|(?:index\.)?crates\.io)(?:\/|$)/;
const dependencies = /"(?:dev|peer|optional)?[dD]ependencies"\s*:\s*\{([^}]*)\}/g;

/**
 * Sources of packages that stand in a file which this very command wrote: nobody has reviewed that, and the install that
 * follows goes there. A file that was there before is the project's.
 */
export function freshSources(files: readonly string[], { frame, machine, shown }: Call): void {
  for (const path of files.flatMap((file) => resolve(file, frame, machine.context))) {
    const { text, changed } = machine.file(path);
    if (!changed || text === undefined) continue;
    const looked = path.endsWith('package.json')
      ? [...text.matchAll(dependencies)].map(([, body = '']) => body).join('\n')
      : text;
    for (const [address] of looked.matchAll(/(?:https?|ssh|git):\/\/[^\s"'\\,\])]+/g))
      if (!everybodys.test(address)) connect(address, shown, machine);
    if (path.endsWith('package.json'))
      for (const [, forge = ''] of looked.matchAll(/"(github|gitlab|bitbucket):[\w.-]+\//g))
        connect(`${forge}.com`, shown, machine);
  }
}
