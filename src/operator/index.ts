import { add } from './add.ts';
import { apply } from './apply.ts';
import { answer } from './answer.ts';
import { branch } from './branch.ts';
import { budget } from './budget.ts';
import { commit } from './commit.ts';
import { down, start } from './daemon.ts';
import { pair, unpair } from './people.ts';
import { pr } from './pr.ts';
import { rate } from './rate.ts';
import { feedback } from './feedback.ts';
import { lessons } from './lessons.ts';
import { survival } from './survival.ts';
import { pause, resume, retry, stop, tell } from './tasks.ts';
import type { Operator, OperatorContext } from './types.ts';
import { clean, rollback } from './work.ts';

/** The operator over a home: the one set of things that a person can do. */
export function createOperator(ctx: OperatorContext): Operator {
  return {
    answer: (input, by) => answer(ctx, input, by),
    tell: (input, by) => tell(ctx, input, by),
    pause: (input, by) => pause(ctx, input, by),
    resume: (input, by) => resume(ctx, input, by),
    stop: (input, by) => stop(ctx, input, by),
    retry: (input, by) => retry(ctx, input, by),
    apply: (input, by) => apply(ctx, input, by),
    commit: (input, by) => commit(ctx, input, by),
    branch: (input, by) => branch(ctx, input, by),
    pr: (input, by) => pr(ctx, input, by),
    survival: () => survival(ctx),
    rollback: (input, by) => rollback(ctx, input, by),
    start: (input, by) => start(ctx, input, by),
    down: (_input, by) => down(ctx, by),
    add: (input, by) => add(ctx, input, by),
    budget: (input, by) => budget(ctx, input, by),
    rate: (input, by) => rate(ctx, input, by),
    feedback: (input, by) => feedback(ctx, input, by),
    lessons: (input, by) => lessons(ctx, input, by),
    pair: (input, by) => pair(ctx, input, by),
    unpair: (input, by) => unpair(ctx, input, by),
    clean: (input, by) => clean(ctx, input, by),
  };
}

export { takeAllFeedback, takeLessons, takenWords } from './feedback.ts';
export { takeFeedback } from './take-feedback.ts';
export { noticeSurvival } from './survival.ts';
export { proposedMessage } from './message.ts';
export { cleanedWords } from './cleaned.ts';
export { inPeopleTurn } from './turn.ts';
export { findTask, type FoundTask } from './refs.ts';
export type { Operator, OperatorContext, Outcome } from './types.ts';
