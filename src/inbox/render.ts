import { cutEnd, oneLine, printable } from '../base/index.ts';
import type { ItemState, Question, TaskState } from '../journal/index.ts';
import { answeredBy, answerText, letterOf } from './words.ts';

/** What each kind of item is called. */
export const kindNames: Record<ItemState['kind'], string> = {
  question: 'Question',
  approval: 'Approval',
  budget: 'Budget',
  login: 'Login',
  failed_check: 'Failed check',
  violation: 'Violation',
  canary: 'Canary',
  runaway: 'In circles',
  schedule: 'Schedule',
  setting: 'Setting',
  lesson: 'Lesson',
  channel: 'Channel',
  usage_limit: 'Usage limit',
  feedback: 'Feedback',
};

/**
 * The file `agent_questions/<task>.md` in the home: what is asked, and how to answer. What the agent wrote stands
 * in quotes, so that it cannot be taken for Dayshift's own words.
 */
export function renderHomeQuestion(item: ItemState, task: TaskState): string {
  const { spec } = task;
  const parts = [
    `# ${kindNames[item.kind]} ${item.id} from ${item.task}`,
    [
      `- Item: ${item.id}`,
      `- Day: ${item.day}`,
      `- Project: ${oneLine(spec.project)}`,
      `- Task: ${item.task}: ${oneLine(spec.name)}`,
      `- Asked: ${item.openedAt}`,
    ].join('\n'),
  ];
  if (item.context !== undefined) parts.push(`## Context\n\n${quote(item.context)}`);
  for (const [index, question] of item.questions.entries()) {
    parts.push(`## Question${item.questions.length > 1 ? ` ${index + 1}` : ''}\n\n${quote(question.question)}`);
    if (question.options.length > 0) {
      const several = question.multiSelect ? ' (one or more)' : '';
      parts.push(`## Options${several}\n\n${optionLines(question).join('\n')}`);
    }
  }
  parts.push(`## How to answer\n\n${howTo(item)}`);
  return `${parts.join('\n\n')}\n`;
}

function howTo(item: ItemState): string {
  const example = exampleAnswer(item);
  const lines = [
    `Write \`${item.task}-answer.md\` beside this file, or run \`dayshift answer ${item.id} ${example}\`.`,
    item.questions.length > 1
      ? 'Answer each question on a line of its own: `1: A`, `2: in my own words`.'
      : 'A letter, a number, an option’s words, or a sentence of your own. The first answer counts.',
  ];
  if (item.silence.kind === 'default') {
    lines.push(`Without an answer by ${timeOf(item.silence.at)}: ${item.silence.answers.map(oneLine).join('; ')}.`);
  }
  return lines.join('\n');
}

/** What may be said, so that nobody takes an example for advice: in angle brackets, which a shell refuses as they stand. */
function exampleAnswer(item: ItemState): string {
  if (item.questions.length > 1)
    return item.questions.map((question, index) => `"${index + 1}: ${choiceOf(question) ?? '…'}"`).join(' ');
  const [first] = item.questions;
  return (first === undefined ? undefined : choiceOf(first)) ?? '"your answer"';
}

function choiceOf({ options }: Question): string | undefined {
  return options.length === 0 ? undefined : `<${options.map((_, index) => letterOf(index)).join('|')}>`;
}

function optionLines(question: Question): string[] {
  return question.options.map((option, index) => {
    const more = option.description === undefined ? '' : ` - ${oneLine(option.description)}`;
    return `${letterOf(index)}) ${oneLine(option.label)}${more}`;
  });
}

function quote(text: string): string {
  return printable(text)
    .trim()
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}

/** A time (ISO) as people write it; there is no zone of the home's here. */
function timeOf(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}

/** An item in a few plain lines, for a terminal or a chat: one that is over says how, and is not asked again. */
export function renderItem(item: ItemState): string {
  if (item.status !== 'open') return renderOver(item);
  const where = item.task === '' ? item.day : `${item.day}/${item.task}`;
  const lines = [`${item.id} · ${kindNames[item.kind].toLowerCase()}${where === '' ? '' : ` · ${where}`}`];
  if (item.context !== undefined) lines.push(contextOf(item.source, item.context));
  for (const [index, question] of item.questions.entries()) {
    const number = item.questions.length > 1 ? `${index + 1}: ` : '';
    lines.push(
      `${number}${cutEnd(printable(question.question).trim(), 1000)}${question.multiSelect ? ' (one or more)' : ''}`,
    );
    for (const line of optionLines(question)) lines.push(`  ${cutEnd(line, 200)}`);
  }
  if (item.silence.kind === 'default') {
    lines.push(`Without an answer by ${timeOf(item.silence.at)}: ${item.silence.answers.map(oneLine).join('; ')}`);
  } else if (item.silence.kind === 'skip') lines.push(`Without an answer by ${timeOf(item.silence.at)} it is over`);
  lines.push(`dayshift answer ${item.id} ${exampleAnswer(item)}`);
  return lines.join('\n');
}

/** The reasons of a failure and the end of what a check printed keep their lines, quoted; what an agent wrote is one line. */
function contextOf(source: ItemState['source'], context: string): string {
  const isOne = source !== 'daemon' || !context.trim().includes('\n');
  return isOne ? cutEnd(oneLine(context), 300) : quote(cutEnd(context, 1500));
}

/** What was asked, what became of it, by whom and when. */
function renderOver(item: ItemState): string {
  const where = item.task === '' ? item.day : `${item.day}/${item.task}`;
  const lines = [`${item.id} · ${kindNames[item.kind].toLowerCase()} · ${where} · ${item.status}`];
  for (const { question } of item.questions) lines.push(cutEnd(printable(question).trim(), 1000));
  const answer = answerText(item);
  if (answer !== '') {
    const time = item.answeredAt === undefined ? '' : `, ${item.answeredAt}`;
    const [first = '', ...more] = cutEnd(printable(answer), 2000).split('\n');
    lines.push(...(more.length === 0 ? [`  → ${first}`] : [first, ...more].map((line) => `  → ${line}`)));
    lines.push(`  ${answeredBy(item)}${time}${item.status === 'answered' ? '; it has not reached its task yet' : ''}`);
  }
  if (item.status === 'withdrawn') lines.push(`  withdrawn: ${oneLine(item.withdrawnWhy ?? 'no reason was given')}`);
  if (item.status === 'expired') lines.push('  over before anybody answered');
  return lines.join('\n');
}
