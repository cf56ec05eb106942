import type { Choice } from './choose.ts';
import { headLine, type Conversation } from './request.ts';

/** Fills the placeholders of a script's texts: in a string, or anywhere inside a tool's input. Unknown ones stay as they are. */
export function fill<T>(value: T, values: Record<string, string>): T {
  return fillAny(value, values) as T;
}

function fillAny(value: unknown, values: Record<string, string>): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(/\{\{\s*(\w+)\s*\}\}/gu, (whole, name: string) =>
      Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
    );
  }
  if (Array.isArray(value)) return value.map((item) => fillAny(item, values));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillAny(item, values)]));
  return value;
}

/** The placeholders that a script may use, from the prompt's head and the conversation. */
export function placeholders(conversation: Conversation, choice: Choice): Record<string, string> {
  return {
    workspace: headLine(conversation.opening, 'Workspace'),
    out: headLine(conversation.opening, 'Out folder'),
    task: headLine(conversation.opening, 'Task'),
    last_answer: conversation.lastAnswer,
    last_result: conversation.inputs.at(-1) ?? '',
    n: String(choice.n),
  };
}
