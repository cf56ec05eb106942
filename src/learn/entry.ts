import { createHash } from 'node:crypto';
import { z } from 'zod';
import { stricterGuardSchema } from '../guard/rules-file.ts';
import type { Lesson, LessonState } from '../journal/index.ts';

/** The home's file of lessons, as people name it. */
export const LESSONS_FILE = 'config/lessons.yaml';
const words = z.string().min(1).max(200);

/** A lesson as it stands in the file. */
export const entrySchema = z.strictObject({
  id: z
    .string()
    .regex(/^l\d+$/, 'expected an id such as l7')
    .optional()
    .describe('given by Dayshift'),
  text: words.describe('what is to be different, in your words, at most 200 characters'),
  kind: z.enum(['guard', 'check', 'context', 'question', 'estimate', 'instruction']).describe('what it does'),
  rule: z.unknown().optional().describe('guard: a rule as in config/guard.yaml, with then: deny or ask'),
  command: words.optional().describe('check: the command that must pass'),
  files: z.array(z.string().min(1)).min(1).optional().describe('context: files that the agent reads first'),
  ask: words.optional().describe('question: what you are asked before the task starts'),
  factor: z.number().positive().max(100).optional().describe('estimate: 2 doubles estimates'),
  scope: z
    .strictObject({
      project: z.string().optional().describe('name of a project'),
      module: z.string().optional().describe('module of a task'),
      tags: z.array(z.string()).optional().describe('tags of a task, or words of its name; one must fit'),
      paths: z.array(z.string()).optional().describe('patterns of paths that a task names; one must fit'),
    })
    .default({})
    .describe('which tasks it is about; nothing: every task'),
  status: z.enum(['candidate', 'trial', 'active', 'retired']).default('active').describe('whether it is used'),
  from: z.string().optional().describe('where it comes from'),
  created: z.iso.date().optional().describe('since when'),
  expires: z.iso.date().optional().describe('until when it holds'),
  supersedes: z.string().optional().describe('the lesson that it takes the place of'),
});
export type Entry = z.infer<typeof entrySchema>;

/** What is to stand in the file for a lesson. */
export function entryOf(lesson: LessonState): Record<string, unknown> {
  const { kind, ...what } = lesson.does;
  const { file, line, task, rating, person } = lesson.from;
  const about = [
    ...(task === undefined ? [] : [task]),
    ...(rating === undefined ? [] : [`${rating}/5`]),
    ...(person === undefined ? [] : [person]),
  ];
  return {
    ...{ id: lesson.id, text: lesson.text, kind, ...what },
    scope: tidy(lesson.scope),
    status: lesson.status,
    from: `${file}:${line}${about.length === 0 ? '' : ` (${about.join(', ')})`}`,
    created: lesson.created,
    ...(lesson.expires === undefined ? {} : { expires: lesson.expires }),
    ...(lesson.supersedes === undefined ? {} : { supersedes: lesson.supersedes }),
  };
}

/** What an entry does, or what it lacks. */
export function doesOf(
  entry: Pick<Entry, 'kind' | 'rule' | 'command' | 'files' | 'ask' | 'factor'>,
): Lesson['does'] | { missing: string } {
  const { kind, rule, command, files, ask, factor } = entry;
  const lacks = (what: string) => ({ missing: `a lesson of kind ${kind} needs ${what}` });
  switch (kind) {
    case 'guard': {
      const read = stricterGuardSchema.safeParse({ rules: [rule] });
      if (read.success) return { kind, rule: rule as Record<string, unknown> };
      const [issue] = read.error.issues;
      return lacks(`a rule as in config/guard.yaml: ${issue?.path.slice(2).join('.') ?? ''} ${issue?.message ?? ''}`);
    }
    case 'check':
      return command === undefined ? lacks('command: the command that must pass') : { kind, command };
    case 'context':
      return files === undefined ? lacks('files: the files to read first') : { kind, files };
    case 'question':
      return ask === undefined ? lacks('ask: the question') : { kind, ask };
    case 'estimate':
      return factor === undefined ? lacks('factor: by how much estimates are too low') : { kind, factor };
    case 'instruction':
      return { kind };
  }
}

/** Changes of a lesson by words of a command, checked like an entry of the file. */
export function readDoes(entry: { kind: string } & Record<string, unknown>): Lesson['does'] | { missing: string } {
  const read = entrySchema.safeParse({ ...entry, text: 'x' });
  if (!read.success) return { missing: read.error.issues[0]?.message ?? 'it is not valid' };
  return doesOf(read.data);
}

/** What stands in the journal for an entry that was written or read: all of it but where it comes from, which is the person's to word. */
export function filedAs(entry: Entry): string {
  const { from: _worded, ...counts } = entry;
  return stable({ ...counts, scope: tidy(counts.scope) });
}

/** Whether nobody changed an entry since it was written or read last. */
export function isAsFiled(entry: Entry, filed: string | undefined): boolean {
  const now = filedAs(entry);
  return filed === now || filed === createHash('sha256').update(now).digest('hex').slice(0, 16);
}

/** The entry as it was written or read last; undefined where the journal has only its digest, as older ones have. */
export function filedEntry(filed: string | undefined): Entry | undefined {
  if (filed?.startsWith('{') !== true) return undefined;
  try {
    const read = entrySchema.safeParse(JSON.parse(filed));
    return read.success ? read.data : undefined;
  } catch {
    return undefined; // an older journal's
  }
}

/** Without what is empty. */
export function tidy(scope: Lesson['scope']): Lesson['scope'] {
  return Object.fromEntries(
    Object.entries(scope).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  );
}

/** Whether two values are equal, whatever the order of their keys. */
export function same(a: unknown, b: unknown): boolean {
  return stable(a) === stable(b);
}

/** JSON with keys in order. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
