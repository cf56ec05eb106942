import { parseFeedback } from './parse.ts';

/** A day with three tasks, and a feedback file about it: what the tests of the parser read by. */
const date = '2026-11-23';
export const tasks = [
  { id: 'task-001', name: 'Documentation Task' },
  { id: 'task-002', name: 'Basket' },
  { id: 'login', name: 'Sign in by mail' },
];
export const context = { file: `feedback/${date}.md`, date, tasks };

/** Reads a text as the feedback file of that day. */
export const read = (text: string) => parseFeedback(text, context);
