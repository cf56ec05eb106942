import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** A submodule's name is a path: its clone lies so many folders deep at most. */
const DEEPEST = 6;

/**
 * Makes a clone of the project at `from` that borrows its objects, and those of the submodules that it has cloned: nothing is fetched,
 * nothing of the original is written. A folder that is no git repository is copied. `to` must not exist.
 */
export async function cloneProject(from: string, to: string): Promise<void> {
  const git = await execa(
    'git',
    ['clone', '--quiet', '--shared', '--no-hardlinks', '-c', 'core.hooksPath=/dev/null', from, to],
    { reject: false },
  );
  if (git.exitCode === 0) {
    const common = await execa('git', ['rev-parse', '--path-format=absolute', '--git-common-dir'], { cwd: from });
    await borrow(join(common.stdout, 'modules'), join(to, '.git/modules'));
    return;
  }
  // No git repository: a plain copy is what a real day would make too.
  await rm(to, { recursive: true, force: true });
  await cp(from, to, { recursive: true, verbatimSymlinks: true });
}

/** For each git directory at or below `modules` the same place below `to`, with nothing in it but where its objects are. */
async function borrow(modules: string, to: string, depth = 0): Promise<void> {
  const entries = await readdir(modules, { withFileTypes: true }).catch(() => []);
  const names = new Set(entries.filter((entry) => entry.isDirectory()).map(({ name }) => name));
  if (names.has('objects') && entries.some(({ name }) => name === 'HEAD')) {
    await mkdir(join(to, 'objects/info'), { recursive: true });
    await writeFile(join(to, 'objects/info/alternates'), `${join(modules, 'objects')}\n`);
    return;
  }
  if (depth < DEEPEST) for (const name of names) await borrow(join(modules, name), join(to, name), depth + 1);
}
