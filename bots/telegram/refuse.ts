import { GrammyError, HttpError } from 'grammy';
import { PlatformError } from '../chat/index.ts';

/** What a call came to that failed, in the core's words. The bot's token is in the addresses that network errors name: nothing of those is passed on. */
export function refusal(error: unknown): PlatformError {
  if (error instanceof PlatformError) return error;
  if (error instanceof GrammyError) return ofServer(error);
  if (error instanceof HttpError)
    return new PlatformError('unreachable', `${error.message} (${reasonOf(error.error)})`);
  return new PlatformError('unreachable', error instanceof Error ? error.name : 'an unknown failure');
}

/** True where the server answered, and refused the call with this code. */
export function hasCode(error: unknown, code: number): error is GrammyError {
  return error instanceof GrammyError && error.error_code === code;
}

/** The chat that a group has become, where that is why a call was refused. */
export function movedTo(error: unknown): string | undefined {
  const to = error instanceof GrammyError ? error.parameters.migrate_to_chat_id : undefined;
  return to === undefined ? undefined : String(to);
}

/** True where an edit changes nothing: what was wanted is there. */
export function isThereAlready(error: unknown): boolean {
  return hasCode(error, 400) && error.description.includes('message is not modified');
}

/** Why nothing came back: a code of the system, or that it took too long. Never the error's own words. */
function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'no answer';
  const { code, type, name } = error as { code?: unknown; type?: unknown; name?: unknown };
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(code)) return code;
  if (name === 'AbortError' || name === 'TimeoutError' || type === 'aborted') return 'no answer in time';
  if (type === 'invalid-json') return 'what answered is no Bot API server';
  return 'no answer';
}

/** Whom it concerns: the chat as such, not this message. */
const shut =
  /chat not found|deactivated|kicked|blocked|not a member|not enough rights|have no rights|need administrator|write_forbidden|peer_id_invalid|user_is_blocked|restricted/i;
const lost =
  /message to (?:edit|delete|pin|be replied|reply) not found|message can't be (?:edited|deleted)|message_id_invalid|thread not found|topic_(?:deleted|closed|id_invalid)|topic not found/i;
const unknown = /not a forum|not supported|method is available only|file is too big/i;

function ofServer(error: GrammyError): PlatformError {
  // A server that is none of Telegram's may answer without either.
  const { error_code: code, description = '' } = error as { error_code?: number; description?: string };
  const words = `${error.method}: ${description === '' ? 'refused' : description}`;
  const essential = /^(?:sendMessage|editMessageText|getUpdates|getMe)$/.test(error.method);
  if (code === undefined) return new PlatformError(essential ? 'unreachable' : 'unsupported', words);
  if (code === 429) {
    const seconds = error.parameters.retry_after ?? 5;
    return new PlatformError('flood', words, { retryAfterMs: seconds * 1000 });
  }
  if (code === 403) return new PlatformError('forbidden', words);
  if (code === 404) return new PlatformError(essential ? 'unreachable' : 'unsupported', words);
  if (code === 413) return new PlatformError('unsupported', words);
  if (code !== 400) return new PlatformError('unreachable', words);
  if (lost.test(description)) return new PlatformError('gone', words);
  if (unknown.test(description)) return new PlatformError('unsupported', words);
  return new PlatformError(shut.test(description) ? 'forbidden' : 'markup', words);
}
