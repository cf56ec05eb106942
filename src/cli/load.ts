import type { CommandName } from './commands.ts';
import type { Build } from './io.ts';

/** A command's file, loaded only when it is called. */
export const load: Record<CommandName, () => Promise<{ build: Build }>> = {
  init: () => import('./init.ts'),
  plan: () => import('./plan.ts'),
  run: () => import('./run.ts'),
  up: () => import('./up.ts'),
  start: () => import('./start.ts'),
  down: () => import('./down.ts'),
  status: () => import('./status.ts'),
  cost: () => import('./cost.ts'),
  inbox: () => import('./inbox.ts'),
  answer: () => import('./answer.ts'),
  tell: () => import('./tell.ts'),
  pause: () => import('./pause.ts'),
  resume: () => import('./resume.ts'),
  stop: () => import('./stop.ts'),
  retry: () => import('./retry.ts'),
  diff: () => import('./diff.ts'),
  apply: () => import('./apply.ts'),
  rollback: () => import('./rollback.ts'),
  report: () => import('./report.ts'),
  journal: () => import('./journal.ts'),
  clean: () => import('./clean.ts'),
  pair: () => import('./pair.ts'),
  people: () => import('./people.ts'),
  unpair: () => import('./unpair.ts'),
  doctor: () => import('./doctor.ts'),
  guard: () => import('./guard.ts'),
  demo: () => import('./demo.ts'),
  completion: () => import('./completion.ts'),
};
