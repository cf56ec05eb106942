import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { DayshiftError, hasCode } from '../base/index.ts';
import type { Upstream } from './types.ts';

export interface Outbound {
  method: string;
  /** From the upstream's base on, with the query. */
  path: string;
  headers: OutgoingHttpHeaders;
  body: Buffer | undefined;
}

/** The upstream gave no answer. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  /** Whether the whole request had left: then the vendor may have worked on it, and charged. */
  readonly sent: boolean;

  constructor(message: string, sent: boolean, cause: unknown) {
    super(message, { cause });
    this.sent = sent;
  }
}

/** Connections stay open between calls, and between doors: opening one costs two round trips and a handshake. */
const agents = new WeakMap<Upstream, HttpAgent | HttpsAgent>();

/**
 * Sends one request and resolves with the head of the answer; rejects with NoAnswer. Redirects are answers like any
 * other. TLS is verified, with the system's authorities and those of `NODE_EXTRA_CA_CERTS` (which Node reads when the
 * daemon starts). `signal` ends the request, and the answer's stream too.
 */
export async function send(upstream: Upstream, outbound: Outbound, signal: AbortSignal): Promise<IncomingMessage> {
  try {
    return await sendOnce(upstream, outbound, signal);
  } catch (error) {
    // A kept connection that the other side closed at this very moment: the request was not taken. A new one is.
    if (!(error instanceof NoAnswer) || !(error.cause instanceof StaleConnection)) throw error;
    return await sendOnce(upstream, outbound, signal);
  }
}

class StaleConnection extends Error {}

function sendOnce(upstream: Upstream, outbound: Outbound, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const url = new URL(upstream.baseUrl + outbound.path);
    const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = start(url, {
      method: outbound.method,
      headers: outbound.headers,
      agent: agentFor(upstream),
      signal,
    });
    let sent = false;
    request.on('finish', () => {
      sent = true;
    });
    request.on('response', resolve);
    // Stays on for the whole life of the answer: a damaged one is reported here too.
    request.on('error', (error: Error) => {
      const stale = request.reusedSocket && (hasCode(error, 'ECONNRESET') || hasCode(error, 'EPIPE'));
      reject(new NoAnswer(error.message, sent, stale ? new StaleConnection(error.message, { cause: error }) : error));
    });
    request.end(outbound.body);
  });
}

function agentFor(upstream: Upstream): HttpAgent | HttpsAgent {
  const known = agents.get(upstream);
  if (known !== undefined) return known;
  const options = {
    keepAlive: true,
    // An idle connection is given up before most servers and firewalls would cut it.
    timeout: 60_000,
    ...(upstream.proxy === undefined ? {} : { proxyEnv: upstream.proxy }),
  };
  const agent = upstream.baseUrl.startsWith('https:') ? new HttpsAgent(options) : new HttpAgent(options);
  agents.set(upstream, agent);
  return agent;
}

/**
 * Throws where calls could not go the way that the settings ask for: an address that is none, or a proxy under a
 * Node that cannot use one (before 22.21 and 24.5, whose agents have no `proxyEnv`).
 */
export function checkUpstream(upstream: Upstream, nodeVersion: string = process.versions.node): void {
  const url = URL.parse(upstream.baseUrl);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new DayshiftError('usage', 'ANTHROPIC_BASE_URL is not an http(s) address', {
      hint: 'Correct it, or unset it to use the vendor’s own.',
    });
  }
  const proxies = Object.keys(upstream.proxy ?? {}).filter((name) => !/^no_proxy$/i.test(name));
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const able = major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);
  if (proxies.length > 0 && !able) {
    throw new DayshiftError('environment', `${proxies.join(', ')} is set, and Node ${nodeVersion} cannot use a proxy`, {
      hint: 'Use Node 24.5 or newer (or 22.21), or unset it.',
    });
  }
}
