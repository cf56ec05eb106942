import type { JournalEvent } from './events.ts';
import type { FeedbackState, State } from './state.ts';

/** Folds what people said of a day's work: the newest of each task. */
export function foldFeedback(state: State, event: JournalEvent): void {
  if (event.day === undefined || !event.type.startsWith('feedback.')) return;
  const known: FeedbackState | undefined = state.feedback[event.day];
  const day = known ?? (state.feedback[event.day] = { tasks: {} });
  switch (event.type) {
    case 'feedback.given': {
      if (event.task === undefined) return;
      const { digest, rating, remarks, actions } = event.data;
      day.tasks[event.task] = {
        ...{ digest, remarks, actions, at: event.at },
        ...(rating === undefined ? {} : { rating }),
      };
      return;
    }
    case 'feedback.withdrawn':
      if (event.task !== undefined) delete day.tasks[event.task];
      return;
    case 'feedback.noted':
      day.noted = event.data.digest;
      return;
    case 'feedback.read':
      day.read = event.data.digest;
      return;
    default:
      return;
  }
}
