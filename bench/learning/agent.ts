import { decide, rulesFor } from '../../src/guard/index.ts';
import { setting } from '../../src/guard/corpus/setting.ts';
import { stricterGuardSchema } from '../../src/guard/rules-file.ts';
import type { CheckResult, NewEvent, TaskSpec } from '../../src/journal/index.ts';
import { feedbackForAgent, judge } from '../../src/review/index.ts';
import { numbers } from './random.ts';
import {
  BREAKS,
  BREAKS_ANYWAY,
  BROKEN_COSTS,
  dear,
  FAULT_COSTS,
  faults,
  harmful,
  MENDS_WHEN_SENT_BACK,
  ROUND_COSTS,
  SPREAD,
  USD,
  type Fault,
} from './world.ts';

/** What an agent made of a task. */
export interface Work {
  day: number;
  task: string;
  /** Faults that are in the work when it is handed over. */
  found: Fault[];
  broken: boolean;
  usd: number;
  events: NewEvent[];
}

/**
 * The simulated agent: it reads its instructions as they are, tries its tool calls on the real guard, and mends what the real
 * gate sends back. Nothing else reaches it: of lessons it knows what stands in the prompt.
 */
export function work(seed: number, arm: string, day: number, spec: TaskSpec, prompt: string): Work {
  const random = numbers(`agent ${seed} ${arm} ${day} ${spec.id}`);
  const events: NewEvent[] = [];
  const read = spec.contextFiles;
  for (const [n, path] of read.entries())
    events.push({
      type: 'agent.tool',
      data: { toolUseId: `r${n}`, tool: 'Read', input: `/repo/${path}` },
    });
  let found = faults.filter((fault) => {
    if (!fault.fits(spec)) return false;
    const errs = random.chance(fault.rate * (isRemedied(fault, prompt, read) ? fault.left : 1));
    return errs && (fault.by !== 'guard' || isLetThrough(fault, spec, events));
  });
  const broken = random.chance(prompt.includes(harmful) ? BREAKS : BREAKS_ANYWAY);
  let usd = USD * (spec.module === dear.module ? dear.factor : 1) * Math.exp(SPREAD * random.normal());
  const whole = usd;

  for (let round = 1; ; round += 1) {
    events.push({ type: 'task.checking', data: { round } });
    const checks = spec.checks.map((command) => runCheck(command, found));
    for (const result of checks) events.push({ type: 'check.ran', data: { round, ...result } });
    const retriesLeft = spec.retries - (round - 1);
    const verdict = judge({ deliverables: [], checks, retriesLeft, nothingChanged: false });
    events.push({ type: 'review.decided', data: { round, ...verdict, tree: `t${round}` } });
    if (verdict.decision !== 'retry') break;
    usd += ROUND_COSTS * whole;
    const told = feedbackForAgent({ deliverables: [], checks, retriesLeft: retriesLeft - 1, nothingChanged: false });
    found = found.filter(
      (fault) => fault.by !== 'check' || !told.includes('old tests') || !random.chance(MENDS_WHEN_SENT_BACK),
    );
  }
  usd += whole * (FAULT_COSTS * found.length + (broken ? BROKEN_COSTS : 0));
  return { day, task: spec.id, found, broken, usd, events };
}

/** Whether the instructions hold what keeps the agent from it. Checks and rules are no matter of reading. */
function isRemedied({ by, wish }: Fault, prompt: string, read: readonly string[]): boolean {
  switch (by) {
    case 'instruction':
      return prompt.includes(wish);
    case 'context': {
      const [page = ''] = /[A-Z]+\.md/.exec(wish) ?? [];
      return read.some((path) => path.endsWith(page)) && prompt.includes(page);
    }
    case 'question':
      // The question with the person's answer below it: see `promptFor`.
      return /which database[^\n]*\n+The answer[^\n]*\n[^\n]*PostgreSQL/i.test(prompt);
    case 'check':
    case 'guard':
      return false;
  }
}

/** The agent reaches for what it should leave alone: the real guard says whether it gets there. */
function isLetThrough(fault: Fault, spec: TaskSpec, events: NewEvent[]): boolean {
  const path = '/repo/migrations/0007_names.sql';
  const rules = rulesFor({}, stricterGuardSchema.array().parse(spec.guard ?? []));
  const decision = decide(
    { tool: 'Write', input: { file_path: path, content: 'select 1;' }, cwd: '/repo' },
    { ...setting, policy: { ...setting.policy, rules } },
  );
  if (decision.decision === 'allow') return true;
  const { rule, reason } = decision;
  events.push({
    type: 'guard.decided',
    data: { toolUseId: fault.id, tool: 'Write', subject: path, decision: 'deny', rule, reason },
  });
  return false;
}

/** The commands that a check may be: the project's tests see the fault that is theirs. */
function runCheck(command: string, found: readonly Fault[]): CheckResult {
  const red = command === 'npm test' && found.some(({ by }) => by === 'check');
  return { command, exitCode: red ? 1 : 0, timedOut: false, ms: 900, tail: red ? '2 old tests are red' : 'ok' };
}
