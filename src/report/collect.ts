import { answerText } from '../inbox/index.ts';
import type { Actor, ItemState, JournalEvent } from '../journal/index.ts';
import { between } from './time.ts';
import type { AttemptFacts, QuestionFacts, RoundFacts, RuleFacts, TaskFacts } from './types.ts';

/** The attempts, and the working time of all of them. */
export function attemptFacts(events: JournalEvent[]): Pick<TaskFacts, 'attempts' | 'workedMs'> {
  const attempts: AttemptFacts[] = [];
  for (const event of events) {
    if (event.type === 'attempt.intended') {
      const { why, mode } = event.data;
      attempts.push({ number: event.attempt ?? attempts.length + 1, started: event.at, why, mode, workedMs: 0 });
    }
    if (event.type !== 'attempt.ended') continue;
    const attempt = attempts.findLast(({ number }) => number === (event.attempt ?? number));
    if (attempt === undefined) continue;
    const { end, exitCode, detail, turns, workedMs } = event.data;
    Object.assign(
      attempt,
      { end, exitCode, workedMs },
      detail === undefined ? {} : { detail },
      turns === undefined ? {} : { turns },
    );
  }
  return { attempts, workedMs: attempts.reduce((ms, attempt) => ms + attempt.workedMs, 0) };
}

/** The looks at the work, oldest first. */
export function roundsOf(events: JournalEvent[]): RoundFacts[] {
  const rounds: RoundFacts[] = [];
  const current = (round: number): RoundFacts => {
    const last = rounds.at(-1);
    if (last?.round === round && last.decision === undefined) return last;
    const made: RoundFacts = { round, checks: [], deliverables: [], reasons: [] };
    rounds.push(made);
    return made;
  };
  for (const event of events) {
    // A look that was cut off by a crash is taken anew: its results do not count.
    if (event.type === 'task.checking' && rounds.at(-1)?.decision === undefined) rounds.pop();
    if (event.type === 'check.ran') {
      const { round, ...result } = event.data;
      current(round).checks.push(result);
    } else if (event.type === 'deliverables.looked') {
      current(event.data.round).deliverables = event.data.results;
    } else if (event.type === 'review.decided') {
      const { round, decision, reasons } = event.data;
      Object.assign(current(round), { decision, reasons });
    }
  }
  return rounds;
}

/** An inbox item as the report tells it. */
export function questionFacts(item: ItemState, events: JournalEvent[]): QuestionFacts {
  const by = item.answeredBy;
  const answer = answerText(item);
  return {
    id: item.id,
    kind: item.kind,
    status: item.status,
    opened: item.openedAt,
    questions: item.questions,
    ...(item.context === undefined ? {} : { context: item.context }),
    ...(answer === '' ? {} : { answer }),
    ...(by === undefined ? {} : { by: whoSaid(by) }),
    ...(item.answeredAt === undefined ? {} : { waitedMs: between(item.openedAt, item.answeredAt) }),
    byDefault: by?.kind === 'daemon' && item.silence.kind === 'default',
    ...(item.withdrawnWhy === undefined ? {} : { withdrawn: item.withdrawnWhy }),
    late: events.filter((event) => event.type === 'item.refused' && event.data.id === item.id).length,
  };
}

const vias: Record<NonNullable<Actor['via']>, string> = {
  cli: 'command line',
  terminal: 'terminal',
  file: 'answer file',
  http: 'web',
  telegram: 'Telegram',
  discord: 'Discord',
  demo: 'the demo’s second voice',
};

/** `anna (Telegram)`. */
function whoSaid(actor: Actor): string {
  const who = actor.id ?? (actor.kind === 'person' ? 'you' : actor.kind === 'daemon' ? 'Dayshift' : 'the agent');
  return actor.via === undefined ? who : `${who} (${vias[actor.via]})`;
}

/** The guard’s decisions of this kind, by rule. */
export function rulesOf(events: JournalEvent[], decision: 'deny' | 'ask'): RuleFacts[] {
  const rules = new Map<string, RuleFacts>();
  for (const event of events) {
    if (event.type !== 'guard.decided' || event.data.decision !== decision) continue;
    const { rule, tool, subject, reason, instead } = event.data;
    const known = rules.get(rule);
    const violations = worse(known?.violations, event.data.violation);
    if (known !== undefined) Object.assign(known, { count: known.count + 1, ...violations });
    else
      rules.set(rule, {
        rule,
        count: 1,
        tool,
        example: subject,
        reason,
        ...(instead === undefined ? {} : { instead }),
        ...violations,
      });
  }
  return [...rules.values()];
}

const badness = { plain: 0, disguised: 1, tamper: 2 } as const;

function worse(known: RuleFacts['violations'], kind: keyof typeof badness | undefined): Pick<RuleFacts, 'violations'> {
  if (kind === undefined) return known === undefined ? {} : { violations: known };
  const worst = known !== undefined && badness[known.worst] > badness[kind] ? known.worst : kind;
  return { violations: { count: (known?.count ?? 0) + 1, worst } };
}

/** Refused and failed model calls, by what they mean. */
export function refusalsOf(events: JournalEvent[]): TaskFacts['refusals'] {
  const refusals = new Map<string, TaskFacts['refusals'][number]>();
  for (const event of events) {
    if (event.type !== 'model.refused') continue;
    const { meaning, detail, resetAt } = event.data;
    const count = (refusals.get(meaning)?.count ?? 0) + 1;
    refusals.set(meaning, { meaning, count, detail, ...(resetAt === undefined ? {} : { resetAt }) });
  }
  return [...refusals.values()];
}

/** What people said to the task and did with its work. */
export function said(
  events: JournalEvent[],
): Pick<TaskFacts, 'tells' | 'retried' | 'warnings' | 'rolledBack' | 'applied' | 'applyFailed'> {
  const out: ReturnType<typeof said> = { tells: [], retried: [], warnings: [], rolledBack: [] };
  let appliedTree: string | undefined;
  for (const event of events) {
    const { at } = event;
    const by = whoSaid(event.actor);
    if (event.type === 'tell.sent') out.tells.push({ at, text: event.data.text, by });
    else if (event.type === 'task.retried') {
      out.retried.push({ at, by, ...(event.data.hint === undefined ? {} : { hint: event.data.hint }) });
    } else if (event.type === 'agent.warned') {
      if (!out.warnings.includes(event.data.message)) out.warnings.push(event.data.message);
    } else if (event.type === 'workspace.rolled_back') out.rolledBack.push(event.data.checkpoint);
    else if (event.type === 'workspace.applied') {
      out.applied = at;
      appliedTree = event.data.tree;
      delete out.applyFailed;
    } else if (event.type === 'work.measured') {
      // It was done anew since: that is not in the person's files.
      if (appliedTree !== undefined && appliedTree !== event.data.tree) delete out.applied;
    } else if (event.type === 'workspace.apply_failed') out.applyFailed = event.data.why;
  }
  return out;
}
