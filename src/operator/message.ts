import { cutEnd, oneLine } from '../base/index.ts';
import type { FoundTask } from './refs.ts';

/** git shows so much of a first line. */
const LONGEST_SUBJECT = 72;

/** What a commit of this work would say: the task's name, and what proves it. Without the trailer. */
export function proposedMessage({ state }: FoundTask): string {
  const subject = cutEnd(oneLine(state.spec.name), LONGEST_SUBJECT);
  const passed =
    state.status === 'done' && state.review?.decision === 'proceed'
      ? state.checks.filter(({ round, exitCode }) => round === state.review?.round && exitCode === 0)
      : [];
  const proof = passed.map(({ command }) => `- ${cutEnd(oneLine(command), LONGEST_SUBJECT - 2)}`);
  return proof.length === 0 ? subject : [subject, '', 'Passed before it was committed:', ...proof].join('\n');
}

/** The first line, and what follows it. */
export function titleAndBody(message: string): { title: string; body: string } {
  const [title = '', ...rest] = message.split('\n');
  return { title, body: rest.join('\n').trim() };
}

/** A message as git keeps it, with the trailer that names day and task; a trailer that is there already is not written twice. */
export function withTrailer(message: string, { day, task }: Pick<FoundTask, 'day' | 'task'>): string {
  const trailer = `Dayshift-Task: ${day}/${task}`;
  const lines = message
    .replaceAll('\0', '')
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => line.trimEnd());
  const text = lines.join('\n').replace(/^\n+|\n+$/g, '');
  const last = text.slice(text.lastIndexOf('\n\n') + 1).trim();
  if (last.split('\n').includes(trailer)) return `${text}\n`;
  const joins = text.includes('\n\n') && last.split('\n').every((line) => /^[A-Za-z][A-Za-z0-9-]*: \S/.test(line));
  return `${text}${joins ? '\n' : '\n\n'}${trailer}\n`;
}
