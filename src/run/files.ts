import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { hasCode, messageOf } from '../base/index.ts';
import { answerText, parseAnswerFile, renderAnswerFile, renderHomeQuestion } from '../inbox/index.ts';
import type { ItemState, JournalEvent, TaskState } from '../journal/index.ts';
import { workspacePaths } from '../workspace/index.ts';
import { isForAgent } from './machine.ts';
import { record, type RunContext } from './context.ts';
import { writeWhole } from './results.ts';
import { takeQuestionFiles } from './question-files.ts';
import { createSettling, SETTLE_MS, type Settling } from './settling.ts';
import { writeUntrusted } from './untrusted.ts';

/** How often the folders are looked at, in ms: with the time that a file takes to settle, an answer is picked up within a second. */
const LOOK_EVERY_MS = 500;
/** A file larger than this is no question and no answer. */
const LARGEST_FILE = 256 * 1024;

/** How an answer from a file is given: the operator's own way, so that it counts like any other. */
export type GiveAnswer = (item: string, text: string) => Promise<{ ok: boolean; message: string }>;

/**
 * Keeps the files for people in step with the journal while a day runs: questions that wait as
 * `agent_questions/<task>.md`, answers from `<task>-answer.md`, the agents' own question files, `status.json`.
 * Resolves when the answers that lay there are given, with the function that stops it, after a last look.
 */
export async function watchFiles(ctx: RunContext, give: GiveAnswer): Promise<() => Promise<void>> {
  const settling = createSettling(ctx.clock);
  let stopped = false;
  let looking = Promise.resolve();
  let waiting = false;
  let cancel: () => void = () => undefined;
  const look = () => {
    // A look that has not begun sees all that happens until then.
    if (waiting) return looking;
    waiting = true;
    looking = looking
      .then(() => {
        waiting = false;
        return lookAround(ctx, give, settling);
      })
      .catch((error: unknown) => ctx.log(`files: ${messageOf(error)}`));
    return looking;
  };
  const again = () => {
    const wait = settling.waits() ? SETTLE_MS : LOOK_EVERY_MS;
    if (!stopped) cancel = ctx.clock.after(wait, () => void look().then(again));
  };
  const unsubscribe = ctx.journal.subscribe((event) => {
    if (event.type.startsWith('item.')) void look();
    if (showsInStatus(event)) {
      // One after the other: two writers of one file would trip over each other.
      looking = looking
        .then(() => writeStatus(ctx, event))
        .catch((error: unknown) => ctx.log(`status.json: ${messageOf(error)}`));
    }
  });
  await look();
  // What was written a moment ago: whoever started this knows of an answer there.
  if (settling.waits()) {
    await new Promise<void>((resolve) => ctx.clock.after(SETTLE_MS, resolve));
    await look();
  }
  again();
  return async () => {
    stopped = true;
    cancel();
    unsubscribe();
    await look();
  };
}

async function lookAround(ctx: RunContext, give: GiveAnswer, settling: Settling): Promise<void> {
  settling.begin();
  const days = Object.values(ctx.journal.state.days).filter(
    (day) => day.status === 'running' || day.status === 'paused',
  );
  for (const day of days) {
    for (const task of Object.values(day.tasks)) {
      // Only a running agent writes; what it wrote last is taken before its attempt's end is written.
      if (task.open)
        await apart(ctx, task.spec.id, () => takeQuestionFiles(ctx, { day: day.date, task: task.spec.id }, settling));
    }
  }
  await apart(ctx, 'answer files', () => takeAnswerFiles(ctx, give, settling));
  const now = new Set(days.map((day) => day.date));
  for (const item of Object.values(ctx.journal.state.items)) {
    const task = ctx.journal.state.days[item.day]?.tasks[item.task];
    if (task === undefined || !isForAgent(item)) continue;
    if (item.status === 'open') await apart(ctx, item.id, () => show(ctx, item, task));
    else if (now.has(item.day)) await apart(ctx, item.id, () => archive(ctx, item, task));
  }
}

const faults = new WeakMap<RunContext, Map<string, string>>();

/** What fails for one task or item holds up no other; the same fault is told once. */
async function apart(ctx: RunContext, what: string, work: () => Promise<void>): Promise<void> {
  const told = mapOf(faults, ctx);
  try {
    await work();
    told.delete(what);
  } catch (error) {
    const message = messageOf(error);
    if (told.get(what) !== message) ctx.log(`files of ${what}: ${message}`);
    told.set(what, message);
  }
}

