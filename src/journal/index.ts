export type {
  Actor,
  Block,
  Channel,
  AttemptEnd,
  CheckResult,
  Content,
  DeliverableResult,
  DiffStat,
  EventData,
  EventOf,
  EventType,
  ItemKind,
  Lesson,
  JournalEvent,
  MessagePriority,
  NewEvent,
  ParkReason,
  Place,
  Question,
  Rich,
  Role,
  Span,
  Tokens,
} from './events.ts';
export type { Complexity, OnQuestion, Plan, Priority, TaskSpec } from './spec.ts';
export type { Journal } from './port.ts';
export {
  costOf,
  isTaken,
  dayCostOf,
  ledgerCostOf,
  monthKey,
  projectKey,
  type AppliedLesson,
  type ChatState,
  type DayState,
  type FeedbackState,
  type ItemState,
  type ItemStatus,
  type Ledger,
  type LessonState,
  type PendingMessage,
  type PersonState,
  type ScheduleState,
  type SlotState,
  type State,
  type TaskFeedbackState,
  type TaskRecord,
  type TaskState,
  type TaskStatus,
} from './state.ts';
export { withGiven } from './fold-lesson.ts';
export { emptyState, fold } from './fold.ts';
export { daysLatestFirst } from './days.ts';
export { takesPlan } from './fold-day.ts';
export { slotName, threadName } from './fold-chat.ts';
export { openJournal, type JournalOptions } from './open.ts';
export { repairJournal, type Repair } from './repair.ts';
export { takeLock, type Lock } from './lock.ts';
export {
  followEvents,
  lockHolder,
  readEvents,
  readState,
  type EventFilter,
  type JournalPaths,
  type LockHolder,
} from './read-only.ts';
