import type { EventData, Question, TaskSpec } from '../journal/index.ts';

/** What happens if nobody answers a question: it waits, unless the task's policy names a time for the first option. */
export function silenceFor(spec: TaskSpec, questions: Question[], now: number): EventData<'item.opened'>['silence'] {
  const policy = spec.onQuestion;
  const answers = questions.flatMap((question) => question.options[0]?.label ?? []);
  if (policy.mode !== 'default' || answers.length !== questions.length) return { kind: 'wait' };
  return { kind: 'default', at: new Date(now + policy.afterMinutes * 60_000).toISOString(), answers };
}
