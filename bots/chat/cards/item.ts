import { cutEnd, oneLine } from '../../../src/base/index.ts';
import { answerText, kindNames, letterOf } from '../../../src/inbox/index.ts';
import type { Block, ItemState, Question, State } from '../../../src/journal/index.ts';
import { taskRef, type Action } from '../actions.ts';
import { bold, code, italic, line, pre, quote, rich } from '../rich/index.ts';
import type { Button, Limits, Option } from '../platform.ts';
import type { Message } from '../input.ts';
import { labelOf } from './label.ts';
import { endLines, labels } from './task.ts';

type Sign = (action: Action) => string;

const signs: Partial<Record<ItemState['kind'], string>> = {
  approval: '🔐',
  budget: '💰',
  login: '🔑',
  failed_check: '🧪',
  runaway: '🌀',
  setting: '⚙️',
  lesson: '🎓',
  schedule: '🗓',
  channel: '🔌',
  usage_limit: '⏳',
  feedback: '⭐️',
  violation: '⛔️',
  canary: '🐤',
};

/** Context up to so many characters stands in the card; longer ones behind "more". */
const SHORT_CONTEXT = 300;

/** An inbox item as one message: what is asked, and a button for each thing that can be said. When it is over it says how, and has no buttons. */
export function itemCard(state: State, item: ItemState, limits: Limits, sign: Sign): Message {
  const day = state.days[item.day];
  const task = day?.tasks[item.task];
  const name = task === undefined || task.spec.name === item.task ? '' : ` · ${oneLine(task.spec.name)}`;
  const where = item.task === '' ? item.day : item.task;
  const head = line(
    bold(`${signs[item.kind] ?? '❓'} ${kindNames[item.kind]} ${item.id}`),
    where === '' ? '' : ` · ${where}${cutEnd(name, 80)}`,
  );
  const question = currentQuestion(item);
  const asked = item.questions.flatMap((one, index) => questionBlocks(item, one, index, index === question));
  const work = task !== undefined && item.kind === 'failed_check' ? endLines(task) : [];
  if (item.status !== 'open') return { rich: rich(head, ...work, ...asked, outcomeLine(item)) };
  const about = readable(item.context ?? '').trim();
  const isShort = about.length <= SHORT_CONTEXT;
  // Why it failed is the question itself: its beginning stands there in any case.
  const shown = isShort ? about : item.kind === 'failed_check' ? cutEnd(about, SHORT_CONTEXT) : '';
  const context = shown === '' ? [] : [quote(shown)];
  return {
    rich: rich(head, ...work, ...context, ...asked, ...silenceLines(item, day?.plan.timezone ?? 'UTC')),
    buttons: question === undefined ? [] : [...buttonsOf(item, question, limits, sign), ...workButtons(item, sign)],
  };
}

/** For a small screen: files of a checkout as the task knows them. */
function readable(context: string): string {
  return context.replace(/\S*\/agent_workspaces\/[^/\s]+\/[^/\s]+\/checkout\/(?=\S)/g, '');
}

/** The index of the question that is answered next. */
function currentQuestion(item: ItemState): number | undefined {
  const next = item.questions.findIndex((_, index) => item.drafts?.[String(index)] === undefined);
  return next === -1 ? undefined : next;
}

/** So many options surely have a button each, with all of a label that is no longer than this. */
const MOST_BUTTONS = 8;
const SHORT_LABEL = 40;

function isMoreThanItsButton({ label, description }: Question['options'][number]): boolean {
  return description !== undefined || label.length > SHORT_LABEL;
}

function questionBlocks(item: ItemState, question: Question, index: number, current: boolean): Block[] {
  if (item.kind === 'approval') {
    // All of it, however long: nobody allows what they have not seen.
    const [first = '', ...rest] = question.question.split('\n');
    return [line(bold(first)), pre(rest.join('\n'))];
  }
  const number = item.questions.length > 1 ? `${index + 1} of ${item.questions.length}: ` : '';
  const several = item.questions.length > 1;
  const given = item.drafts?.[String(index)] ?? (several ? item.answers?.[index] : undefined);
  // Of what is over all questions with their answers stand in one message, beside how it ended.
  const most = several && item.status !== 'open' ? 200 : 1200;
  const blocks: Block[] = [line(bold(number), cutEnd(question.question.trim(), most))];
  if (given !== undefined) return [...blocks, line('→ ', italic(cutEnd(given, 200)))];
  if (!current || item.status !== 'open') return blocks;
  // What stands on the buttons need not be read twice.
  const needsWords = question.options.length > MOST_BUTTONS || question.options.some(isMoreThanItsButton);
  for (const [option, { label, description }] of needsWords ? question.options.entries() : []) {
    const more = description === undefined ? '' : ` – ${cutEnd(oneLine(description), 160)}`;
    blocks.push(line(bold(`${letterOf(option)}) `), cutEnd(label, 160), more));
  }
  return blocks;
}

