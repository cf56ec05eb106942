import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Whether what a client shows is this door's token; takes the same time whatever is shown. */
export type IsToken = (shown: string | undefined) => boolean;

/** Throws for an empty token, which everybody would have. */
export function isToken(token: string): IsToken {
  if (token === '') throw new Error('a door’s token is never empty');
  const own = digest(token);
  // Digests are of one length, so that not even the token's shows.
  return (shown) => timingSafeEqual(digest(shown ?? ''), own);
}

/** What a client of the door itself shows: `x-dayshift-token`, `x-api-key` or `Authorization: Bearer`, the first of them that is there. */
export function shownToken(headers: IncomingHttpHeaders): string | undefined {
  return one(headers['x-dayshift-token']) ?? one(headers['x-api-key']) ?? after('Bearer ', headers.authorization);
}

/** What a client of the proxy shows: the password of `Proxy-Authorization: Basic`. */
export function proxyPassword(headers: IncomingHttpHeaders): string | undefined {
  const basic = after('Basic ', headers['proxy-authorization']);
  if (basic === undefined) return undefined;
  const both = Buffer.from(basic, 'base64').toString();
  const colon = both.indexOf(':');
  return colon < 0 ? undefined : both.slice(colon + 1);
}

function one(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0];
}

/** Schemes are written in any case (RFC 9110, 11.1). */
function after(scheme: string, header: string | undefined): string | undefined {
  if (header?.slice(0, scheme.length).toLowerCase() !== scheme.toLowerCase()) return undefined;
  return header.slice(scheme.length).trim();
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
