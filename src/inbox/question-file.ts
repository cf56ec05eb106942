import { oneLine, printable } from '../base/index.ts';
import type { Question } from '../journal/index.ts';

export interface QuestionFile {
  question: Question;
  context?: string;
  impact?: string;
}

type Section = 'title' | 'context' | 'question' | 'options' | 'impact';
type Sections = Record<Section, string[]>;

const names: [RegExp, Section][] = [
  [/^(?:questions? (?:from|by|of)\b.*|agent question.*)$/, 'title'],
  [/^(?:context|background|situation)$/, 'context'],
  [/^(?:the )?questions?$/, 'question'],
  [/^(?:options?|choices|possible answers|alternatives|(?:options|choices)\b.*)$/, 'options'],
  [/^(?:impact|consequences?|why (?:it|this) matters)$/, 'impact'],
];

/**
 * A question file of an agent's: headings Context, Question, Options, Impact in any case and level, any of them
 * missing. A text without them is the question as a whole. `file` is named where the file says nothing.
 */
export function parseQuestionFile(text: string, file: string): QuestionFile {
  const { sections, multiSelect } = sectionsOf(printable(text).split('\n'));
  const context = textOf(sections.context);
  const impact = textOf(sections.impact);
  let options = readOptions(sections.options);
  let asked = textOf(sections.question);
  if (options.length === 0) {
    const inside = trailingOptions(sections.question);
    if (inside !== undefined) ({ options, asked } = inside);
  }
  // Options that are no list are part of what is asked.
  if (options.length === 0) asked = [asked, textOf(sections.options)].filter(Boolean).join('\n\n');
  const useContext = asked === '' && context !== '';
  if (asked === '') asked = context || impact || `The agent wrote an empty question file (${oneLine(file)}).`;
  return {
    question: { question: asked, multiSelect, options },
    ...(context === '' || useContext ? {} : { context }),
    ...(impact === '' || impact === asked ? {} : { impact }),
  };
}

function sectionsOf(lines: string[]): { sections: Sections; multiSelect: boolean } {
  const sections: Sections = { title: [], context: [], question: [], options: [], impact: [] };
  let current: Section = 'question';
  let multiSelect = false;
  let fence: string | undefined;
  for (const line of lines) {
    const mark = /^\s{0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark !== undefined && (fence === undefined || mark.startsWith(fence))) {
      fence = fence === undefined ? mark : undefined;
    }
    const heading = fence === undefined && mark === undefined ? headingOf(line) : undefined;
    if (heading === undefined) {
      // What follows the title without a heading of its own is the question.
      sections[current === 'title' ? 'question' : current].push(line);
      continue;
    }
    current = heading.section;
    if (heading.section === 'options' && /multi|several|all that apply|one or more/i.test(line)) multiSelect = true;
    if (heading.rest !== '') sections[current].push(heading.rest);
  }
  return { sections, multiSelect };
}

/** `## Context`, `**Context:** text`, `CONTEXT: text`; undefined for a line that opens no section of ours. */
function headingOf(line: string): { section: Section; rest: string } | undefined {
  const [, hashed] = /^\s{0,3}#{1,6}\s*(.*)$/.exec(line) ?? [];
  if (hashed !== undefined) {
    const [title, ...more] = hashed.replace(/[#\s]+$/, '').split(':');
    const section = sectionNamed(title ?? '');
    return section === undefined ? undefined : { section, rest: section === 'title' ? '' : more.join(':').trim() };
  }
  const [, name, rest] = /^\s{0,3}(?:\*\*|__)?([A-Za-z ]{1,30})(?:\*\*|__)?:(?:\*\*|__)?(?:\s+(.*))?$/.exec(line) ?? [];
  if (name === undefined) return undefined;
  const section = sectionNamed(name);
  return section === undefined || section === 'title' ? undefined : { section, rest: rest?.trim() ?? '' };
}

function sectionNamed(title: string): Section | undefined {
  const wanted = oneLine(title.replace(/[*_`]/g, '')).toLowerCase();
  return names.find(([pattern]) => pattern.test(wanted))?.[1];
}

function textOf(lines: string[]): string {
  return lines.join('\n').trim();
}

const lettered = /^\s{0,3}(?:[-*+]\s+)?(?:\*\*|__)?\(?([A-Za-z]|\d{1,2})(?:\*\*|__)?[).:](?:\*\*|__)?\s+(\S.*)$/;
const bullet = /^\s{0,3}[-*+•]\s+(\S.*)$/;

/** Options in any of the usual lists; a line that begins none goes on with the option before. */
function readOptions(lines: string[]): Question['options'] {
  const found: { mark?: string; text: string; more: string[] }[] = [];
  for (const line of lines) {
    const [, mark, marked] = lettered.exec(line) ?? [];
    const text = marked ?? bullet.exec(line)?.[1];
    if (text !== undefined) found.push({ ...(mark === undefined ? {} : { mark }), text, more: [] });
    else if (line.trim() !== '') found.at(-1)?.more.push(line.trim());
  }
  // Ours are lettered in order: another order of the agent's own letters must stay readable.
  const inOrder = found.every(({ mark }, index) => mark === undefined || indexOf(mark) === index);
  return found.slice(0, 26).map(({ mark, text, more }) => {
    const plain = oneLine(text.replace(/^(?:\*\*|__)(.*?)(?:\*\*|__)/, '$1'));
    const label = inOrder || mark === undefined ? plain : `${mark}) ${plain}`;
    return { label, ...(more.length === 0 ? {} : { description: oneLine(more.join(' ')) }) };
  });
}

function indexOf(mark: string): number {
  return /^\d/.test(mark) ? Number(mark) - 1 : mark.toUpperCase().charCodeAt(0) - 65;
}

/** `A) …`, `B) …` at the end of a question that has no heading for its options: two at least, in order from the first. */
function trailingOptions(lines: string[]): { options: Question['options']; asked: string } | undefined {
  const from = lines.findIndex((line) => /^\s{0,3}(?:[-*+]\s+)?\(?[Aa1][).:]\s+\S/.test(line));
  if (from < 1) return undefined;
  const rest = lines.slice(from).filter((line) => line.trim() !== '');
  const marks = rest.map((line) => lettered.exec(line)?.[1]);
  if (marks.length < 2 || !marks.every((mark, index) => mark !== undefined && indexOf(mark) === index))
    return undefined;
  const asked = textOf(lines.slice(0, from));
  return asked === '' ? undefined : { options: readOptions(rest), asked };
}
