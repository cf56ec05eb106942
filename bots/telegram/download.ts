import { get as httpGet, type Agent, type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import type { Clock } from '../../src/base/index.ts';
import { PlatformError } from '../chat/index.ts';

/** A download may take so long, in ms. */
const LONGEST_MS = 120_000;

/**
 * Fetches a file from the Bot API server, at most so many bytes. The address holds the bot's token: it stands in no error.
 * Rejects with PlatformError only.
 */
export async function download(
  url: string,
  mostBytes: number,
  via: { agent: Agent | undefined; clock: Clock },
): Promise<Uint8Array> {
  if (!/^https?:/.test(url))
    throw new PlatformError('unsupported', 'the Bot API server keeps files on its own disk: they cannot be fetched');
  const controller = new AbortController();
  const cancel = via.clock.after(LONGEST_MS, () => controller.abort());
  try {
    const response = await open(url, { signal: controller.signal, ...(via.agent === undefined ? {} : via) });
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of response) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
      if (length > mostBytes) throw new PlatformError('unsupported', 'the file is too large');
    }
    return Buffer.concat(chunks);
  } catch (error) {
    if (error instanceof PlatformError) throw error;
    throw new PlatformError('unreachable', 'the file could not be fetched: the connection broke');
  } finally {
    cancel();
    controller.abort();
  }
}

function open(url: string, options: { signal: AbortSignal; agent?: Agent | undefined }): Promise<IncomingMessage> {
  const get = url.startsWith('https:') ? httpsGet : httpGet;
  const { signal, agent } = options;
  return new Promise((resolve, reject) => {
    const request = get(url, { signal, ...(agent === undefined ? {} : { agent }) }, (response) => {
      if (response.statusCode === 200) resolve(response);
      else {
        response.resume();
        reject(new PlatformError('gone', `the server does not give the file (${response.statusCode ?? 0})`));
      }
    });
    request.on('error', reject);
  });
}
