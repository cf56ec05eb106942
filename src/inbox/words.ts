import type { ItemState, Question } from '../journal/index.ts';

/** `A` for the first option, and so on. */
export function letterOf(index: number): string {
  return String.fromCharCode(65 + index);
}

/** Lower case, white space as one space: how labels and answers are compared. */
export function comparable(text: string): string {
  return text.toLowerCase().split(/\s+/u).filter(Boolean).join(' ');
}

/**
 * The answer in words, for prompts, answer files and reports: `B) Pattern from PAGINATION.md`, or the free text;
 * for several questions a line each. Empty where there is no answer yet.
 */
export function answerText(item: ItemState): string {
  const { answers, questions } = item;
  if (answers === undefined) return '';
  const lines = answers.map((answer, index) => {
    const question = questions[index];
    return question === undefined ? answer : lettered(question, answer);
  });
  if (lines.length < 2) return lines.join('');
  return lines.map((line, index) => `${questions[index]?.question ?? `Question ${index + 1}`}: ${line}`).join('\n');
}

/** `by anna (telegram)`, `by default`: who answered an item. */
export function answeredBy({ answeredBy: by }: Pick<ItemState, 'answeredBy'>): string {
  const who = by === undefined || by.kind === 'daemon' ? 'by default' : `by ${by.id ?? 'somebody'}`;
  return `${who}${by?.via === undefined ? '' : ` (${by.via})`}`;
}

/** The options of each question whose answer is none of them: it counts as the person's own words. */
export function ownWordsAmong(item: ItemState): string[] {
  return (item.answers ?? []).flatMap((answer, index) => {
    const question = item.questions[index];
    if (question === undefined || question.options.length === 0) return [];
    const labels = question.options.map((option) => option.label);
    const chosen = labels.some((label) => answer === label || answer.startsWith(`${label} (`));
    if (chosen || (question.multiSelect && splitLabels(labels, answer) !== undefined)) return [];
    return [labels.map((label, at) => `${letterOf(at)}) ${label}`).join(', ')];
  });
}

function lettered(question: Question, answer: string): string {
  const labels = question.options.map((option) => option.label);
  const one = labels.indexOf(answer);
  if (one !== -1) return `${letterOf(one)}) ${answer}`;
  const several = question.multiSelect ? splitLabels(labels, answer) : undefined;
  return several?.map((index) => `${letterOf(index)}) ${labels[index] ?? ''}`).join(', ') ?? answer;
}

/** The labels that `answer` joins with ", " (a label may itself hold a comma); undefined where it is something else. */
function splitLabels(labels: string[], answer: string): number[] | undefined {
  // Longest first, so that a label is not taken for a shorter one that it begins with.
  const order = labels.map((label, index) => ({ label, index })).sort((a, b) => b.label.length - a.label.length);
  const out: number[] = [];
  let rest = answer;
  while (rest !== '') {
    const next = order.find(({ label }) => label !== '' && (rest === label || rest.startsWith(`${label}, `)));
    if (next === undefined) return undefined;
    out.push(next.index);
    rest = rest.slice(next.label.length + 2);
  }
  return out.length === 0 ? undefined : out;
}
