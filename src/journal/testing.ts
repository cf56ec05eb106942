// Helpers of this room's tests.
import fc from 'fast-check';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { z } from 'zod';
import { eventData, type EventType, type JournalEvent, type NewEvent } from './events.ts';
import type { EventFilter } from './read.ts';
import { readEvents } from './read.ts';
import type { JournalPaths } from './replay.ts';
import type { TaskSpec } from './spec.ts';
import { DAY, dayPlan, taskSpec } from './spec.testing.ts';

export { DAY, taskSpec };

/** A folder that is gone after the test. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dayshift-journal-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function tempJournal(folder = tempFolder()): JournalPaths & { lock: string } {
  return { journal: join(folder, 'journal'), stateFile: join(folder, 'state.json'), lock: join(folder, 'lock') };
}

export function warned(message: string, task?: string): NewEvent {
  return { type: 'day.warned', day: DAY, ...(task === undefined ? {} : { task }), data: { message } };
}

/** The messages of `day.warned` events, in order. */
export function messages(events: JournalEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'day.warned' ? [event.data.message] : []));
}

export async function allEvents(dir: string, filter: EventFilter = {}): Promise<JournalEvent[]> {
  const events: JournalEvent[] = [];
  for await (const event of readEvents(dir, filter)) events.push(event);
  return events;
}

/** Every file of a folder with what it holds, by name. */
export function contents(dir: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(dir)
      .sort()
      .map((name) => [name, readFileSync(join(dir, name), 'latin1')]),
  );
}

export function planned(tasks: TaskSpec[], maxCostUsd = 10): NewEvent {
  const plan = dayPlan(tasks, { maxCostUsd });
  return { type: 'day.planned', day: DAY, data: { plan, payer: 'API key', warnings: [] } };
}

/** Few values, so that events meet: ids of tasks, items, calls, days, and some text that is hard to carry. */
const words = fc.constantFrom(
  't1',
  't2',
  'q1',
  'q2',
  'q3',
  DAY,
  '2026-11-24',
  '',
  'ü\n"\\\u2028',
  '\ud800',
  '"day":"x"',
);

/** Any value that a schema takes. */
function valueOf(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object':
      return fc.record(Object.fromEntries(Object.entries(def.shape).map(([key, value]) => [key, valueOf(value)])));
    case 'array':
      return fc.array(valueOf(def.element), { maxLength: 3 });
    case 'record':
      return fc.dictionary(fc.constantFrom('a', 'b', '7'), valueOf(def.valueType), { maxKeys: 2 });
    case 'union':
      return fc.oneof(...def.options.map(valueOf));
    case 'optional':
      return fc.option(valueOf(def.innerType), { nil: undefined });
    case 'nullable':
      return fc.option(valueOf(def.innerType), { nil: null });
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries));
    case 'literal':
      return fc.constantFrom(...def.values);
    case 'boolean':
      return fc.boolean();
    case 'number':
      return fc.oneof(fc.integer({ min: 1, max: 9 }), fc.double({ min: 0.001, max: 1e6, noNaN: true }));
    case 'string':
      return words;
    case 'unknown':
      return fc.jsonValue({ maxDepth: 1 });
    default:
      throw new Error(`no values for ${def.type}`);
  }
}

/** Any event that the journal takes. */
export const anyEvent: fc.Arbitrary<NewEvent> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(planned([taskSpec('t1'), taskSpec('t2')])) },
  {
    weight: 9,
    arbitrary: fc.constantFrom(...(Object.keys(eventData) as EventType[])).chain(
      (type) =>
        fc.record({
          type: fc.constant(type),
          data: valueOf(type === 'journal.repaired' ? eventData[type].omit({ through: true }) : eventData[type]),
          day: fc.constantFrom(DAY, DAY, '2026-11-24', undefined),
          task: fc.constantFrom('t1', 't2', undefined),
          attempt: fc.constantFrom(1, 2, undefined),
        }) as fc.Arbitrary<NewEvent>,
    ),
  },
);