function silenceLines(item: ItemState, timezone: string): Block[] {
  if (item.silence.kind === 'wait') return [];
  const at = new Date(item.silence.at).toLocaleString('en-GB', {
    ...{ timeZone: timezone, weekday: 'short', hour: '2-digit', minute: '2-digit' },
  });
  if (item.silence.kind === 'skip') return [line(italic(`Without an answer by ${at} nothing changes.`))];
  return [line(italic(`Without an answer by ${at}: ${cutEnd(item.silence.answers.join('; '), 200)}`))];
}

function outcomeLine(item: ItemState): Block {
  if (item.status === 'withdrawn') return line('⛔️ ', bold('Withdrawn'), `: ${item.withdrawnWhy ?? ''}`);
  if (item.status === 'expired') return line('⌛️ ', bold('Over'), ': nobody answered in time');
  const by = item.answeredBy;
  const who = by === undefined || by.kind === 'daemon' ? 'by default' : `by ${by.id ?? 'somebody'}`;
  const via = by?.via === undefined ? '' : ` (${by.via})`;
  // Of several questions each has its answer beside it.
  if (item.questions.length > 1) return line(`✅ ${who}${via}`);
  return line('✅ ', bold(cutEnd(answerText(item), 600)), ` ${who}${via}`);
}

/** The buttons of an open item's question. `marked`: what is marked so far, a bit each. */
export function buttonsOf(item: ItemState, index: number, limits: Limits, sign: Sign, marked = 0): Button[][] {
  const question = item.questions[index];
  if (question === undefined) return [];
  // The last row is for the rest; an option that finds no room is written as its letter.
  const rows = limits.rows - 1;
  const inRow = Math.min(limits.buttonsInRow, Math.max(1, Math.ceil(question.options.length / rows)));
  const marks = (bits: number) => sign({ do: 'mark', item: item.id, question: index, marked: bits });
  const options = question.options.slice(0, rows * inRow).map(({ label, description }, option): Button => {
    const bit = 2 ** option;
    const isMarked = Math.floor(marked / bit) % 2 === 1;
    const mark = question.multiSelect ? (isMarked ? '☑ ' : '☐ ') : '';
    const data = question.multiSelect
      ? marks(isMarked ? marked - bit : marked + bit)
      : sign({ do: 'answer', item: item.id, question: index, option });
    const name = `${letterOf(option)}) ${label}`;
    const choice: Option = {
      label: labelOf(name, limits.label),
      on: isMarked,
      alone: marks(bit),
      none: marks(0),
      ...(description === undefined ? {} : { description: oneLine(description) }),
    };
    return {
      label: labelOf(`${mark}${name}`, inRow > 2 ? 20 : limits.label),
      data,
      ...(question.multiSelect ? { option: choice } : {}),
    };
  });
  const last: Button[] = [];
  if (question.multiSelect)
    last.push({ label: 'Done', data: sign({ do: 'done', item: item.id, question: index, marked }), look: 'good' });
  // A channel that does not work takes no words.
  if (item.kind !== 'channel')
    last.push({ label: '✏️ Something else…', data: sign({ do: 'write', item: item.id, question: index }) });
  if (readable(item.context ?? '').trim().length > SHORT_CONTEXT)
    last.push({ label: 'More', data: sign({ do: 'more', item: item.id }) });
  const out: Button[][] = [];
  for (let from = 0; from < options.length; from += inRow) out.push(options.slice(from, from + inRow));
  return [...out, last];
}

/** Nobody says what is to be done about work that they cannot look at. */
function workButtons(item: ItemState, sign: Sign): Button[][] {
  if (item.kind !== 'failed_check') return [];
  const ref = taskRef(item.day, item.task);
  return [(['diff', 'log'] as const).map((verb) => ({ label: labels[verb], data: sign({ do: 'task', verb, ref }) }))];
}

/** The options that are marked, by their index, in their order. */
export function markedOptions(question: Question, marked: number): number[] {
  return [...question.options.keys()].filter((option) => Math.floor(marked / 2 ** option) % 2 === 1);
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
