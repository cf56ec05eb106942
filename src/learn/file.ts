import { createHash } from 'node:crypto';
import { isMap, isSeq, parseDocument as parseYaml, type Document, type YAMLMap } from 'yaml';
import { z } from 'zod';
import { parseDocument, type Problem } from '../document/index.ts';
import { stricterGuardSchema } from '../guard/rules-file.ts';
import type { Lesson, LessonState, NewEvent } from '../journal/index.ts';

/** The home's file of lessons, as people name it. */
export const LESSONS_FILE = 'config/lessons.yaml';
const FILE = LESSONS_FILE;
const words = z.string().min(1).max(200);

const entrySchema = z.strictObject({
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
type Entry = z.infer<typeof entrySchema>;
const fileSchema = z.strictObject({ lessons: z.array(entrySchema).nullish() });

const HEADER = `# What Dayshift learned from your feedback. Change what you like: your words, what a lesson does, its status
# (candidate, trial, active, retired). Comments and order stay. See docs/lessons.md.
lessons:
`;

export interface FileNews {
  problems: Problem[];
  /** What a person changed in the file. */
  events: NewEvent[];
}

/**
 * What a person changed in `config/lessons.yaml` since it was written or read last (`filed`): new entries, other words,
 * another status, entries taken out. Nothing where the file is not valid: then the journal's lessons hold as they are.
 */
export function newsInFile(
  text: string | undefined,
  lessons: Readonly<Record<string, LessonState>>,
  filed: Readonly<Record<string, string>>,
  { newId, today }: { newId: () => string; today: string },
): FileNews {
  const parsed = parseDocument(text ?? '', FILE, fileSchema, { empty: { lessons: [] } });
  const { value, problems } = parsed;
  if (value === undefined) return { problems, events: [] };
  const events: NewEvent[] = [];
  const more: Problem[] = [];
  const there = new Set<string>();
  for (const [index, entry] of (value.lessons ?? []).entries()) {
    const place = parsed.locate(['lessons', index]);
    const fault = (message: string) =>
      more.push({ file: FILE, ...place, path: `lessons[${index}]`, message, severity: 'error' });
    const does = doesOf(entry);
    if ('missing' in does) {
      fault(does.missing);
      continue;
    }
    const known = entry.id === undefined ? unnamed(entry, does, lessons, filed, there) : lessons[entry.id];
    if (entry.id !== undefined && there.has(entry.id)) {
      fault(`${entry.id} is there twice`);
      continue;
    }
    if (known === undefined) {
      const id = entry.id ?? newId();
      there.add(id);
      const lesson: Lesson = {
        ...{ id, text: entry.text, does, scope: tidy(entry.scope), status: entry.status },
        from: { file: FILE, line: place.line, date: today },
        created: entry.created ?? today,
        ...(entry.expires === undefined ? {} : { expires: entry.expires }),
        ...(entry.supersedes === undefined ? {} : { supersedes: entry.supersedes }),
      };
      events.push({ type: 'lesson.proposed', data: { lesson } });
      continue;
    }
    there.add(known.id);
    if (filed[known.id] === digestOf(entry)) continue;
    const changes = {
      ...(known.text === entry.text ? {} : { text: entry.text }),
      ...(same(known.does, does) ? {} : { does }),
      ...(same(tidy(known.scope), tidy(entry.scope)) ? {} : { scope: tidy(entry.scope) }),
      ...(entry.expires === undefined || entry.expires === known.expires ? {} : { expires: entry.expires }),
    };
    if (Object.keys(changes).length > 0) events.push({ type: 'lesson.changed', data: { id: known.id, ...changes } });
    if (entry.status !== known.status)
      events.push({ type: 'lesson.moved', data: { id: known.id, to: entry.status, why: `${FILE} says so` } });
  }
  if (more.length > 0) return { problems: [...problems, ...more], events: [] };
  for (const id of Object.keys(filed))
    if (!there.has(id) && lessons[id] !== undefined && lessons[id].status !== 'retired')
      events.push({ type: 'lesson.moved', data: { id, to: 'retired', why: `it was taken out of ${FILE}` } });
  return { problems, events };
}

/** The lesson that an entry without an id became already, where a kill came before its id was written into the file. */
function unnamed(
  { text, scope }: Entry,
  does: Lesson['does'],
  lessons: Readonly<Record<string, LessonState>>,
  filed: Readonly<Record<string, string>>,
  there: ReadonlySet<string>,
): LessonState | undefined {
  return Object.values(lessons).find(
    (one) =>
      one.from.file === FILE &&
      filed[one.id] === undefined &&
      !there.has(one.id) &&
      one.status !== 'retired' &&
      one.text === text &&
      same(one.does, does) &&
      same(tidy(one.scope), tidy(scope)),
  );
}

/**
 * The file with the lessons as they are now: entries are changed in place, new ones come last, comments and order stay.
 * `entries`: what stands for each. The text must be valid.
 */
export function withLessonsIn(
  text: string | undefined,
  lessons: readonly LessonState[],
  filed: Readonly<Record<string, string>>,
): { text: string; entries: Record<string, string> } {
  const before = text === undefined || text.trim() === '' ? HEADER : text;
  const document = parseYaml(before);
  if (!isMap(document.contents)) document.contents = document.createNode({ lessons: [] }) as never;
  let list: unknown = document.get('lessons', true);
  if (!isSeq(list)) {
    list = document.createNode([]);
    document.set('lessons', list);
  }
  if (!isSeq(list)) return { text: before, entries: {} };
  const entries: Record<string, string> = {};
  let changed = false;
  for (const lesson of lessons) {
    const wanted = entryOf(lesson);
    // By its id; or one of the person's own that got its id just now.
    const node =
      list.items.find((item) => isMap(item) && item.get('id') === lesson.id) ??
      list.items.find((item) => isMap(item) && item.get('id') === undefined && item.get('text') === lesson.text);
    if (isMap(node)) changed = put(document, node, wanted) || changed;
    // Taken out by the person, or retired before it was ever written: it stays out.
    else if (filed[lesson.id] !== undefined || lesson.status === 'retired') continue;
    else {
      list.flow = false;
      list.add(document.createNode(wanted));
      changed = true;
    }
    entries[lesson.id] = digestOf(entrySchema.parse(wanted));
  }
  return { text: changed ? document.toString({ lineWidth: 0 }) : before, entries };
}

/** Sets what differs, and leaves the rest as it is written. */
function put(document: Document, node: YAMLMap, wanted: Record<string, unknown>): boolean {
  const now = node.toJS(document) as Record<string, unknown>;
  let changed = false;
  for (const [key, value] of Object.entries(wanted)) {
    if (same(now[key], value) || (key === 'scope' && same(now[key] ?? {}, value))) continue;
    // Where it comes from is the person's to word.
    if (key === 'from' && now[key] !== undefined) continue;
    node.set(key, document.createNode(value));
    changed = true;
  }
  for (const key of ['rule', 'command', 'files', 'ask', 'factor']) {
    if (wanted[key] !== undefined || !node.has(key)) continue;
    node.delete(key);
    changed = true;
  }
  return changed;
}

function entryOf(lesson: LessonState): Record<string, unknown> {
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
function doesOf(
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

function digestOf(entry: Entry): string {
  const { from: _worded, ...counts } = entry;
  return createHash('sha256')
    .update(stable({ ...counts, scope: tidy(counts.scope) }))
    .digest('hex')
    .slice(0, 16);
}

/** Without what is empty. */
function tidy(scope: Lesson['scope']): Lesson['scope'] {
  return Object.fromEntries(
    Object.entries(scope).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  );
}

function same(a: unknown, b: unknown): boolean {
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
