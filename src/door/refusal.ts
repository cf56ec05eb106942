import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { cutEnd } from '../base/index.ts';
import type { EventData } from '../journal/index.ts';

/** What a refusal means, without the call's id. */
export type Refusal = Omit<EventData<'model.refused'>, 'call'>;
type Meaning = Refusal['meaning'];

const errorBodySchema = z.looseObject({
  error: z.looseObject({ type: z.string().catch(''), message: z.string().catch('') }),
});

/** A wait longer than this is no throttle any more: the account's window is used up. */
const longestThrottle = 600;
const longestDetail = 500;

/** The meaning of an answer that is no 2xx. `body` is its text, free of secrets; `now` in ms. */
export function refusalOf(status: number, headers: IncomingHttpHeaders, body: string, now: number): Refusal {
  const error = parseError(body);
  const meaning = meaningOf(status, headers, error, now);
  const reset =
    meaning === 'usage_limit' || meaning === 'rate_limit' ? resetAt(headers, error.message, now) : undefined;
  const words = error.message === '' ? body.trim() : error.message;
  return {
    status,
    meaning,
    detail: cutEnd(words === '' ? `status ${status} without words` : words, longestDetail),
    ...(reset === undefined ? {} : { resetAt: reset }),
  };
}

/** The meaning of an error that came inside an answer that had begun well. */
export function refusalInStream(error: { type: string; message: string }): Refusal {
  return {
    status: null,
    meaning: meaningOfType(error.type) ?? 'server',
    detail: cutEnd(`${error.type}: ${error.message}`, longestDetail),
  };
}

interface ErrorBody {
  type: string;
  message: string;
}

function parseError(body: string): ErrorBody {
  try {
    const parsed = errorBodySchema.safeParse(JSON.parse(body));
    if (parsed.success) return { type: parsed.data.error.type, message: parsed.data.error.message };
  } catch {
    // Not JSON: a proxy's page, say. Its status has to do.
  }
  return { type: '', message: '' };
}

function meaningOf(status: number, headers: IncomingHttpHeaders, error: ErrorBody, now: number): Meaning {
  switch (status) {
    case 401:
      return 'login';
    case 402:
      return 'forbidden';
    case 403:
      // A revoked or foreign token comes as 403: a new login is what helps.
      return /\boauth\b|\btoken\b.*\b(revoked|expired)/i.test(error.message) ? 'login' : 'forbidden';
    case 429:
      if (error.type === 'overloaded_error') return 'overloaded';
      return isUsageLimit(headers, error.message, now) ? 'usage_limit' : 'rate_limit';
    case 529:
      return 'overloaded';
    default:
      break;
  }
  if (status >= 500) return error.type === 'overloaded_error' ? 'overloaded' : 'server';
  // An account without credit is answered with a 400, but no other request would fare better.
  if (error.type === 'billing_error' || /credit balance is too low/i.test(error.message)) return 'forbidden';
  return 'invalid';
}

function meaningOfType(type: string): Meaning | undefined {
  switch (type) {
    case 'authentication_error':
      return 'login';
    case 'permission_error':
    case 'billing_error':
      return 'forbidden';
    case 'rate_limit_error':
      return 'rate_limit';
    case 'overloaded_error':
      return 'overloaded';
    case 'invalid_request_error':
    case 'not_found_error':
    case 'request_too_large':
      return 'invalid';
    default:
      return undefined;
  }
}

function isUsageLimit(headers: IncomingHttpHeaders, message: string, now: number): boolean {
  if (headers['anthropic-ratelimit-unified-status'] === 'rejected') return true;
  if ((retryAfter(headers, now) ?? 0) > longestThrottle) return true;
  return /usage limit/i.test(message);
}

/** When the vendor says that it goes on, as ISO text. */
function resetAt(headers: IncomingHttpHeaders, message: string, now: number): string | undefined {
  const named = headers['anthropic-ratelimit-unified-reset'];
  // Older answers hold the time in their words: "usage limit reached|1763719200".
  const epoch = Number(typeof named === 'string' ? named : /\|(\d{9,11})\b/.exec(message)?.[1]);
  if (isNear(epoch * 1000, now)) return new Date(epoch * 1000).toISOString();
  const seconds = retryAfter(headers, now);
  return seconds === undefined ? undefined : new Date(now + seconds * 1000).toISOString();
}

/** Seconds to wait; the header holds seconds or a date. */
function retryAfter(headers: IncomingHttpHeaders, now: number): number | undefined {
  const value = headers['retry-after'];
  if (value === undefined || value.trim() === '') return undefined;
  const seconds = /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : (Date.parse(value) - now) / 1000;
  return isNear(now + seconds * 1000, now) ? Math.max(0, seconds) : undefined;
}

/** A time that can be meant: no window is longer than a month, and clocks differ by less than a day. */
function isNear(time: number, now: number): boolean {
  const day = 86_400_000;
  return Number.isFinite(time) && time > now - day && time < now + 60 * day;
}
