import { adviceFor } from './advice.ts';
import { interpret } from './interpret.ts';
import { judge } from './judge.ts';
import { asKnown, shown } from './marks.ts';
import { maxLength } from './shell/parse.ts';
import { toolEffects } from './tools.ts';
import type { Decision, Explanation, Guard, GuardContext, ToolCall } from './types.ts';

/** Tools whose `command` goes to the shell. */
const shellTools = new Set(['Bash', 'Monitor']);

/** Decides one tool call. Pure and total: whatever goes wrong inside is a deny. */
export const decide: Guard = (call, context) => {
  try {
    return shellTools.has(call.tool) ? decideCommand(call, context) : decideTool(call, context);
  } catch (error) {
    return failed(error);
  }
};

/** The steps for one command, as data: what would run, what it would do, and the decision. */
export function explain(command: string, context: GuardContext, cwd = context.workspace): Explanation {
  try {
    const refused = unfit(command);
    if (refused !== undefined) return { commands: [], effects: [], decision: refused };
    const { commands, effects } = interpret(command, cwd, context);
    const readable = commands.map(({ words, cwd, via }) => ({ words: words.map(shown), cwd: shown(cwd), via }));
    return { commands: readable, effects, decision: judge(effects, context) };
  } catch (error) {
    return { commands: [], effects: [], decision: failed(error) };
  }
}

function decideCommand(call: ToolCall, context: GuardContext): Decision {
  const command = call.input.command;
  if (typeof command !== 'string') return deny('tool.unknown', `${call.tool} without a command.`);
  return unfit(command) ?? judge(interpret(command, call.cwd, context).effects, context);
}

function decideTool(call: ToolCall, context: GuardContext): Decision {
  const effects = toolEffects(call, context);
  if (effects === undefined) return deny('tool.unknown', `The tool ${call.tool} is not known, or misses its input.`);
  if (effects === 'schedule') return deny('tool.schedule', `${call.tool} would start work outside this session.`);
  return judge(effects, context);
}

/** Input that is not even parsed. */
function unfit(command: string): Decision | undefined {
  if (command.length > maxLength) return deny('guard.length', `The command is longer than ${maxLength} characters.`);
  if (asKnown(command) !== command) return deny('shell.opaque', 'The command holds control characters.');
  return undefined;
}

function failed(error: unknown): Decision {
  const what = error instanceof RangeError ? 'it is nested too deep or too long' : 'an error in the guard itself';
  return deny('guard.error', `The command could not be judged: ${what}.`);
}

const deny = (rule: string, reason: string): Decision => ({ decision: 'deny', rule, reason, instead: adviceFor(rule) });
