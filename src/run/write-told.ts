import type { NewEvent } from '../journal/index.ts';
import { record } from './context.ts';
import type { LiveAttempt } from './live.ts';

/** Writes down that the agent has it. What fails is logged: then a later attempt tells it again. */
export function writeTold(live: LiveAttempt, event: NewEvent): Promise<unknown> {
  const written = record(live.ctx, live.ref, event);
  live.background(written, 'writing down what was told');
  return written.catch(() => undefined);
}
