import type { EventType, JournalEvent } from './events.ts';

/** The version of events that this Dayshift writes and understands. */
export const EVENT_VERSION = 1;

/**
 * The types of events.ts again, as plain names: what only reads the journal must not load zod. The compiler
 * holds the two together.
 */
const types: Record<EventType, true> = {
  'daemon.started': true,
  'daemon.stopped': true,
  'service.failed': true,
  'journal.repaired': true,
  'day.planned': true,
  'day.started': true,
  'day.forecast': true,
  'day.paused': true,
  'day.resumed': true,
  'day.warned': true,
  'day.reported': true,
  'delivery.failed': true,
  'task.preparing': true,
  'task.prepared': true,
  'task.parked': true,
  'task.unparked': true,
  'task.checking': true,
  'task.done': true,
  'task.failed': true,
  'task.stopped': true,
  'task.retried': true,
  'setup.ran': true,
  'check.ran': true,
  'deliverables.looked': true,
  'review.decided': true,
  'work.measured': true,
  'attempt.intended': true,
  'attempt.started': true,
  'attempt.ended': true,
  'agent.init': true,
  'agent.said': true,
  'agent.tool': true,
  'agent.tool_result': true,
  'agent.retrying': true,
  'agent.warned': true,
  'guard.decided': true,
  'tell.sent': true,
  'tell.delivered': true,
  'model.reserved': true,
  'model.settled': true,
  'model.refused': true,
  'budget.alerted': true,
  'budget.raised': true,
  'egress.opened': true,
  'egress.refused': true,
  'egress.counted': true,
  'account.window': true,
  'item.opened': true,
  'item.drafted': true,
  'item.answered': true,
  'item.delivered': true,
  'item.expired': true,
  'item.reminded': true,
  'item.escalated': true,
  'item.withdrawn': true,
  'item.refused': true,
  'feedback.given': true,
  'feedback.withdrawn': true,
  'feedback.noted': true,
  'feedback.read': true,
  'setting.changed': true,
  'lesson.proposed': true,
  'lesson.supported': true,
  'lesson.changed': true,
  'lesson.moved': true,
  'lesson.applied': true,
  'lesson.judged': true,
  'lesson.filed': true,
  'context.attached': true,
  'message.intended': true,
  'message.begun': true,
  'message.sent': true,
  'message.edited': true,
  'message.failed': true,
  'message.fell_back': true,
  'message.dropped': true,
  'thread.opened': true,
  'pairing.offered': true,
  'person.paired': true,
  'person.removed': true,
  'stranger.seen': true,
  'draft.made': true,
  'draft.used': true,
  'button.used': true,
  'button.freed': true,
  'input.handled': true,
  'workspace.checkpointed': true,
  'workspace.applying': true,
  'workspace.applied': true,
  'workspace.apply_failed': true,
  'workspace.rolled_back': true,
  'workspace.cleaned': true,
  'commit.intended': true,
  'commit.made': true,
  'commit.failed': true,
  'pull_request.intended': true,
  'pull_request.opened': true,
  'pull_request.failed': true,
  'work.survived': true,
  'canary.passed': true,
  'canary.failed': true,
  'cli.proved': true,
  'cli.unproved': true,
  'notice.posted': true,
  'schedule.armed': true,
  'schedule.claimed': true,
  'schedule.ran': true,
  'schedule.missed': true,
  'schedule.asked': true,
};

/** An event as it was read: its checksum is right, but a newer Dayshift may have written it. */
export type ReadEvent = Omit<JournalEvent, 'v' | 'type' | 'data'> & { v: number; type: string; data: unknown };

/** Whether this version knows what the event means. */
export function isKnown(event: ReadEvent): boolean {
  return event.v === EVENT_VERSION && Object.hasOwn(types, event.type);
}

/** What stands for a kind of event that is not known, such as `task.teleported` or `task.done (v2)`. */
export function kindOf(event: ReadEvent): string {
  return event.v === EVENT_VERSION ? event.type : `${event.type} (v${event.v})`;
}

/** Whether a kind that an earlier Dayshift passed over would be understood by this one. */
export function isKnownKind(kind: string): boolean {
  return Object.hasOwn(types, kind);
}
