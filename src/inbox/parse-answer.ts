import { oneLine, printable } from '../base/index.ts';
import type { Question } from '../journal/index.ts';
import { comparable, letterOf } from './words.ts';

/** `answers`: one a question, an option's label or free text. `problem`: for the person, what to write instead. */
export type ParsedAnswer = { answers: string[] } | { problem: string };
type One = { answer: string } | { problem: string };

/**
 * What a person's text answers: an option's letter (`B`, `b)`), number, label or the beginning of a label; several
 * of them where several may be chosen; anything else is an answer in their own words. For several questions a line
 * each, `1: B`, or one answer a line in order.
 */
export function parseAnswer(questions: Question[], text: string): ParsedAnswer {
  const said = printable(text).trim();
  if (said === '') return { problem: 'The answer is empty.' };
  const [first] = questions;
  if (questions.length < 2 || first === undefined) {
    const one: One = first === undefined ? { answer: said } : parseOne(first, said);
    return 'problem' in one ? one : { answers: [one.answer] };
  }
  const parts = byNumber(questions.length, said) ?? inOrder(questions.length, said);
  if (parts === undefined) {
    const example = questions
      .slice(0, 2)
      .map(({ options }, index) => `"${index + 1}: ${options.length > 0 && index === 0 ? 'A' : 'in my own words'}"`);
    return {
      problem: `There are ${questions.length} questions: answer each on a line of its own, such as ${example.join(' and ')}.`,
    };
  }
  const answers: string[] = [];
  for (const [index, question] of questions.entries()) {
    const part = parts[index];
    if (part === undefined || part === '') {
      return { problem: `Question ${index + 1} has no answer: ${oneLine(question.question)}` };
    }
    const one = parseOne(question, part);
    if ('problem' in one) return { problem: `Question ${index + 1}: ${one.problem}` };
    answers.push(one.answer);
  }
  return { answers };
}

/** `1: B` / `2) free text`, each from the start of a line; a line without a number goes on with the one before. */
function byNumber(questions: number, text: string): (string | undefined)[] | undefined {
  const parts: (string | undefined)[] = Array.from({ length: questions });
  let current: number | undefined;
  for (const line of linesOf(questions, text)) {
    const [, number, rest] = /^\s*(?:q(?:uestion)?\s{0,3})?(\d{1,2})\s{0,3}[:).]\s*(.*)$/i.exec(line) ?? [];
    const index = Number(number) - 1;
    if (rest !== undefined && index >= 0 && index < questions && parts[index] === undefined) {
      current = index;
      parts[index] = rest.trim();
    } else if (current === undefined) {
      if (line.trim() !== '') return undefined;
    } else {
      parts[current] = `${parts[current] ?? ''}\n${line}`.trim();
    }
  }
  return current === undefined ? undefined : parts;
}

/** `1: A 2: B` in one line (a shell's argument) is taken as lines too, where the numbers run from 1 to the last. */
function linesOf(questions: number, text: string): string[] {
  const lines = text.split('\n');
  if (lines.length > 1) return lines;
  const starts = [...text.matchAll(/(?:^|[\s,;])(\d{1,2}):\s/g)];
  if (starts.length !== questions || !starts.every(([, number], index) => Number(number) === index + 1)) return lines;
  return starts.map((start, index) =>
    text.slice(start.index, starts[index + 1]?.index).replace(/^[\s,;]+|[\s,;]+$/g, ''),
  );
}

function inOrder(questions: number, text: string): string[] | undefined {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  if (lines.length === questions) return lines;
  // "B A": letters alone, one a question.
  const words = text.split(/[\s,;]+/u).filter(Boolean);
  return words.length === questions && words.every((word) => /^[a-z]$/i.test(word)) ? words : undefined;
}

function parseOne(question: Question, text: string): One {
  const labels = question.options.map((option) => option.label);
  if (labels.length === 0) return { answer: text };
  if (question.multiSelect) return parseSeveral(labels, text);
  const one = optionOf(labels, text);
  if (one !== undefined) return one;
  const marks = marksOf(labels, text);
  if (marks !== undefined && marks.length > 1) {
    return { problem: `Only one option can be chosen, ${range(labels)}; or answer in a sentence of your own.` };
  }
  return { answer: text };
}

