import { newQuestionItem, parseQuestionFile } from '../inbox/index.ts';
import { workspacePaths } from '../workspace/index.ts';
import { record, taskOf, type RunContext, type TaskRef } from './context.ts';
import { listUntrusted, readUntrusted } from './untrusted.ts';

/** A file larger than this, in bytes, is no question. */
const LARGEST_FILE = 256 * 1024;

/** Question files that the agent wrote beside its checkout become items, once each: the older way of asking. */
export function takeQuestionFiles(ctx: RunContext, ref: TaskRef): Promise<void> {
  // The folder is looked at from time to time and when the agent wants to stop: never twice at once.
  return ctx.inTurn(() => takeNew(ctx, ref));
}

async function takeNew(ctx: RunContext, ref: TaskRef): Promise<void> {
  const task = taskOf(ctx, ref);
  if (task.workspace === undefined) return;
  const { out } = workspacePaths(ctx.home.paths, ref.day, ref.task);
  const items = Object.values(ctx.journal.state.items);
  const known = new Set(
    items.filter((item) => item.day === ref.day && item.task === ref.task).map((item) => item.file),
  );
  for (const name of await listUntrusted(out, 'agent_questions')) {
    if (!name.endsWith('.md') || name.endsWith('-answer.md') || known.has(name)) continue;
    const text = await readUntrusted(out, 'agent_questions', name, LARGEST_FILE);
    if (text === undefined || text.trim() === '') continue;
    const { question, ...about } = parseQuestionFile(text, name);
    const asked = { questions: [question], ...about, from: { source: 'file' as const, file: name } };
    const data = newQuestionItem(ctx.newItemId(), asked, task.spec.onQuestion, ctx.clock.now());
    await record(ctx, { ...ref, attempt: task.attempt }, { type: 'item.opened', data, actor: { kind: 'agent' } });
  }
}
