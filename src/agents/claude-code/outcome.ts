import { cutEnd } from '../../base/index.ts';
import type { ProcessExit } from '../../sandbox/index.ts';
import type { AttemptResult } from '../types.ts';
import type { ResultMessage } from './messages.ts';

const TEXT_MAX = 4000;

/** What the CLI says where a resume cannot work: in its errors or on stderr, with no turn taken. */
const IMPOSSIBLE = /No deferred tool marker found|No conversation found with session ID/u;

/** Of several results the last one with turns counts: empty ones come before and after it. */
export function betterResult(before: ResultMessage | undefined, next: ResultMessage): ResultMessage {
  return before !== undefined && before.num_turns > 0 && next.num_turns === 0 ? before : next;
}

/** What an attempt came to, from its result line (if there was one), its exit and the end of its stderr. */
export function outcome(result: ResultMessage | undefined, exit: ProcessExit, stderr: string): AttemptResult {
  const turns = result?.num_turns ?? 0;
  const said = [...(result?.errors ?? []), stderr].join('\n');
  const resumeImpossible = turns === 0 && IMPOSSIBLE.test(said);
  const base = { exitCode: exit.exitCode, turns, resumeImpossible };
  if (result === undefined) {
    // An exit code of its own is the CLI's refusal to start; a signal or an end in silence is a loss.
    const refused = exit.signal === null && exit.exitCode !== null && exit.exitCode !== 0 && exit.exitCode < 128;
    const how = refused ? `it ended with exit code ${exit.exitCode}` : `it vanished ${lossOf(exit)}`;
    return { ...base, end: refused ? 'failed' : 'lost', text: withStderr(how, stderr) };
  }
  if (isDeferred(result) && result.deferred_tool_use !== undefined)
    return { ...base, end: 'deferred', toolUseId: result.deferred_tool_use.id, text: cut(result.result ?? '') };
  if (result.subtype === 'error_max_turns')
    return { ...base, end: 'max_turns', text: result.errors?.join('\n') ?? 'it used up its turns' };
  if (result.is_error || result.subtype !== 'success') return { ...base, end: 'failed', text: failure(result, stderr) };
  return { ...base, end: 'finished', text: cut(result.result ?? '') };
}

function isDeferred(result: ResultMessage): boolean {
  return result.stop_reason === 'tool_deferred' || result.terminal_reason === 'tool_deferred';
}

function failure(result: ResultMessage, stderr: string): string {
  const words = result.errors?.join('\n') ?? result.result ?? '';
  if (words.trim() !== '') return cut(words);
  const status = typeof result.api_error_status === 'number' ? ` (status ${result.api_error_status})` : '';
  return withStderr(`it ended with ${result.subtype}${status}`, stderr);
}

function lossOf(exit: ProcessExit): string {
  if (exit.timedOut) return 'at its time limit, without a result';
  if (exit.signal !== null) return `by ${exit.signal}, without a result`;
  return `with exit code ${exit.exitCode ?? 'unknown'}, without a result`;
}

function withStderr(text: string, stderr: string): string {
  const end = stderr.trim();
  return end === '' ? text : cut(`${text}: ${end}`);
}

function cut(text: string): string {
  return cutEnd(text.trim(), TEXT_MAX);
}
