import { spawnSync } from 'node:child_process';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** What the guard adds to a repository's own list of what is left out; the path's line follows. */
const mark = '# dayshift guard';

/** Sees to it that git leaves `path` of the project out, by this clone's own list. Nothing where it does already, or is no git. */
export async function keepOutOfGit(project: string, path: string): Promise<'kept out' | 'nothing to do'> {
  const found = git(project, 'check-ignore', '-q', path);
  if (found.status !== 1) return 'nothing to do';
  const file = excludeOf(project);
  if (file === undefined) return 'nothing to do';
  // What is tracked git does not leave out, whatever its lists say.
  if (git(project, 'ls-files', '--error-unmatch', '--', path).status === 0) return 'nothing to do';
  const prefix = git(project, 'rev-parse', '--show-prefix').stdout.trim();
  await mkdir(dirname(file), { recursive: true });
  // Only added to: whatever bytes the person has there stay.
  const last = await readFile(file).then(
    (bytes) => bytes.at(-1),
    () => undefined, // not every clone has one
  );
  const start = last === undefined || last === 0x0a ? '' : '\n';
  await appendFile(file, `${start}${mark}\n${lineFor(prefix, path)}\n`);
  return 'kept out';
}

/** Takes those lines out again. */
export async function takeBackIntoGit(project: string, path: string): Promise<void> {
  const file = excludeOf(project);
  const text = file === undefined ? undefined : await readFile(file, 'latin1').catch(() => undefined);
  if (file === undefined || text === undefined) return;
  const prefix = git(project, 'rev-parse', '--show-prefix').stdout.trim();
  const lines = Buffer.from(`${mark}\n${lineFor(prefix, path)}\n`).toString('latin1');
  if (text.includes(lines)) await writeFile(file, text.replace(lines, ''), 'latin1');
}

function excludeOf(project: string): string | undefined {
  const { status, stdout } = git(project, 'rev-parse', '--git-path', 'info/exclude');
  return status === 0 ? resolve(project, stdout.trim()) : undefined;
}

const lineFor = (prefix: string, path: string): string => `/${prefix}${path}`.replace(/[\\*?[]/g, '\\$&');

/** Reads only, and runs nothing of the repository's. */
function git(project: string, ...args: string[]) {
  const safe = ['-c', 'core.fsmonitor=', '-c', 'core.hooksPath=/dev/null', '-c', 'safe.bareRepository=explicit'];
  return spawnSync('git', [...safe, ...args], { cwd: project, encoding: 'utf8' });
}
