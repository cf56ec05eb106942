import { lstat, mkdir, open, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { cleanConfig } from './clean-config.ts';
import { readNotes, textOf } from './store.ts';
import type { SandboxView, Workspace } from './types.ts';

/** Files in a git directory that hold credentials, going by their names. */
const secretName = /cred|cookie|token|netrc|secret|\.pem$|\.key$|^config[^/]*[~.](bak|old|orig|save|lock)?$/i;

/**
 * What the sandbox must show for this workspace. Of the project only its git directory is seen, read-only: not its
 * files, so its `.env` is not there. Its config files are covered by cleaned copies, which this writes into the
 * store. The entries of other worktrees can be seen and not changed: they say where these are, nothing else.
 */
export async function sandboxView(ws: Workspace): Promise<SandboxView> {
  const { checkout, out, cli } = ws.paths;
  const cwd = join(checkout, ws.subdir);
  const view: SandboxView = {
    cwd,
    writable: [checkout, out, cli],
    readable: [...new Set([join(checkout, '.claude'), join(cwd, '.claude')])],
    placed: [],
    hidden: envFiles(ws),
  };
  if (ws.gitDir === undefined) return view;
  view.readable.unshift(join(checkout, '.git'), ws.gitDir, ...(await alternatesOf(join(ws.gitDir, 'objects'))));
  view.placed = await placeConfigs(ws, ws.gitDir);
  view.hidden.push(...(await secretsIn(ws.gitDir)));
  return view;
}

/** `.env` files that came with the project's files. Ones that `copy:` asked for, or that setup made, are the work's own. */
function envFiles(ws: Workspace): string[] {
  return (readNotes(ws.paths.store)?.envFiles ?? []).map((path) => join(ws.paths.checkout, path));
}

/** Object folders that the project borrows from, followed to their end. */
async function alternatesOf(objects: string, depth = 0): Promise<string[]> {
  const lines = (await textOf(join(objects, 'info', 'alternates'))).split('\n');
  const own = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => resolve(objects, line));
  if (depth >= 5) return own;
  const further = await Promise.all(own.map((path) => alternatesOf(path, depth + 1)));
  return [...own, ...further.flat()];
}

async function placeConfigs(ws: Workspace, gitDir: string): Promise<SandboxView['placed']> {
  const files = [join(gitDir, 'config'), join(gitDir, 'config.worktree')];
  for (const name of await namesIn(join(gitDir, 'worktrees')))
    files.push(join(gitDir, 'worktrees', name, 'config.worktree'));
  files.push(...(await moduleConfigs(join(gitDir, 'modules'))));
  const placed: SandboxView['placed'] = [];
  const folder = join(ws.paths.store, 'placed');
  await mkdir(folder, { recursive: true });
  for (const to of files) {
    if ((await lstat(to).catch(() => undefined))?.isFile() !== true) continue;
    const from = join(folder, `config-${placed.length}`);
    await writeFile(from, await cleanConfig(to, ws.paths.store));
    placed.push({ from, to });
  }
  return placed;
}

/** The config files of submodules' git directories: these may lie at any depth, as their names hold slashes. */
async function moduleConfigs(folder: string, depth = 0): Promise<string[]> {
  const names = await namesIn(folder);
  if (depth > 6 || names.length === 0) return [];
  const isGitDir = names.includes('HEAD') && names.includes('objects');
  const own = isGitDir ? [join(folder, 'config'), join(folder, 'config.worktree')] : [];
  const deeper = isGitDir ? names.filter((name) => name === 'modules') : names;
  const further = await Promise.all(deeper.map((name) => moduleConfigs(join(folder, name), depth + 1)));
  return [...own, ...further.flat()];
}

async function secretsIn(gitDir: string): Promise<string[]> {
  const hidden: string[] = [];
  for (const name of await namesIn(gitDir)) {
    const path = join(gitDir, name);
    if ((await lstat(path).catch(() => undefined))?.isFile() !== true) continue;
    if (secretName.test(name) || (name === 'FETCH_HEAD' && (await holdsLogin(path)))) hidden.push(path);
  }
  for (const folder of ['git-crypt', 'annex/creds']) hidden.push(...(await filesBelow(join(gitDir, folder))));
  // A clone notes its URL in the reflog, older versions of git with the password.
  for (const log of [
    'logs/HEAD',
    ...(await filesBelow(join(gitDir, 'logs', 'refs'))).map((path) => path.slice(gitDir.length + 1)),
  ]) {
    if (await holdsLogin(join(gitDir, log))) hidden.push(join(gitDir, log));
  }
  return hidden;
}

/** Looks at the first 64 KB. */
async function holdsLogin(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(65_536), 0, 65_536, 0);
    return /:\/\/[^\s/@]+@/.test(buffer.toString('latin1', 0, bytesRead));
  } finally {
    await file.close();
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
