import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { messageOf } from '../base/index.ts';
import { departure } from './answer.ts';
import { readBody } from './body.ts';
import type { DoorHandlers, HookRequest, ToolVerdict } from './types.ts';

const limit = 10 * 1024 * 1024;

const text = z.string().optional().catch(undefined);
const hookSchema = z.looseObject({
  hook_event_name: z.string(),
  session_id: text,
  cwd: text,
  tool_name: text,
  tool_input: z.record(z.string(), z.unknown()).optional().catch(undefined),
  tool_use_id: text,
  agent_id: text,
  stop_hook_active: z.boolean().optional().catch(undefined),
});

/**
 * `POST /hook`: asks the handlers and gives the answer in the CLI's form. Always an answer, always with status 200:
 * what cannot be understood or decided is a deny. (Any other status, or none, would be safe only because the CLI runs
 * in `dontAsk` with nothing allowed beforehand.)
 */
export async function answerHook(
  handlers: DoorHandlers,
  warn: (message: string) => void,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<object> {
  const signal = departure(outgoing);
  let request: HookRequest;
  try {
    const body = (await readBody(incoming, limit)).toString();
    const parsed = hookSchema.safeParse(parse(body));
    if (!parsed.success) return notUnderstood(body);
    request = parsed.data;
  } catch (error) {
    return deny(`Dayshift could not read this call (${messageOf(error)}), so it may not run.`);
  }
  return await decide(handlers, warn, request, signal);
}

async function decide(
  handlers: DoorHandlers,
  warn: (message: string) => void,
  request: HookRequest,
  signal: AbortSignal,
): Promise<object> {
  const event = request.hook_event_name;
  try {
    switch (event) {
      case 'PreToolUse':
        if (request.tool_name === undefined || request.tool_input === undefined) {
          return deny('Dayshift did not understand this call, so it may not run.');
        }
        return verdict(await handlers.onTool(request, signal));
      case 'Stop': {
        const stop = await handlers.onStop(request, signal);
        return stop.block ? { decision: 'block', reason: stop.reason } : {};
      }
      case 'SessionEnd':
        handlers.onEnd?.();
        return {};
      default:
        return {};
    }
  } catch (error) {
    warn(`the ${event} hook failed: ${messageOf(error)}`);
    return event === 'PreToolUse'
      ? deny('Dayshift could not judge this call, so it may not run. Go on without it.')
      : {};
  }
}

function verdict(answer: ToolVerdict): object {
  switch (answer.permission) {
    case 'allow':
      return preToolUse({
        permissionDecision: 'allow',
        ...(answer.reason === undefined ? {} : { permissionDecisionReason: answer.reason }),
        ...(answer.updatedInput === undefined ? {} : { updatedInput: answer.updatedInput }),
        ...beside(answer.words),
      });
    case 'deny':
      return deny(answer.reason, answer.words);
    case 'defer':
      return preToolUse({ permissionDecision: 'defer' });
  }
}

function deny(reason: string, words?: string): object {
  return preToolUse({ permissionDecision: 'deny', permissionDecisionReason: reason, ...beside(words) });
}

function beside(words: string | undefined): object {
  return words === undefined ? {} : { additionalContext: words };
}

function preToolUse(decision: object): object {
  return { hookSpecificOutput: { hookEventName: 'PreToolUse', ...decision } };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined; // the schema says no to it
  }
}

/** No JSON, or no event in it. A call of a tool must be denied, so only what is surely no such call gets nothing. */
function notUnderstood(body: string): object {
  const event = /"hook_event_name"\s*:\s*"(\w+)"/.exec(body.slice(0, 65_536))?.[1];
  if (event !== undefined && event !== 'PreToolUse') return {};
  return deny('Dayshift did not understand this call, so it may not run.');
}
