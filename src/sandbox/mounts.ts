import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, normalize, sep } from 'node:path';
import { DayshiftError } from '../base/index.ts';
import { assemble } from './assemble.ts';
import type { SandboxPolicy } from './types.ts';

interface Bind {
  path: string;
  mode: 'write' | 'read';
}

/** Descriptors below this one have another use: see `SandboxCommand`. */
const firstEmpty = 6;

/**
 * bwrap options for what a policy names. Later ones win, so folders come before what lies in them.
 *
 * An agent can plant symlinks in what it may write, and mounting through one would open a folder of the host to it.
 * Hence inside a writable folder nothing is mounted through a symlink: its target is protected where that is visible
 * inside anyway, and otherwise it is left alone, for then it points nowhere.
 */
export function planMounts(given: SandboxPolicy): { options: string[]; empties: number } {
  for (const path of named(given)) mustBeNormal(path);
  const policy = { ...given, writable: given.writable.map(bare), readable: given.readable.map(bare) };
  const asked = collect(policy);
  const covered = coveredBy(policy);
  const binds = [...asked, ...held([...asked.map(({ path }) => path), ...covered], asked)].sort(byDepth);
  const options: string[] = [];
  const made: string[] = [];
  const left = new Set<string>();
  for (const bind of binds) {
    const inner = isAssembled(bind, binds) ? covered.filter((path) => nearest(path, binds) === bind) : [];
    if (inner.length === 0) options.push(...mount(bind, binds));
    else {
      const folder = assemble(bind.path, inner);
      options.push(...folder.options);
      made.push(...folder.folders);
      for (const path of inner) left.add(path);
    }
  }
  for (const { from, to } of policy.placed) {
    mustExist(from);
    mustNotLead(to, binds);
    options.push('--ro-bind', realpathSync(from), to);
  }
  let empties = 0;
  for (const path of policy.hidden) {
    const real = realOf(path);
    if (real === undefined || !isVisible(real, binds)) continue;
    // Left out where its folder is made of single mounts.
    if (left.has(real)) continue;
    if (statSync(real).isDirectory()) options.push('--perms', '0555', '--tmpfs', real, '--remount-ro', real);
    else options.push('--ro-bind-data', String(firstEmpty + empties++), real);
  }
  for (const { from, to } of policy.sockets) {
    mustExist(from);
    mustNotLead(to, binds);
    // Read-only still lets a process connect, but neither chmod nor replace it.
    options.push('--ro-bind', realpathSync(from), to);
  }
  options.push(...made.flatMap((folder) => ['--remount-ro', folder]));
  return { options, empties };
}

/** Real paths of what is covered: by another file, or by nothing. */
function coveredBy(policy: SandboxPolicy): string[] {
  return [...policy.placed.map(({ to }) => to), ...policy.hidden.flatMap((path) => realOf(path) ?? [])];
}

/**
 * The folders between a writable folder and what is mounted in it. Each is bound to itself: a mount cannot be renamed, else the
 * agent could move the folder with the mount away and put another in its place.
 */
function held(mounted: readonly string[], binds: readonly Bind[]): Bind[] {
  const folders = new Set<string>();
  for (const path of mounted) {
    const around = nearest(path, binds);
    if (around?.mode !== 'write' || realOf(path) !== path) continue;
    for (let folder = dirname(path); folder !== around.path && contains(around.path, folder); folder = dirname(folder))
      folders.add(folder);
  }
  return [...folders].map((path): Bind => ({ path, mode: 'write' }));
}

/** The deepest folder that is bound and holds `path`, which is not `path` itself. */
function nearest(path: string, binds: readonly Bind[]): Bind | undefined {
  return binds.findLast((bind) => bind.path !== path && contains(bind.path, path));
}

/** A folder of the host that stays as it is inside. One in a writable folder is the agent's, and nobody else moves files there. */
function isAssembled(bind: Bind, binds: readonly Bind[]): boolean {
  return (
    bind.mode === 'read' &&
    realOf(bind.path) === bind.path &&
    statSync(bind.path).isDirectory() &&
    nearest(bind.path, binds)?.mode !== 'write'
  );
}

function named(policy: SandboxPolicy): string[] {
  const moved = [...policy.placed, ...policy.sockets].flatMap(({ from, to }) => [from, to]);
  return [policy.cwd, ...policy.writable, ...policy.readable, ...policy.hidden, ...moved];
}

/** Parents first; of the same path the read-only bind last. */
function collect(policy: SandboxPolicy): Bind[] {
  for (const path of policy.writable) mustExist(path);
  const writable = policy.writable.map((path): Bind => ({ path, mode: 'write' }));
  const readable = policy.readable.filter((path) => existsSync(path)).map((path): Bind => ({ path, mode: 'read' }));
  return [...writable, ...readable].sort(byDepth);
}

function mount({ path, mode }: Bind, binds: Bind[]): string[] {
  const real = realpathSync(path);
  const option = mode === 'write' ? '--bind' : '--ro-bind';
  const around = binds.filter((bind) => contains(bind.path, path) && bind.path !== path);
  if (real === path || around.length === 0) return [option, real, path];
  if (mode === 'write') throw leadsAway(path);
  if (isVisible(real, binds)) return [option, real, real];
  return around.some((bind) => bind.mode === 'write') ? [] : [option, real, real];
}

function isVisible(real: string, binds: Bind[]): boolean {
  return binds.some((bind) => contains(bind.path, real));
}

/** `to` may not be, or lie behind, a symlink in a folder of the host. */
function mustNotLead(to: string, binds: Bind[]): void {
  if (!isVisible(to, binds)) return;
  const place = existsSync(to) ? to : dirname(to);
  if (realOf(place) !== place) throw leadsAway(to);
}

function leadsAway(path: string): DayshiftError {
  return new DayshiftError('environment', `${path} leads through a symlink: the sandbox would open another place.`, {
    hint: 'Replace the symlink by what it points to. An agent may have made it: look at the workspace first.',
  });
}

function mustExist(path: string): void {
  if (existsSync(path)) return;
  throw new DayshiftError('environment', `${path} does not exist, and the sandbox needs it.`);
}

function mustBeNormal(path: string): void {
  if (isAbsolute(path) && normalize(path) === path && !path.includes('\0') && path !== sep) return;
  throw new DayshiftError(
    'internal',
    `The sandbox cannot bind ${JSON.stringify(path)}: not an absolute, normal path.`,
    {
      hint: 'The root folder as a whole is never bound.',
    },
  );
}

function realOf(path: string): string | undefined {
  return existsSync(path) ? realpathSync(path) : undefined;
}

/** Without a slash at its end, as people write folders. */
function bare(path: string): string {
  return path.endsWith(sep) ? path.slice(0, -1) : path;
}

function contains(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

const byDepth = (a: Bind, b: Bind) => depth(a.path) - depth(b.path);

function depth(path: string): number {
  return path.split(sep).length;
}