function parseSeveral(labels: string[], text: string): One {
  const whole = optionOf(labels, text);
  if (whole !== undefined) return whole;
  if (/^all(?: of (?:them|these))?$/i.test(text)) return { answer: labels.join(', ') };
  const marks = marksOf(labels, text);
  const parts = marks ?? text.split(/\s*[,;\n]\s*/u).filter(Boolean);
  const found = parts.map((part) => optionOf(labels, part));
  // A sentence with a comma is a sentence.
  if (!found.some((one) => one !== undefined)) return { answer: text };
  const answers: string[] = [];
  for (const [index, one] of found.entries()) {
    if (one !== undefined && 'problem' in one) return one;
    const answer = one?.answer ?? parts[index] ?? '';
    if (!answers.includes(answer)) answers.push(answer);
  }
  return { answer: answers.join(', ') };
}

/** The words of `A, C and D` or `1 3`, where it is nothing but letters and small numbers. */
function marksOf(labels: string[], text: string): string[] | undefined {
  const words = text.split(/\s*(?:[,;&+\s]|\band\b)\s*/iu).filter(Boolean);
  const marks = words.every((word) => /^(?:[a-z]|\d{1,2})[).]?$/i.test(word));
  // "I" is a word, unless there is such an option.
  if (!marks || (words.length === 1 && labels.length === 0)) return undefined;
  return words;
}

/** The option that `text` names, a problem where it names one that is not there, undefined for free text. */
function optionOf(labels: string[], text: string): One | undefined {
  const wanted = comparable(text);
  const exact = labels.find((label) => comparable(label) === wanted);
  if (exact !== undefined) return { answer: exact };
  const [, mark] = /^(?:option |(?:no|nr)\.? (?=\d)|#)?\(?([a-z]|\d{1,2})[).:]?$/.exec(wanted) ?? [];
  if (mark !== undefined) return byMark(labels, mark);
  const [, before, after] = /^\(?([a-z]|\d{1,2})[).:]\s+([\s\S]+)$/i.exec(text) ?? [];
  if (before !== undefined && after !== undefined) {
    const label = labels[indexOfMark(before)];
    if (label === undefined) return undefined;
    const same = comparable(label).startsWith(comparable(after));
    // "B) but only for tests": the agent does not know the letters, so the label stands in for its letter.
    return { answer: same ? label : `${label} (${after.trim()})` };
  }
  return byPrefix(labels, wanted);
}

function byMark(labels: string[], mark: string): One {
  const label = labels[indexOfMark(mark)];
  if (label !== undefined) return { answer: label };
  // "y" and "n" for a yes and a no.
  const spoken = labels.filter((each) => /^(?:yes|no)\b/i.test(each) && each[0]?.toLowerCase() === mark.toLowerCase());
  const [only] = spoken;
  if (spoken.length === 1 && only !== undefined) return { answer: only };
  return {
    problem: `There is no option ${mark.toUpperCase()}; ${range(labels)}, or answer in a sentence of your own.`,
  };
}

function indexOfMark(mark: string): number {
  return /^\d/.test(mark) ? Number(mark) - 1 : mark.toUpperCase().charCodeAt(0) - 65;
}

function byPrefix(labels: string[], wanted: string): One | undefined {
  if (wanted.length < 2) return undefined;
  const fits = labels.filter((label) => {
    const whole = comparable(label);
    if (!whole.startsWith(wanted)) return false;
    const next = whole.charAt(wanted.length);
    // "raise to $10" is not the start of "Raise to $100.00".
    if (/\d$/.test(wanted) && /[\d.,]/.test(next)) return false;
    // A short word must be a whole one: "no" is not the start of "Note it and go on".
    return wanted.length > 3 || !/[\p{L}\p{N}]/u.test(next);
  });
  const [only] = fits;
  if (only === undefined) return undefined;
  if (fits.length === 1) return { answer: only };
  const letters = fits.map((label) => letterOf(labels.indexOf(label)));
  return { problem: `"${oneLine(wanted)}" fits ${letters.join(' and ')}: write the letter.` };
}

function range(labels: string[]): string {
  return labels.length === 1 ? 'only A' : `A to ${letterOf(labels.length - 1)}`;
}
