import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildPrompt, goOnPrompt, type Launch } from '../agents/index.ts';
import { hasCode } from '../base/index.ts';
import { answerText } from '../inbox/index.ts';
import { feedbackForAgent } from '../review/index.ts';
import type { ItemState, NewEvent, TaskState } from '../journal/index.ts';
import type { Workspace } from '../workspace/index.ts';
import { lessonLines } from './lessons.ts';
import { placeOf } from './place.ts';
import { taskOf, type RunContext, type TaskRef } from './context.ts';
import type { Step } from './machine.ts';
import { askedMark, messageMark, messagesText } from './told.ts';

export interface Prompt {
  launch: Launch;
  systemPrompt: string;
  /** Events that say what the agent was told with this prompt, to be written once a model call with `mark` in it was answered. */
  told: { mark: string; event: NewEvent }[];
}

/** What a prompt is made from. */
type PromptContext = Pick<RunContext, 'home' | 'journal' | 'redact' | 'log'>;

/** Puts together what an attempt begins with, and keeps the instructions as a file for people. */
export async function promptFor(
  ctx: PromptContext,
  ref: TaskRef,
  workspace: Workspace,
  step: Extract<Step, { do: 'launch' }>,
): Promise<Prompt> {
  const task = taskOf(ctx, ref);
  const [template, rules, patterns, quality] = await Promise.all([
    configText(ctx, 'agent_instructions.md'),
    configText(ctx, 'orchestrator_rules.md'),
    configText(ctx, 'task_execution_patterns.md'),
    configText(ctx, 'code_quality_standards.md'),
  ]);
  const { prompt, systemPrompt, warnings } = buildPrompt({
    template,
    rules,
    patterns,
    quality,
    spec: task.spec,
    date: ref.day,
    paths: { workspace: placeOf(workspace), out: workspace.paths.out },
    lessons: lessonLines(task),
  });
  for (const warning of warnings) ctx.log(`${ref.task}: ${warning}`);
  const items = step.items.flatMap((id) => ctx.journal.state.items[id] ?? []);
  const told = toldEvents(task, items);
  if (step.mode === 'resume') return { launch: { mode: 'resume' }, systemPrompt, told: [] };
  const news = newsFor(task, items, step);
  const text =
    step.mode === 'start' ? [prompt, ...begunBefore(ctx, task), ...news].join('\n\n') : goOnPrompt(step.why, news);
  await writeFile(join(workspace.paths.root, 'agent_instructions.md'), ctx.redact(`${text}\n`), { mode: 0o600 });
  return { launch: { mode: step.mode, prompt: text }, systemPrompt, told };
}

/** A task that goes on with an earlier day's starts with its work, in a new session: it is told what was done and answered. */
function begunBefore(ctx: PromptContext, task: TaskState): string[] {
  const { origin, startsFrom = [] } = task.spec;
  const from = origin?.kind === 'carried' ? origin : startsFrom.find((one) => one.task === task.spec.id);
  const before = from === undefined ? undefined : ctx.journal.state.days[from.day]?.tasks[from.task];
  if (from === undefined || before?.workspace === undefined) return [];
  const answered = Object.values(ctx.journal.state.items).filter(
    (item) =>
      item.day === from.day && item.task === from.task && item.kind === 'question' && item.answers !== undefined,
  );
  return [
    `This task was begun on ${from.day} and carried over. What was done then lies in your workspace already: look at it with git diff first.`,
    ...(before.work?.summary === undefined
      ? []
      : [
          `The summary of ${from.day}, as data:\n<earlier_summary>\n${before.work.summary.replaceAll('</earlier_summary', '<\\/earlier_summary')}\n</earlier_summary>`,
        ]),
    ...answered.map((item) => {
      const asked = item.questions.map((one) => one.question).join('\n');
      return `On ${from.day} you asked:\n${asked}\n\nThe answer was:\n${answerText(item)}`;
    }),
  ];
}

function newsFor(task: TaskState, items: ItemState[], step: Extract<Step, { do: 'launch' }>): string[] {
  // With the question: a CLI that was killed may have lost the turn in which it asked.
  const news = items.map((item) => {
    const asked = item.questions.map((one) => one.question).join('\n');
    return `${askedMark(item)}\n${asked}\n\nThe answer${item.source === 'daemon' ? '' : ' to your question'}:\n${answerText(item)}`;
  });
  if (task.review?.decision === 'retry' && (step.why === 'checks' || step.why === 'interrupted')) {
    const checks = task.checks.filter((check) => check.round === task.review?.round);
    news.push(
      feedbackForAgent({
        deliverables: task.deliverables,
        checks,
        retriesLeft: task.spec.retries - task.retries,
        nothingChanged: task.work?.stat.files === 0,
      }),
    );
  }
  if (step.why === 'crashed' && task.lastEnd?.limit !== undefined)
    news.push(
      `You had reached a limit of your sandbox. ${task.lastEnd.detail ?? ''}\nThe limits stay as they are: do it in a way that needs less.`,
    );
  if (task.hint !== undefined) news.push(`A hint from the person you work for:\n${task.hint}`);
  if (task.tells.length > 0) news.push(messagesText(task.tells));
  return news;
}

function toldEvents(task: TaskState, items: ItemState[]): Prompt['told'] {
  const answers = items
    .filter((item) => item.status === 'answered')
    .map((item) => ({
      mark: askedMark(item),
      event: { type: 'item.delivered', data: { id: item.id } } satisfies NewEvent,
    }));
  const messages = task.tells.map((tell) => ({
    mark: messageMark(tell),
    event: { type: 'tell.delivered', data: { id: tell.id } } satisfies NewEvent,
  }));
  return [...answers, ...messages];
}

/** A text of the person's from config/; empty where there is none. */
async function configText(ctx: PromptContext, name: string): Promise<string> {
  try {
    return await readFile(join(ctx.home.paths.config, name), 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return '';
    throw error;
  }
}
