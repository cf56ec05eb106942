import { ONE, STAR, STAR_DOT, UNKNOWN, isKnown } from './marks.ts';
import type { Machine } from './machine.ts';
import type { Frame } from './shell/frame.ts';
import type { GuardContext } from './types.ts';

/** The absolute paths a word may mean here, with marks: one for each folder the shell may be in. */
export function resolve(word: string, frame: Pick<Frame, 'cwds'>, context?: GuardContext): string[] {
  if (word === '') return [];
  if (word.startsWith('/') || word.startsWith(UNKNOWN)) return [normalize(word, context)];
  const [cwd] = frame.cwds;
  if (frame.cwds.length === 1) return [normalize(`${cwd ?? ''}/${word}`, context)];
  return several(frame.cwds, word, context);
}

const several = (cwds: readonly string[], word: string, context: GuardContext | undefined): string[] =>
  cwds.map((cwd) => normalize(`${cwd}/${word}`, context));

/** A pattern that `..` fits: older shells take it for one of the names. */
const dots = new RegExp(`/\\.(?:${ONE}|[${STAR}${STAR_DOT}]|\\.[${STAR}${STAR_DOT}])(?=/[^/])`);

/** `.`, `..` and double slashes taken out; a `..` after a symlink goes up from where the link points. */
export function normalize(path: string, context?: GuardContext): string {
  if (dots.test(path)) return UNKNOWN + path;
  if (!/\/(?:\.{0,2}(?:\/|$))/.test(path)) return path;
  const absolute = path.startsWith('/');
  let parts: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') {
      parts.push(segment);
      continue;
    }
    const before = `/${parts.join('/')}`;
    if (context !== undefined && absolute && isKnown(before)) {
      parts = context.realpath(before).split('/').filter(Boolean);
    }
    // Above something unknown is unknown too.
    if (parts.at(-1)?.includes(UNKNOWN) === true) return `${UNKNOWN}/..`;
    parts.pop();
  }
  return absolute ? `/${parts.join('/')}` : parts.join('/');
}

export function readPath(word: string, frame: Frame, machine: Machine, whole = false): void {
  touch('read', word, frame, machine, whole);
}

export function writePath(word: string, frame: Frame, machine: Machine, whole = false): void {
  touch('write', word, frame, machine, whole);
}

/** A write that leaves the content as it is: permissions, an empty file, a folder. */
export function touchPath(word: string, frame: Frame, machine: Machine, whole = false): void {
  if (frame.foreign || word === '-') return;
  for (const path of resolve(word, frame, machine.context)) {
    machine.emit({ kind: 'write', path, whole });
    const end = machine.follow(path);
    if (end !== path) machine.emit({ kind: 'write', path: end, whole });
  }
}

export function deletePath(word: string, frame: Frame, machine: Machine, whole = false): void {
  touch('delete', word, frame, machine, whole);
}

/** A delete that loses nothing: a move within the workspace, an empty folder. */
export function removePath(word: string, frame: Frame, machine: Machine, whole = false): void {
  if (frame.foreign || word === '-') return;
  for (const path of resolve(word, frame, machine.context)) {
    machine.emit({ kind: 'delete', path, whole, kept: true });
    machine.wrote(path, undefined);
  }
}

/** `whole`: with all that lies below it. */
export function listPath(word: string, frame: Frame, machine: Machine, whole = false): void {
  if (frame.foreign || word === '-') return;
  for (const path of resolve(word, frame, machine.context)) machine.emit({ kind: 'list', path, whole });
}

function touch(kind: 'read' | 'write' | 'delete', word: string, frame: Frame, machine: Machine, whole: boolean): void {
  if (frame.foreign || word === '-') return;
  for (const path of resolve(word, frame, machine.context)) {
    machine.emit({ kind, path, whole });
    const end = machine.follow(path);
    // A link itself may be deleted; what lies below it is elsewhere.
    if (end !== path && (kind !== 'delete' || whole)) machine.emit({ kind, path: end, whole });
    if (kind !== 'read') machine.wrote(path, undefined);
  }
}
