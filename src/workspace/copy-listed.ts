import { lstat, mkdir, readlink, realpath, rm, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, resolve } from 'node:path';
import { DayshiftError } from '../base/index.ts';
import { isInside } from './paths.ts';
import { display } from './raw.ts';
import { copyOne, copyTree } from './tree-copy.ts';
import type { Project } from './types.ts';

/**
 * Copies what the project's `copy:` names into `target`, its folder in the checkout. Missing ones are a warning;
 * what lies outside the project, or in a git directory, is refused. Returns the paths that were copied, relative to
 * the project.
 */
export async function copyListed(project: Project, target: string, warnings: string[]): Promise<string[]> {
  const copied: string[] = [];
  for (const listed of project.copy) {
    const path = check(project, listed);
    const from = join(project.path, path);
    const stat = await lstat(from).catch(() => undefined);
    if (stat === undefined) {
      warnings.push(`copy: ${listed} is not in the project`);
      continue;
    }
    if (!isInside(project.path, await realpath(from).catch(() => resolve(from)))) {
      throw refused(project, listed, 'it leads out of the project');
    }
    const to = join(target, path);
    await mkdir(dirname(to), { recursive: true });
    if (!isInside(await realpath(target), await realpath(dirname(to)))) {
      throw refused(project, listed, 'its place in the checkout lies behind a symbolic link');
    }
    await copyEntry(project, from, to, stat, warnings);
    copied.push(path);
  }
  return copied;
}

async function copyEntry(
  project: Project,
  from: string,
  to: string,
  stat: Awaited<ReturnType<typeof lstat>>,
  warnings: string[],
): Promise<void> {
  if (stat.isDirectory()) {
    await mkdir(to, { recursive: true });
    await copyTree(from, to, {
      warnings,
      take: (path) => {
        const inGit = path.split('/').some(isGit);
        if (inGit) warnings.push(`copy: ${join(from, display(path))} is a git directory: left out`);
        return !inGit;
      },
    });
  } else if (stat.isSymbolicLink()) {
    const link = await readlink(from);
    // A link to a place in the project stays a link; in the checkout it must not lead back to the person's files.
    if (isAbsolute(link)) throw refused(project, from, 'it is an absolute symbolic link');
    await rm(to, { force: true });
    await symlink(link, to);
  } else {
    await rm(to, { force: true });
    await copyOne(from, to);
  }
}

function check(project: Project, listed: string): string {
  const path = normalize(listed).replace(/\/+$/, '');
  if (isAbsolute(path) || path === '.' || path === '' || path.split('/').includes('..')) {
    throw refused(project, listed, 'it is no path inside the project');
  }
  if (path.split('/').some(isGit)) throw refused(project, listed, 'git directories are not copied');
  return path;
}

function isGit(name: string): boolean {
  return name.toLowerCase() === '.git';
}

function refused(project: Project, listed: string, why: string): DayshiftError {
  return new DayshiftError('usage', `project ${project.name}: copy: ${listed} is refused: ${why}`, {
    hint: 'Name files and folders inside the project, relative to it.',
  });
}
