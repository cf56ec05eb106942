import type { DeliverableResult } from '../journal/index.ts';
import { namedPaths } from './paths.ts';

/** How the review sees the checkout. Paths come as the text names them: relative, a folder, or a glob. */
export interface DeliverablePorts {
  exists(path: string): boolean;
  /** Something at or under the path differs from the start of the work (also: was deleted). */
  changed(path: string): boolean;
  /** The submodule that the path lies in, whose changes are not taken along. */
  submodule?(path: string): string | undefined;
}

/** Words before a path that is only referred to: it need not change. */
const reference =
  /(?:\b(?:following|as in|like|according to|in accordance with|per|see|based on|described in|defined in|from|patterns? (?:in|of)|conventions? (?:in|of)|analogous to|similar to|consistent with|compare|cf\.?|e\.g\.,?)\s*(?:the\s+)?[("'`[]*)$/i;
const linked = /\b(?:linked|referenced|reachable|imported|included|exported) from\s*(?:the\s+)?[("'`[]*$/i;
const removal = /\b(?:delet|remov|drop|renam|mov)/i;

/** What became of each deliverable: every path that its text names as work must be there and changed. */
export function lookAtDeliverables(deliverables: string[], ports: DeliverablePorts): DeliverableResult[] {
  return deliverables.map((text) => {
    // One with spaces is known by what exists or was changed: a deleted one too.
    const named = namedPaths(text, (path) => ports.exists(path) || (/\s/.test(path) && ports.changed(path)));
    const targets = named.filter(({ before }) => !reference.test(before) || linked.test(before));
    const paths = (targets.length === 0 ? named : targets).map(({ path }) => path);
    if (targets.length === 0) return { text, paths, verdict: 'not_checkable' };
    const looked = targets.map(({ path, unsure }) => ({ verdict: verdictOf(path, removal.test(text), ports), unsure }));
    // What may be no path at all is not missing.
    const sure = looked.filter(({ verdict, unsure }) => verdict !== 'missing' || unsure !== true);
    const verdict = sure.length === 0 ? 'not_checkable' : worst(sure.map((one) => one.verdict));
    const submodule = verdict === 'unchanged' ? firstOf(paths, (path) => ports.submodule?.(path)) : undefined;
    return { text, paths, verdict, ...(submodule === undefined ? {} : { submodule }) };
  });
}

/** The first answer that there is. */
function firstOf<T, R>(all: T[], ask: (one: T) => R | undefined): R | undefined {
  for (const one of all) {
    const answer = ask(one);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

type Verdict = DeliverableResult['verdict'];

function verdictOf(path: string, removed: boolean, ports: DeliverablePorts): Verdict {
  if (ports.exists(path)) return ports.changed(path) ? 'changed' : 'unchanged';
  return removed && ports.changed(path) ? 'changed' : 'missing';
}

function worst(verdicts: Verdict[]): Verdict {
  return (
    verdicts.find((verdict) => verdict === 'missing') ??
    verdicts.find((verdict) => verdict === 'unchanged') ??
    'changed'
  );
}

/**
 * Ports from the list of changed paths (all of them, renames as two) and a look at the disk. A glob exists where a
 * changed path that is still there fits it, or where `existsOnDisk` says so. `submodules`: their folders.
 */
export function deliverablePorts(
  changed: { status: string; path: string }[],
  existsOnDisk: (path: string) => boolean,
  submodules: readonly string[] = [],
): DeliverablePorts {
  return {
    exists: (path) =>
      existsOnDisk(path) ||
      (/[*?{]/.test(path) && changed.some((one) => !one.status.startsWith('D') && matchesPath(path, one.path))),
    changed: (path) => changed.some((one) => matchesPath(path, one.path)),
    submodule: (path) => submodules.find((folder) => `${path}/`.startsWith(`${folder}/`)),
  };
}

/** Whether `path` is what `pattern` names: the file itself, something in that folder, or a fit of the glob (`*`, `**`, `?`, `{a,b}`). */
export function matchesPath(pattern: string, path: string): boolean {
  const wanted = pattern.replace(/\/+$/, '');
  if (wanted === '' || wanted === '.') return true;
  if (path === wanted || path.startsWith(`${wanted}/`)) return true;
  if (!/[*?{]/.test(wanted)) return false;
  return alternatives(wanted).some((one) => fits(one.split('/'), path.split('/')));
}

/** `a/{b,c}.ts` → `a/b.ts`, `a/c.ts`; at most 64. */
function alternatives(pattern: string): string[] {
  let out = [pattern];
  for (let round = 0; round < 6; round += 1) {
    const next = out.flatMap((one) => {
      const [whole, inner] = /\{([^{}]*,[^{}]*)\}/.exec(one) ?? [];
      if (whole === undefined || inner === undefined) return [one];
      return inner.split(',').map((part) => one.replace(whole, () => part));
    });
    if (next.length === out.length || next.length > 64) break;
    out = next;
  }
  return out;
}

function fits(pattern: string[], path: string[]): boolean {
  // Row by row, as in the classic table, so that many `**` cost no more than pattern times path.
  let reach = new Set([0]);
  for (const part of pattern) {
    const next = new Set<number>();
    if (part === '**') addFrom(next, Math.min(...reach), path.length);
    else for (const at of reach) if (segmentFits(part, path[at])) next.add(at + 1);
    reach = next;
  }
  // A glob that names a folder holds all that is in it.
  return (
    reach.has(path.length) ||
    (pattern.at(-1) !== '**' &&
      [...reach].some((at) => at > 0 && at < path.length && !(pattern.at(-1) ?? '').includes('.')))
  );
}

function segmentFits(pattern: string, segment: string | undefined): boolean {
  if (segment === undefined) return false;
  let reach = new Set([0]);
  for (const char of pattern.split('')) {
    const next = new Set<number>();
    if (char === '*') addFrom(next, Math.min(...reach), segment.length);
    else for (const at of reach) if (charFits(char, segment, at)) next.add(at + 1);
    reach = next;
  }
  return reach.has(segment.length);
}

function charFits(char: string, segment: string, at: number): boolean {
  return at < segment.length && (char === '?' || segment.charAt(at) === char);
}

/** All numbers from the first place that was reached to the end: a star passes over any number. */
function addFrom(set: Set<number>, from: number, end: number): void {
  for (let at = from; at <= end; at += 1) set.add(at);
}
