import { isMap, isNode, isScalar, isSeq, parseDocument as parseYaml, type Document, type YAMLMap } from 'yaml';
import { z } from 'zod';
import { parseDocument, type Problem } from '../document/index.ts';
import type { Lesson, LessonState, NewEvent } from '../journal/index.ts';
import {
  doesOf,
  entryOf,
  entrySchema,
  filedAs,
  filedEntry,
  isAsFiled,
  LESSONS_FILE as FILE,
  same,
  tidy,
  type Entry,
} from './entry.ts';

const fileSchema = z.strictObject({ lessons: z.array(entrySchema).nullish() });

const HEADER = `# What Dayshift learned from your feedback. Change what you like: your words, what a lesson does, its status
# (candidate, trial, active, retired). Comments and order stay. See docs/lessons.md.
lessons:
`;

export interface FileNews {
  problems: Problem[];
  /** What a person changed in the file. */
  events: NewEvent[];
  /** It is away, or has nothing of what stood in it: that is nobody's wish, and all of it is to be written again. */
  lost: boolean;
}

/**
 * What a person changed in `config/lessons.yaml` since it was written or read last (`filed`): new entries, other words,
 * another status, entries taken out. Only what differs from what was filed is theirs: what the journal changed meanwhile stays.
 * Nothing where the file is not valid, gone, empty, or ends in the middle of a line with entries missing: then the journal's
 * lessons hold as they are.
 */
export function newsInFile(
  text: string | undefined,
  lessons: Readonly<Record<string, LessonState>>,
  filed: Readonly<Record<string, string>>,
  { newId, today }: { newId: () => string; today: string },
): FileNews {
  const parsed = parseDocument(text ?? '', FILE, fileSchema, { empty: { lessons: [] } });
  const { value, problems } = parsed;
  if (value === undefined) return { problems, events: [], lost: false };
  const entries = value.lessons ?? [];
  const taken = new Set([...Object.keys(lessons), ...entries.flatMap(({ id }) => id ?? [])]);
  const freeId = () => {
    let id = newId();
    while (taken.has(id)) id = newId();
    taken.add(id);
    return id;
  };
  const events: NewEvent[] = [];
  const more: Problem[] = [];
  const there = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    const place = parsed.locate(['lessons', index]);
    const fault = (message: string) =>
      more.push({ file: FILE, ...place, path: `lessons[${index}]`, message, severity: 'error' });
    const does = doesOf(entry);
    if ('missing' in does) {
      fault(does.missing);
      continue;
    }
    if (entry.id !== undefined && there.has(entry.id)) {
      fault(`${entry.id} is there twice`);
      continue;
    }
    const known = entry.id === undefined ? unnamed(entry, does, lessons, filed, there) : lessons[entry.id];
    if (known === undefined) {
      const id = entry.id ?? freeId();
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
    events.push(...changesOf(entry, does, known, filed[known.id]));
  }
  if (more.length > 0) return { problems: [...problems, ...more], events: [], lost: false };
  const missing = Object.keys(filed).filter((id) => !there.has(id) && (lessons[id]?.status ?? 'retired') !== 'retired');
  if (missing.length === 0) return { problems, events, lost: false };
  const ids = missing.join(', ');
  if (!Object.keys(filed).some((id) => there.has(id))) {
    const message = `it had none of the lessons that were in it: nothing is retired by that, and they are written into it again (${ids}). One is ended by “status: retired”`;
    return {
      problems: [...problems, { file: FILE, line: 1, column: 1, path: '', message, severity: 'warning' }],
      ...{ events, lost: true },
    };
  }
  if (text?.endsWith('\n') === false) {
    const lines = text.split('\n');
    const place = { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
    const message = `the file ends in the middle of a line, and ${ids} ${missing.length === 1 ? 'is' : 'are'} not in it: nothing was taken from it. End it with a new line if it is whole`;
    return {
      problems: [...problems, { file: FILE, ...place, path: '', message, severity: 'error' }],
      events: [],
      lost: false,
    };
  }
  for (const id of missing)
    events.push({ type: 'lesson.moved', data: { id, to: 'retired', why: `it was taken out of ${FILE}` } });
  return { problems, events, lost: false };
}

/** What a person changed of an entry since it was written or read last. */
function changesOf(entry: Entry, does: Lesson['does'], known: LessonState, filed: string | undefined): NewEvent[] {
  if (isAsFiled(entry, filed)) return [];
  const before = filedEntry(filed);
  const then: Omit<Entry, 'kind' | 'from'> = before ?? known;
  const doneBefore = before === undefined ? known.does : doesOf(before);
  // Theirs is what they changed; where it is so already there is nothing to do.
  const isNew = (was: unknown, wanted: unknown, now: unknown) => !same(was, wanted) && !same(wanted, now);
  const changes = {
    ...(isNew(then.text, entry.text, known.text) ? { text: entry.text } : {}),
    ...(isNew(doneBefore, does, known.does) ? { does } : {}),
    ...(isNew(tidy(then.scope), tidy(entry.scope), tidy(known.scope)) ? { scope: tidy(entry.scope) } : {}),
    ...(isNew(then.expires ?? '', entry.expires ?? '', known.expires ?? '') ? { expires: entry.expires ?? '' } : {}),
    ...(isNew(then.supersedes ?? '', entry.supersedes ?? '', known.supersedes ?? '')
      ? { supersedes: entry.supersedes ?? '' }
      : {}),
    ...(entry.created !== undefined && isNew(then.created, entry.created, known.created)
      ? { created: entry.created }
      : {}),
  };
  const events: NewEvent[] = [];
  if (Object.keys(changes).length > 0) events.push({ type: 'lesson.changed', data: { id: known.id, ...changes } });
  if (isNew(then.status, entry.status, known.status))
    events.push({ type: 'lesson.moved', data: { id: known.id, to: entry.status, why: `${FILE} says so` } });
  return events;
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
    entries[lesson.id] = filedAs(entrySchema.parse(wanted));
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
    replace(document, node, key, value);
    changed = true;
  }
  for (const key of ['rule', 'command', 'files', 'ask', 'factor', 'expires', 'supersedes']) {
    if (wanted[key] !== undefined || !node.has(key)) continue;
    node.delete(key);
    changed = true;
  }
  return changed;
}

/** Another value in the same place, with the comments that stand beside it. */
function replace(document: Document, node: YAMLMap, key: string, value: unknown): void {
  const old = node.get(key, true) as unknown;
  if (isScalar(old) && (typeof value === 'string' || typeof value === 'number')) {
    old.value = value;
    return;
  }
  const fresh = document.createNode(value);
  if (isNode(old)) Object.assign(fresh, { comment: old.comment, commentBefore: old.commentBefore });
  node.set(key, fresh);
}
