import { cutEnd, oneLine } from '../../../src/base/index.ts';
import { answerText, kindNames, letterOf } from '../../../src/inbox/index.ts';
import type { Block, ItemState, Question, State } from '../../../src/journal/index.ts';
import type { Action } from '../actions.ts';
import { bold, code, italic, line, pre, quote, rich } from '../rich/index.ts';
import type { Button, Limits } from '../platform.ts';
import type { Message } from '../input.ts';

type Sign = (action: Action) => string;

const signs: Partial<Record<ItemState['kind'], string>> = {
  approval: '🔐',
  budget: '💰',
  login: '🔑',
  failed_check: '🧪',
  runaway: '🌀',
};

/** Context up to so many characters stands in the card; longer ones behind "more". */
const SHORT_CONTEXT = 300;

/** An inbox item as one message: what is asked, and a button for each thing that can be said. When it is over it says how, and has no buttons. */
export function itemCard(state: State, item: ItemState, limits: Limits, sign: Sign): Message {
  const task = state.days[item.day]?.tasks[item.task];
  const name = task === undefined ? '' : ` · ${oneLine(task.spec.name)}`;
  const head = line(
    bold(`${signs[item.kind] ?? '❓'} ${kindNames[item.kind]} ${item.id}`),
    ` · ${item.task}${cutEnd(name, 80)}`,
  );
  const question = currentQuestion(item);
  const asked = item.questions.flatMap((one, index) => questionBlocks(item, one, index, index === question));
  if (item.status !== 'open') return { rich: rich(head, ...asked, outcomeLine(item)) };
  const context =
    item.context !== undefined && item.context.length <= SHORT_CONTEXT ? [quote(item.context.trim())] : [];
  const silence =
    item.silence.kind === 'default'
      ? [line(italic(`Without an answer by ${item.silence.at.slice(11, 16)} UTC: ${item.silence.answers.join('; ')}`))]
      : [];
  return {
    rich: rich(head, ...context, ...asked, ...silence),
    buttons: question === undefined ? [] : buttonsOf(item, question, limits, sign),
  };
}

/** The index of the question that is answered next. */
function currentQuestion(item: ItemState): number | undefined {
  const next = item.questions.findIndex((_, index) => item.drafts?.[String(index)] === undefined);
  return next === -1 ? undefined : next;
}

function questionBlocks(item: ItemState, question: Question, index: number, current: boolean): Block[] {
  const number = item.questions.length > 1 ? `${index + 1} of ${item.questions.length}: ` : '';
  const given = item.drafts?.[String(index)];
  if (item.kind === 'approval') {
    const [first = '', ...rest] = question.question.split('\n');
    return [line(bold(first)), pre(cutEnd(rest.join('\n'), 1500))];
  }
  const blocks: Block[] = [line(bold(number), cutEnd(question.question.trim(), 1200))];
  if (item.status !== 'open') return blocks;
  if (given !== undefined) return [...blocks, line('→ ', italic(cutEnd(given, 200)))];
  if (!current) return blocks;
  for (const [option, { label, description }] of question.options.entries()) {
    const more = description === undefined ? '' : ` – ${cutEnd(oneLine(description), 160)}`;
    blocks.push(line(bold(`${letterOf(option)}) `), cutEnd(label, 160), more));
  }
  return blocks;
}

function outcomeLine(item: ItemState): Block {
  if (item.status === 'withdrawn') return line('⛔️ ', bold('Withdrawn'), `: ${item.withdrawnWhy ?? ''}`);
  const by = item.answeredBy;
  const who = by === undefined || by.kind === 'daemon' ? 'by default' : `by ${by.id ?? 'somebody'}`;
  const via = by?.via === undefined ? '' : ` (${by.via})`;
  return line('✅ ', bold(cutEnd(answerText(item), 600)), ` ${who}${via}`);
}

/** The buttons of an open item's current question. `marked`: what is marked so far, a bit each. */
export function buttonsOf(item: ItemState, index: number, limits: Limits, sign: Sign, marked = 0): Button[][] {
  const question = item.questions[index];
  if (question === undefined) return [];
  const most = limits.rows * Math.min(limits.buttonsInRow, 1) - 2;
  const options = question.options.slice(0, Math.max(1, most)).map(({ label }, option): Button => {
    const bit = 1 << option;
    const mark = question.multiSelect ? ((marked & bit) === 0 ? '☐ ' : '☑ ') : '';
    const data = question.multiSelect
      ? sign({ do: 'mark', item: item.id, question: index, marked: marked ^ bit })
      : sign({ do: 'answer', item: item.id, question: index, option });
    return { label: labelOf(`${mark}${letterOf(option)}) ${label}`, limits.label), data };
  });
  const last: Button[] = [];
  if (question.multiSelect)
    last.push({ label: 'Done', data: sign({ do: 'done', item: item.id, question: index, marked }), look: 'good' });
  last.push({ label: '✏️ Something else…', data: sign({ do: 'write', item: item.id, question: index }) });
  if ((item.context?.length ?? 0) > SHORT_CONTEXT)
    last.push({ label: 'More', data: sign({ do: 'more', item: item.id }) });
  return [...options.map((button) => [button]), last];
}

function labelOf(text: string, max: number): string {
  const flat = oneLine(text);
  return flat.length <= max ? flat : `${flat.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** All of an item's context. */
export function contextOf(item: ItemState): Message {
  return {
    rich: rich(
      line(bold(item.id), ' · context'),
      quote(item.context ?? 'There is no more.', true),
      line(code(`/answer ${item.id} …`)),
    ),
  };
}
