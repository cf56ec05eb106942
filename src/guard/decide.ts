import { interpret } from './interpret.ts';
import { findings, judge } from './judge.ts';
import { asKnown, shown } from './marks.ts';
import { outline } from './outline.ts';
import { maxLength } from './shell/parse.ts';
import { toolEffects } from './tools.ts';
import type { Decision, Effect, Explanation, Guard, GuardContext, ToolCall } from './types.ts';

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
  const nothing = { parsed: [], commands: [], effects: [], findings: [] };
  try {
    const refused = unfit(command);
    if (refused !== undefined) return { ...nothing, decision: refused };
    const found = interpret(command, cwd, context);
    return {
      parsed: outline(command),
      commands: found.commands.map(({ words, cwd, via }) => ({ words: words.map(shown), cwd: shown(cwd), via })),
      effects: found.effects.map(readable),
      findings: findings(found, context).map((finding) => ({ ...finding, effect: readable(finding.effect) })),
      decision: judge(found, context, command),
    };
  } catch (error) {
    return { ...nothing, decision: failed(error) };
  }
}

/** As people read it: what is not known as `…`. */
function readable(effect: Effect): Effect {
  if ('path' in effect) return { ...effect, path: shown(effect.path) };
  return effect.kind === 'network' ? { ...effect, host: shown(effect.host) } : effect;
}

function decideCommand(call: ToolCall, context: GuardContext): Decision {
  const command = call.input.command;
  if (typeof command !== 'string') return decideTool(call, context);
  return unfit(command) ?? judge(interpret(command, call.cwd, context), context, command);
}

function decideTool(call: ToolCall, context: GuardContext): Decision {
  const effects = toolEffects(call, context);
  return judge({ commands: [], effects, owners: effects.map(() => undefined) }, context, '');
}

const long = 'Write long text with the Write tool and keep the command short.';
const opaque = 'Write the command in plain characters.';
const shorter = 'Split this into shorter, simpler commands.';

/** Input that is not even parsed. */
function unfit(command: string): Decision | undefined {
  if (command.length > maxLength)
    return deny('guard.length', `The command is longer than ${maxLength} characters.`, long);
  if (asKnown(command) !== command) return deny('shell.opaque', 'The command holds control characters.', opaque);
  return undefined;
}

function failed(error: unknown): Decision {
  const what = error instanceof RangeError ? 'it is nested too deep or too long' : 'an error in the guard itself';
  return deny('guard.error', `The command could not be judged: ${what}.`, shorter);
}

const deny = (rule: string, reason: string, instead: string): Decision => ({
  decision: 'deny',
  rule,
  reason,
  instead,
});