/** Answer files in the home count for the item that waits for that task. What cannot count is kept aside, never lost. */
async function takeAnswerFiles(ctx: RunContext, give: GiveAnswer, settling: Settling): Promise<void> {
  for (const name of await namesIn(ctx.home.paths.questions)) {
    if (!name.endsWith('-answer.md')) continue;
    const path = join(ctx.home.paths.questions, name);
    const file = await fileAt(path);
    const answer = file === undefined ? undefined : parseAnswerFile(file.text);
    if (file === undefined || answer === undefined || !settling.isWhole(path, file.text, file.changedAt)) continue;
    const label = name.slice(0, -'-answer.md'.length);
    const item = Object.values(ctx.journal.state.items).find(
      (other) =>
        other.status === 'open' &&
        isForAgent(other) &&
        (labelOf(ctx, other) === label || label === `${other.task}-${other.id}`),
    );
    if (item === undefined) {
      await moveTo(path, join(ctx.home.paths.questions, 'unused'), name);
      ctx.log(`${name} answers nothing that waits: kept as agent_questions/unused/${name}`);
      continue;
    }
    const given = await give(item.id, answer);
    if (given.ok) {
      await moveTo(path, join(ctx.home.paths.results, item.day, 'questions'), `${item.id}-${name}`);
    } else {
      await moveTo(path, ctx.home.paths.questions, `${label}-answer.refused.md`);
      ctx.log(`${name}: ${given.message}`);
    }
  }
}

/**
 * The name under which an item's files stand in the home: the task, with the item's id where a task has several open
 * ones. It stays as long as the item is open: an answer that is just being written must not reach another question.
 */
function labelOf(ctx: RunContext, item: ItemState): string {
  const path = shownIn(ctx).get(item.id);
  if (path !== undefined && path !== 'archived') return basename(path, '.md');
  const rivals = Object.values(ctx.journal.state.items).filter(
    (other) => other.status === 'open' && isForAgent(other) && other.task === item.task,
  );
  const taken = rivals.some((other) => other.id !== item.id && shownIn(ctx).get(other.id) === homeFile(ctx, item.task));
  return taken || (rivals.length > 1 && rivals[0]?.id !== item.id) ? `${item.task}-${item.id}` : item.task;
}

const shown = new WeakMap<RunContext, Map<string, string>>();

function shownIn(ctx: RunContext): Map<string, string> {
  return mapOf(shown, ctx);
}

function mapOf(maps: WeakMap<RunContext, Map<string, string>>, ctx: RunContext): Map<string, string> {
  let map = maps.get(ctx);
  if (map === undefined) maps.set(ctx, (map = new Map<string, string>()));
  return map;
}

function homeFile(ctx: RunContext, label: string): string {
  return join(ctx.home.paths.questions, `${label}.md`);
}

async function show(ctx: RunContext, item: ItemState, task: TaskState): Promise<void> {
  const path = homeFile(ctx, labelOf(ctx, item));
  if (shownIn(ctx).get(item.id) === path) return;
  await writeWhole(path, renderHomeQuestion(item, task));
  shownIn(ctx).set(item.id, path);
  // An earlier daemon may have shown it under its longer name.
  const other = homeFile(ctx, `${item.task}-${item.id}`);
  if (other !== path) await rm(other, { force: true });
}

/** A closed item's files leave the home; an answer to a question file is put beside that file. */
async function archive(ctx: RunContext, item: ItemState, task: TaskState): Promise<void> {
  const marks = shownIn(ctx);
  if (marks.get(item.id) === 'archived') return;
  const folder = join(ctx.home.paths.results, item.day, 'questions');
  await writeWhole(join(folder, `${item.id}-${item.task}.md`), renderHomeQuestion(item, task));
  const path = marks.get(item.id) ?? homeFile(ctx, item.task);
  if ((await fileAt(path))?.text.split('\n').includes(`- Item: ${item.id}`) === true) await rm(path, { force: true });
  if (item.source === 'file' && item.file !== undefined && item.status === 'answered') {
    const { out } = workspacePaths(ctx.home.paths, item.day, item.task);
    const name = item.file.replace(/\.md$/, '-answer.md');
    await writeUntrusted(out, 'agent_questions', name, renderAnswerFile(item.task, answerText(item)));
    await record(
      ctx,
      { day: item.day, task: item.task, attempt: item.attempt },
      { type: 'item.delivered', data: { id: item.id } },
    );
  }
  marks.set(item.id, 'archived');
}

function showsInStatus(event: JournalEvent): boolean {
  return event.task !== undefined && /^(task|attempt)\.|^review\.decided$/.test(event.type);
}

async function writeStatus(ctx: RunContext, event: JournalEvent): Promise<void> {
  if (event.day === undefined || event.task === undefined) return;
  const task = ctx.journal.state.days[event.day]?.tasks[event.task];
  if (task?.workspace === undefined) return;
  const { root } = workspacePaths(ctx.home.paths, event.day, event.task);
  const { status, since, reason, attempt, spentUsd, parked } = task;
  await writeWhole(
    join(root, 'status.json'),
    `${JSON.stringify({ id: event.task, status, since, reason, attempt, spentUsd, parked }, null, 2)}\n`,
  );
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder, { withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return [];
    throw error;
  }
}

/** Undefined where there is none, or one that is too large for a question or an answer. */
async function fileAt(path: string): Promise<{ text: string; changedAt: number } | undefined> {
  try {
    const file = await open(path);
    try {
      const { mtimeMs, size } = await file.stat();
      return size > LARGEST_FILE ? undefined : { text: await file.readFile('utf8'), changedAt: mtimeMs };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function moveTo(path: string, folder: string, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await rename(path, join(folder, name));
}
