import { Agent as HttpAgent, request as plain } from 'node:http';
import { Agent as HttpsAgent, request as tls } from 'node:https';
import { text } from 'node:stream/consumers';
import { checkProxy } from '../base/index.ts';

/** A server has so long, in ms, to answer. */
const LONGEST_MS = 10_000;

/** What a server answered: the status, and the JSON where it was some. */
export interface Said {
  status: number;
  body: Record<string, unknown>;
}

/** Asks a chat server, through the proxy that config names. Rejects where nothing answers, in words without the address, which may hold a token. */
export async function askServer(
  url: string,
  options: { headers?: Record<string, string>; proxy?: string | undefined; setting: string },
): Promise<Said> {
  const { headers = {}, proxy, setting } = options;
  if (proxy !== undefined) checkProxy(proxy, setting);
  const settings = proxy === undefined ? {} : { proxyEnv: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } };
  const isTls = url.startsWith('https:');
  const agent = isTls ? new HttpsAgent(settings) : new HttpAgent(settings);
  const signal = AbortSignal.timeout(LONGEST_MS);
  try {
    return await new Promise<Said>((resolve, reject) => {
      const sent = (isTls ? tls : plain)(url, { headers, agent, signal }, (response) => {
        text(response).then((said) => resolve({ status: response.statusCode ?? 0, body: objectOf(said) }), reject);
      });
      sent.on('error', reject);
      sent.end();
    });
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    const why = signal.aborted ? 'no answer within 10 s' : typeof code === 'string' ? code : 'the connection broke';
    throw new Error(why, { cause: undefined });
  } finally {
    agent.destroy();
  }
}

function objectOf(said: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(said);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
