import { PlatformError } from '../chat/index.ts';
import type { Way } from './way.ts';

/** Where Discord keeps what people send. */
const HOSTS = ['cdn.discordapp.com', 'media.discordapp.net'];
const TIMEOUT_MS = 60_000;

/** Reads an attachment by its address, of Discord's own hosts alone. Rejects past `most` bytes, without reading on. */
export async function fetchAttachment(
  address: string,
  { way, root, most }: { way: Pick<Way, 'through' | 'back'>; root: string; most: number },
): Promise<Uint8Array> {
  const url = new URL(address);
  const own = new URL(way.back(root));
  if (!(url.protocol === 'https:' && HOSTS.includes(url.hostname)) && url.origin !== own.origin)
    throw new PlatformError('forbidden', 'the file is not on Discord');
  const answer = await fetch(way.through(url.href), { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
  if (answer.status === 404 || answer.status === 403) throw new PlatformError('gone', 'the file is no more on Discord');
  if (!answer.ok || answer.body === null) throw new PlatformError('unreachable', `the file: ${answer.status}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > most) throw new PlatformError('unsupported', 'the file is too large');
  }
  return Buffer.concat(chunks);
}
