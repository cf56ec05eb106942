import { join } from 'node:path';
import { newQuestionItem, parseQuestionFile } from '../inbox/index.ts';
import { workspacePaths } from '../workspace/index.ts';
import { record, taskOf, type RunContext, type TaskRef } from './context.ts';
import type { Settling } from './settling.ts';
import { listUntrusted, readUntrusted } from './untrusted.ts';

/** A file larger than this, in bytes, is no question. */
const LARGEST_FILE = 256 * 1024;
/** A task has at most so many questions in files: an agent that writes them in a loop is not let fill the inbox. */
const MOST_FILES = 50;

/**
 * Question files that the agent wrote beside its checkout become items, once each: the older way of asking. With
 * `settling`, while the agent is at work: a file that it may still be writing is left for the next look.
 */
export function takeQuestionFiles(ctx: RunContext, ref: TaskRef, settling?: Settling): Promise<void> {
  // The folder is looked at from time to time and when the agent wants to stop: never twice at once.
  return ctx.inTurn(() => takeNew(ctx, ref, settling));
}

async function takeNew(ctx: RunContext, ref: TaskRef, settling?: Settling): Promise<void> {
  const task = taskOf(ctx, ref);
  if (task.workspace === undefined) return;
  const { out } = workspacePaths(ctx.home.paths, ref.day, ref.task);
  const items = Object.values(ctx.journal.state.items);
  // As the journal has them: a name with a secret in it is not there in clear.
  const known = new Set(
    items.filter((item) => item.day === ref.day && item.task === ref.task).map((item) => item.file),
  );
  for (const name of await listUntrusted(out, 'agent_questions')) {
    if (known.size >= MOST_FILES) return;
    if (!name.endsWith('.md') || name.endsWith('-answer.md') || known.has(ctx.redact(name))) continue;
    const text = await readUntrusted(out, 'agent_questions', name, LARGEST_FILE);
    if (text === undefined || text.trim() === '') continue;
    if (settling?.isWhole(join(out, name), text) === false) continue;
    const { question, ...about } = parseQuestionFile(text, name);
    const asked = { questions: [question], ...about, from: { source: 'file' as const, file: name } };
    const data = newQuestionItem(ctx.newItemId(), asked, task.spec.onQuestion, ctx.clock.now());
    known.add(ctx.redact(name));
    await record(ctx, { ...ref, attempt: task.attempt }, { type: 'item.opened', data, actor: { kind: 'agent' } });
  }
}
