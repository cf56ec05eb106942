import { z } from 'zod';
import { agentEvents } from './events/agent.ts';
import { attemptEvents } from './events/attempt.ts';
import { canaryEvents } from './events/canary.ts';
import { commitEvents } from './events/commit.ts';
import { daemonEvents } from './events/daemon.ts';
import { dayEvents } from './events/day.ts';
import { egressEvents } from './events/egress.ts';
import { feedbackEvents } from './events/feedback.ts';
import { inboxEvents } from './events/inbox.ts';
import { lessonEvents } from './events/lesson.ts';
import { moneyEvents } from './events/money.ts';
import { outboxEvents } from './events/outbox.ts';
import { peopleEvents } from './events/people.ts';
import { noticeEvents } from './events/notice.ts';
import { scheduleEvents } from './events/schedule.ts';
import { survivalEvents } from './events/survival.ts';
import { taskEvents } from './events/task.ts';
import { workspaceEvents } from './events/workspace.ts';

/**
 * Every event that Dayshift knows: the closed union that the journal holds and all state is folded from.
 * An event is added or given an optional field freely; a field is never renamed or given another meaning
 * without a new `v`. Texts from outside are cut before they come here (the whole of them is in `agent.log`).
 */

/** Who caused an event. `via` says from where a person spoke. */
const actorSchema = z.object({
  kind: z.enum(['daemon', 'agent', 'person']),
  /** The person's name or id as far as it is known. */
  id: z.string().optional(),
  via: z.enum(['cli', 'terminal', 'file', 'http', 'telegram', 'discord', 'demo']).optional(),
  /** The message or tap that it came by: `telegram:u123`. Seen again, it is not carried out again. */
  ref: z.string().optional(),
});

/** The data of each event type, a file a concern. The key is the event's `type`. */
export const eventData = {
  ...daemonEvents,
  ...dayEvents,
  ...taskEvents,
  ...attemptEvents,
  ...agentEvents,
  ...moneyEvents,
  ...egressEvents,
  ...inboxEvents,
  ...feedbackEvents,
  ...lessonEvents,
  ...outboxEvents,
  ...peopleEvents,
  ...workspaceEvents,
  ...commitEvents,
  ...survivalEvents,
  ...canaryEvents,
  ...scheduleEvents,
  ...noticeEvents,
} as const;

export type EventType = keyof typeof eventData;
export type EventData<T extends EventType> = z.infer<(typeof eventData)[T]>;
export type Actor = z.infer<typeof actorSchema>;
export type Tokens = EventData<'model.settled'>['tokens'];
export type Question = EventData<'item.opened'>['questions'][number];
export type AttemptEnd = EventData<'attempt.ended'>['end'];
export type ParkReason = EventData<'task.parked'>['reason'];
export type ItemKind = EventData<'item.opened'>['kind'];
export type Lesson = EventData<'lesson.proposed'>['lesson'];
export type DiffStat = EventData<'work.measured'>['stat'];
export type CheckResult = EventData<'setup.ran'>;
export type Content = EventData<'message.intended'>['content'];
export type Place = EventData<'message.intended'>['place'];
export type Channel = Place['channel'];
export type Rich = Extract<Content, { kind: 'text' }>['rich'];
export type Block = Rich[number];
export type Span = Extract<Block, { type: 'text' }>['spans'][number];
export type MessagePriority = EventData<'message.intended'>['priority'];
export type Role = EventData<'person.paired'>['role'];
export type DeliverableResult = EventData<'deliverables.looked'>['results'][number];

/** What an appender gives; the journal adds `v`, `seq`, `at` and the checksum. */
export type NewEvent = {
  [T in EventType]: {
    type: T;
    data: EventData<T>;
    actor?: Actor;
    /** `YYYY-MM-DD` of the day that it belongs to. */
    day?: string;
    task?: string;
    /** Counts from 1 within the task. */
    attempt?: number;
  };
}[EventType];

/** An event as it stands in the journal. */
export type JournalEvent = NewEvent & {
  v: 1;
  /** Counts from 1 over the whole journal, without gaps but those that a `journal.repaired` stands for. */
  seq: number;
  /** ISO 8601 in UTC with milliseconds. */
  at: string;
  actor: Actor;
};

export type EventOf<T extends EventType> = Extract<JournalEvent, { type: T }>;

const envelopeSchema = z.object({
  type: z.string().refine((type) => Object.hasOwn(eventData, type), 'unknown event type'),
  actor: actorSchema.optional(),
  day: z.iso.date().optional(),
  task: z.string().optional(),
  attempt: z.number().int().optional(),
});

/** Checks a new event against its schema: every event passes here before it is written. What the schema does not know is dropped. */
export function validateEvent(event: NewEvent): z.ZodSafeParseResult<unknown> {
  const envelope = envelopeSchema.safeParse(event);
  return envelope.success ? eventData[event.type].safeParse(event.data) : envelope;
}
