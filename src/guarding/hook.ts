import { decide, type Decision, type GuardContext, type ToolCall } from '../guard/index.ts';
import { realPorts } from './ports.ts';
import { trackedBy } from './tracked.ts';

/** Where an interactive session works, and by which rules it is judged. */
export interface HookPlace {
  /** The project's folder. */
  workspace: string;
  /** The person's HOME. */
  home: string;
  /** The CLI's own folder: `~/.claude`. */
  settings: string;
  policy: GuardContext['policy'];
}

/** What the hook tells the CLI; undefined where it has nothing to say and the call goes the ordinary way. */
export interface HookAnswer {
  hookSpecificOutput: {
    hookEventName: 'PreToolUse';
    permissionDecision: 'allow' | 'ask' | 'deny';
    permissionDecisionReason: string;
  };
}

/**
 * A PreToolUse call of an interactive CLI, from the JSON that it gives its hooks. Throws where it is none: whoever reads
 * it must then refuse the call.
 */
export function readHookCall(text: string): ToolCall {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new TypeError('no object');
  const { hook_event_name: event, tool_name: tool, tool_input: input, cwd } = value as Record<string, unknown>;
  if (event !== 'PreToolUse') throw new TypeError('no call of PreToolUse');
  if (typeof tool !== 'string' || tool === '') throw new TypeError('no tool_name');
  if (typeof cwd !== 'string' || !cwd.startsWith('/')) throw new TypeError('no cwd');
  if (typeof input !== 'object' || input === null || Array.isArray(input)) throw new TypeError('no tool_input');
  return { tool, input: input as Record<string, unknown>, cwd };
}

/**
 * The guard's word on a call where a person sits at the terminal: what it would only ask about they are asked, and so
 * they are about tools that it does not know. `approve`: what it allows runs without the CLI's own question.
 */
export function answerHook(call: ToolCall, place: HookPlace, approve: boolean): HookAnswer | undefined {
  const decision = decide(call, {
    workspace: place.workspace,
    // Its plans are files of its own; what it noted and ran earlier may be read.
    writable: [`${place.settings}/plans`],
    readable: [`${place.settings}/projects`],
    home: place.home,
    policy: place.policy,
    ...realPorts,
    tracked: () => trackedBy(place.workspace),
  });
  const permission = decision.rule === 'tool.unknown' ? 'ask' : decision.decision;
  if (permission === 'allow' && !approve) return undefined;
  return {
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: permission,
      permissionDecisionReason: wordsFor(decision, permission),
    },
  };
}

function wordsFor({ rule, reason, instead }: Decision, permission: string): string {
  const here = interactive[rule] ?? instead;
  const more = permission === 'deny' && here !== undefined ? ` ${here}` : '';
  return `${reason.replace('this task’s list of hosts', 'the guard’s list of hosts')}${more} (Dayshift’s guard, ${rule})`;
}

/** What to do instead where the built-in advice is for a task of a day: here a person sits at the terminal. */
const interactive: Partial<Record<string, string>> = {
  'git.write':
    'Leave the change in the working tree: the person commits it. `git status`, `git diff` and `git log` work.',
  'network.egress':
    'Use what is in the workspace. The person can add the host: `dayshift guard install --egress HOST`.',
  'tool.schedule': 'Finish the work in this session.',
  'tool.worktree': 'Work in this checkout.',
};
