import { count, duration } from '../base/index.ts';
import type { CheckResult, DeliverableResult } from '../journal/index.ts';
import { confidenceOf } from './confidence.ts';

/** What one round of the review saw. */
export interface Judged {
  deliverables: DeliverableResult[];
  /** The checks of this round. */
  checks: CheckResult[];
  /** The agent's summary: quoted, never proof. */
  claim?: string;
  retriesLeft: number;
  /** The work is no different from its start. */
  nothingChanged: boolean;
}

export interface Judgement {
  decision: 'proceed' | 'retry' | 'escalate';
  /** What was found, in words for a person: failures first. */
  reasons: string[];
}

/**
 * Whether the work may pass: every check passes, every promised file is there and changed. What fails is tried
 * again while tries are left, then a person decides.
 */
export function judge(round: Judged): Judgement {
  const failures = failuresOf(round);
  const claim = claimOf(round.claim);
  if (failures.length > 0) {
    return { decision: round.retriesLeft > 0 ? 'retry' : 'escalate', reasons: [...failures, ...claim] };
  }
  return { decision: 'proceed', reasons: [...proofOf(round), ...claim] };
}

/** Everything that speaks against the work, in words. */
function failuresOf(round: Pick<Judged, 'deliverables' | 'checks' | 'nothingChanged'>): string[] {
  const failures = round.checks.filter(failed).map((check) => `check \`${check.command}\` ${howItEnded(check)}`);
  for (const { text, verdict, submodule } of round.deliverables) {
    if (verdict === 'missing') failures.push(`deliverable missing: ${text}`);
    if (verdict === 'unchanged' && submodule !== undefined)
      failures.push(`deliverable in the submodule ${submodule}, of which no change is taken along: ${text}`);
    else if (verdict === 'unchanged') failures.push(`deliverable there, but not changed: ${text}`);
  }
  if (round.nothingChanged && round.deliverables.length > 0) {
    failures.push('nothing was changed, although the task promises deliverables');
  }
  return failures;
}

/** True for a check that did not pass: it did not end by itself, or not with exit code 0. */
export function failed(check: CheckResult): boolean {
  return check.timedOut || check.exitCode !== 0;
}

/** `ended with exit code 1 after 3 s`. */
export function howItEnded(check: CheckResult): string {
  if (check.timedOut) return `did not end within ${duration(check.ms)}`;
  if (check.exitCode === null) return `was killed after ${duration(check.ms)}`;
  return `ended with exit code ${check.exitCode} after ${duration(check.ms)}`;
}

function proofOf(round: Judged): string[] {
  const changed = round.deliverables.filter(({ verdict }) => verdict === 'changed').length;
  const unseen = round.deliverables.length - changed;
  const reasons: string[] = [];
  if (round.checks.length > 0) reasons.push(`${count(round.checks.length, 'check')} passed`);
  if (changed > 0) reasons.push(`${count(changed, 'deliverable')} there and changed`);
  if (reasons.length === 0) reasons.push('nothing proves it: no checks, and no deliverable that names a file');
  if (unseen > 0) reasons.push(`${count(unseen, 'deliverable')} could not be checked`);
  if (round.nothingChanged) reasons.push('no file was changed');
  return reasons;
}

function claimOf(claim: string | undefined): string[] {
  const confidence = claim === undefined ? undefined : confidenceOf(claim);
  return confidence === undefined ? [] : [`the agent itself gives ${Math.round(confidence * 100)} % confidence`];
}
