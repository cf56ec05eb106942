import { headLine, type Conversation } from './request.ts';
import type { Script, ScriptTask, Step, Turn } from './schema.ts';

export interface Choice {
  /** What to play; undefined after the last turn, and where no entry matches. */
  turn: Turn | undefined;
  /** The id or match of the script's entry; undefined where none matches. */
  task: string | undefined;
  /** Which model call of the conversation this is, from 0. */
  index: number;
  /** Which repetition of its turn, from 1. */
  n: number;
}

/**
 * The turn for a request. It depends on nothing but the request: the number of answers so far says where the
 * conversation is, and each fork is decided anew from what was said before it. So a session that was killed,
 * resumed, or goes on behind another server goes on rightly.
 */
export function chooseTurn(script: Script, conversation: Conversation): Choice {
  const index = conversation.inputs.length - 1;
  const entry = script.tasks.find((task) => matches(task, conversation.opening));
  const name = entry?.task ?? entry?.match;
  let rest: Step[] = entry?.turns ?? [];
  for (let k = 0; ; k += 1) {
    rest = settleForks(rest, conversation.inputs[k] ?? '');
    const [turn, ...after] = rest;
    if (turn === undefined || 'when' in turn) return { turn: undefined, task: name, index, n: 1 };
    const played = index - k;
    if (played < turn.repeat) return { turn, task: name, index, n: played + 1 };
    k += turn.repeat - 1;
    rest = after;
  }
}

function settleForks(steps: Step[], input: string): Step[] {
  let rest = steps;
  for (;;) {
    const [head, ...after] = rest;
    if (head === undefined || !('when' in head)) return rest;
    rest = [...(input.includes(head.when) ? head.then : head.else), ...after];
  }
}

function matches(entry: ScriptTask, opening: string): boolean {
  if (entry.match !== undefined) return opening.includes(entry.match);
  return entry.task !== undefined && headLine(opening, 'Task') === entry.task;
}
