import { oneLine, printable } from '../base/index.ts';
import type { Question } from '../journal/index.ts';

/** As many as there are letters. */
const MAX_OPTIONS = 26;
const MAX_QUESTIONS = 20;

interface Read {
  /** The text as the tool's input has it: the key under which its answer is expected. */
  asked: string;
  question: Question;
}

/**
 * The questions of an `AskUserQuestion` call. Tolerant: options may be bare strings, a single question may stand
 * without its list. `problem` is for the agent: what is missing.
 */
export function questionsFromTool(input: unknown): { questions: Question[] } | { problem: string } {
  const read = readQuestions(input);
  if (read.length === 0) {
    return {
      problem:
        'AskUserQuestion needs `questions`: a list of {question, header, multiSelect, options: [{label, description}]}, each with the text of its question.',
    };
  }
  if (read.length > MAX_QUESTIONS) return { problem: `Ask at most ${MAX_QUESTIONS} questions at a time.` };
  return { questions: read.map(({ question }) => question) };
}

/**
 * The `updatedInput` that answers the call: its own input, and the answers by question text. `answers` are in the
 * questions' order; one that is missing is left out.
 */
export function answersForTool(input: unknown, questions: Question[], answers: string[]): Record<string, unknown> {
  const asked = readQuestions(input).map((read) => read.asked);
  const entries = questions.flatMap((question, index) => {
    const answer = answers[index];
    return answer === undefined ? [] : [[asked[index] ?? question.question, answer] as const];
  });
  return { ...(isRecord(input) ? input : {}), answers: Object.fromEntries(entries) };
}

function readQuestions(input: unknown): Read[] {
  if (!isRecord(input)) return [];
  const list = Array.isArray(input.questions) ? (input.questions as unknown[]) : [input.questions ?? input];
  return list.flatMap((raw) => {
    const read = readQuestion(raw);
    return read === undefined ? [] : [read];
  });
}

function readQuestion(raw: unknown): Read | undefined {
  if (typeof raw === 'string') return raw.trim() === '' ? undefined : { asked: raw, question: bare(raw) };
  if (!isRecord(raw)) return undefined;
  const asked = [raw.question, raw.text, raw.header].find((text) => typeof text === 'string' && text.trim() !== '');
  if (typeof asked !== 'string') return undefined;
  const options = Array.isArray(raw.options) ? (raw.options as unknown[]) : [];
  return {
    asked,
    question: {
      ...bare(asked),
      ...(typeof raw.header === 'string' && raw.header.trim() !== '' ? { header: oneLine(raw.header) } : {}),
      multiSelect: raw.multiSelect === true || raw.multiSelect === 'true',
      options: options.flatMap(readOption).slice(0, MAX_OPTIONS),
    },
  };
}

function bare(text: string): Question {
  return { question: printable(text).trim(), multiSelect: false, options: [] };
}

function readOption(raw: unknown): Question['options'] {
  if (typeof raw === 'string') return raw.trim() === '' ? [] : [{ label: oneLine(raw) }];
  if (!isRecord(raw)) return [];
  const label = [raw.label, raw.value, raw.description].find((text) => typeof text === 'string' && text.trim() !== '');
  if (typeof label !== 'string') return [];
  const { description } = raw;
  const more = typeof description === 'string' && description.trim() !== '' && description !== label;
  return [{ label: oneLine(label), ...(more ? { description: oneLine(description) } : {}) }];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
