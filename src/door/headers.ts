import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { redactText } from './redact.ts';
import type { Upstream } from './types.ts';

/** Hop by hop: meant for the next machine only (RFC 9110, 7.6.1), and what the sender of the next hop sets itself. */
const ownOfTheHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
]);

/** What an agent must not say in the daemon's name. */
const neverFromTheAgent = new Set([
  'host',
  'expect',
  'x-dayshift-token',
  'x-api-key',
  'authorization',
  'cookie',
  'accept-encoding',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
]);

/** The headers of a request on its way out: the agent's own without its credentials, and the real credential. */
export function requestHeaders(
  incoming: IncomingHttpHeaders,
  upstream: Upstream,
  bodyLength: number | undefined,
): OutgoingHttpHeaders {
  const headers = without(incoming, neverFromTheAgent);
  // The answer must be readable as it passes: its usage is counted.
  headers['accept-encoding'] = 'identity';
  if (bodyLength !== undefined) headers['content-length'] = bodyLength;
  const { credential } = upstream;
  if (credential !== undefined) {
    const scheme = credential.scheme ?? (credential.kind === 'oauth' ? 'bearer' : 'x-api-key');
    if (scheme === 'bearer') headers.authorization = `Bearer ${credential.secret}`;
    else headers['x-api-key'] = credential.secret;
  }
  return headers;
}

const neverToTheAgent = new Set(['set-cookie', 'content-encoding', 'alt-svc', 'location']);

/** The headers of an answer on its way in. */
export function responseHeaders(incoming: IncomingHttpHeaders, secrets: readonly string[]): OutgoingHttpHeaders {
  const headers = without(incoming, neverToTheAgent);
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') headers[name] = redactText(value, secrets);
  }
  return headers;
}

function without(incoming: IncomingHttpHeaders, names: ReadonlySet<string>): OutgoingHttpHeaders {
  const alsoHopByHop = (incoming.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const headers: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(incoming)) {
    if (value === undefined || ownOfTheHop.has(name) || names.has(name) || alsoHopByHop.includes(name)) continue;
    headers[name] = value;
  }
  return headers;
}
