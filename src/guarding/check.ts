import { decide, type Decision, type GuardContext } from '../guard/index.ts';
import { linesOf, type Chunks } from './lines.ts';

/** One decision as it is printed: `id` is the object's own, or the number of the line. */
interface Checked {
  id: unknown;
  decision: Decision['decision'];
  rule: string;
  reason: string;
}

/**
 * Decides commands from a stream, one a line, and gives one line of JSON for each, whatever it holds. With `jsonl`
 * a line is `{"id": …, "command": "…"}`; what is no such object is a deny by the rule `input`.
 */
export async function* checkLines(
  chunks: Chunks,
  place: { context: GuardContext; cwd: string },
  options: { jsonl: boolean },
): AsyncGenerator<string> {
  let number = 0;
  for await (const lines of linesOf(chunks)) {
    let out = '';
    for (const line of lines) {
      number += 1;
      const request = options.jsonl ? parse(line, number) : { id: number, command: line };
      out += `${JSON.stringify(answer(request, place))}\n`;
    }
    yield out;
  }
}

type Request = { id: unknown; command: string } | { id: unknown; problem: string };

function parse(line: string, number: number): Request {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { id: number, problem: 'The line is not JSON.' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { id: number, problem: 'The line is not a JSON object.' };
  const { id = number, command } = value as { id?: unknown; command?: unknown };
  return typeof command === 'string' ? { id, command } : { id, problem: 'The object has no text `command`.' };
}

function answer(request: Request, { context, cwd }: { context: GuardContext; cwd: string }): Checked {
  if ('problem' in request) return { id: request.id, decision: 'deny', rule: 'input', reason: request.problem };
  const { decision, rule, reason } = decide({ tool: 'Bash', input: { command: request.command }, cwd }, context);
  return { id: request.id, decision, rule, reason };
}
