import { cutEnd, oneLine } from '../../../src/base/index.ts';
import type { JournalEvent } from '../../../src/journal/index.ts';
import { code, line, type rich } from '../rich/index.ts';

type Line = Parameters<typeof rich>[number];

/** Lines that a phone shows without scrolling far. */
const MOST = 20;

/** The last things that happened to a task, the newest last, each in a line; nothing where nothing did. */
export function logLines(events: readonly JournalEvent[], timezone: string): Line[] {
  const told: (Words & { at: string })[] = [];
  for (const event of events) {
    const words = wordsOf(event);
    // A verdict and the end that follows from it say the same.
    if (words !== undefined && told.at(-1)?.text !== words.text) told.push({ at: event.at, ...words });
  }
  return told.slice(-MOST).map(({ at, sign, text, command }) => {
    const time = new Date(at).toLocaleTimeString('en-GB', { timeZone: timezone, hour: '2-digit', minute: '2-digit' });
    const shown = cutEnd(oneLine(text), 140);
    return line(`${time} ${sign} `, command === true ? code(shown) : shown);
  });
}

interface Words {
  sign: string;
  text: string;
  /** It is code. */
  command?: boolean;
}

/** What an event says to somebody who reads a task's log; undefined for what says nothing to them. */
function wordsOf(event: JournalEvent): Words | undefined {
  switch (event.type) {
    case 'agent.said':
      return { sign: '💬', text: event.data.text };
    case 'agent.tool':
      return { sign: '🔧', text: `${event.data.tool} ${event.data.input}`, command: true };
    case 'agent.tool_result':
      return event.data.ok ? undefined : { sign: '⚠️', text: event.data.text };
    case 'guard.decided':
      return event.data.decision === 'deny'
        ? { sign: '⛔️', text: `${event.data.subject}: ${event.data.reason}` }
        : undefined;
    case 'item.opened':
      return { sign: '❓', text: `${event.data.id}: ${event.data.questions[0]?.question ?? ''}` };
    case 'item.answered':
      return { sign: '✅', text: `${event.data.id}: ${event.data.answers.join('; ')}` };
    case 'check.ran':
      // Of one that failed the verdict says more.
      return event.data.exitCode === 0 ? { sign: '🧪', text: `${event.data.command}: passed` } : undefined;
    case 'review.decided':
      return event.data.reasons.length === 0 ? undefined : { sign: '🧪', text: event.data.reasons.join('; ') };
    case 'task.parked':
      return { sign: '⏸', text: event.data.reason.replaceAll('_', ' ') };
    case 'task.done':
      return { sign: '✅', text: 'done' };
    case 'task.failed':
    case 'task.stopped':
      return { sign: '❌', text: event.data.reason };
    default:
      return undefined;
  }
}
