import { cutEnd } from '../../base/index.ts';
import type { NewEvent } from '../../journal/index.ts';
import { readBlocks, resultText, type Block, type StreamMessage } from './messages.ts';
import { subjectOf } from './subject.ts';

const SAID_MAX = 500;
const RESULT_MAX = 300;

/** What the journal keeps of a message. The whole of it is in `agent.log`. */
export function eventsOf(message: StreamMessage): NewEvent[] {
  switch (message.type) {
    case 'system':
      return systemEvents(message);
    case 'assistant':
      // The CLI's own words about a failed call are not the agent's.
      if (message.error !== undefined) return [];
      return readBlocks(message.message.content).flatMap(blockEvents);
    case 'user':
      return readBlocks(message.message.content).flatMap((block) =>
        block.type === 'tool_result' ? blockEvents(block) : [],
      );
    case 'rate_limit_event':
      return windowEvents(message.rate_limit_info);
    case 'result':
      return [];
  }
}

/** Healthy runs tell of their windows too: only `rejected` means that the limit is reached. */
function windowEvents(info: Extract<StreamMessage, { type: 'rate_limit_event' }>['rate_limit_info']): NewEvent[] {
  const { status, resetsAt, rateLimitType, utilization } = info;
  const until = resetsAt === undefined ? undefined : isoOf(resetsAt);
  const reached: NewEvent = {
    type: 'agent.warned',
    data: { message: `the account's usage limit is reached${until === undefined ? '' : ` until ${until}`}` },
  };
  const told: NewEvent = {
    type: 'account.window',
    data: {
      window: cutEnd(rateLimitType ?? 'account', 40),
      status: cutEnd(status, 40),
      ...(utilization === undefined ? {} : { used: utilization }),
      ...(until === undefined ? {} : { resetAt: until }),
    },
  };
  return status === 'rejected' ? [reached, told] : [told];
}

function systemEvents(message: Extract<StreamMessage, { type: 'system' }>): NewEvent[] {
  switch (message.subtype) {
    case 'init':
      return [
        {
          type: 'agent.init',
          data: {
            sessionId: message.session_id,
            model: message.model,
            ...(message.claude_code_version === undefined ? {} : { version: message.claude_code_version }),
            ...(message.apiKeySource === undefined ? {} : { apiKeySource: message.apiKeySource }),
          },
        },
      ];
    case 'api_retry':
      return [
        {
          type: 'agent.retrying',
          data: { attempt: message.attempt, status: message.error_status, error: cutEnd(message.error, RESULT_MAX) },
        },
      ];
    case 'permission_denied': {
      const why = message.message === undefined ? '' : `: ${message.message}`;
      return [{ type: 'agent.warned', data: { message: cutEnd(`${message.tool_name} was denied${why}`, RESULT_MAX) } }];
    }
  }
}

function blockEvents(block: Block): NewEvent[] {
  switch (block.type) {
    case 'text': {
      const text = block.text.trim();
      return text === '' ? [] : [{ type: 'agent.said', data: { text: cutEnd(text, SAID_MAX) } }];
    }
    case 'tool_use':
      return [
        {
          type: 'agent.tool',
          data: { toolUseId: block.id, tool: block.name, input: subjectOf(block.name, block.input) },
        },
      ];
    case 'tool_result':
      return [
        {
          type: 'agent.tool_result',
          data: {
            toolUseId: block.tool_use_id,
            ok: block.is_error !== true,
            text: cutEnd(resultText(block.content), RESULT_MAX),
          },
        },
      ];
  }
}

/** The CLI gives seconds since the epoch. */
function isoOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? 'a time that is not known' : date.toISOString();
}
