import type { IncomingMessage } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import { promisify } from 'node:util';
import { brotliDecompress, createBrotliDecompress, createGunzip, createInflate, gunzip, inflate } from 'node:zlib';

/** A body that is longer than allowed. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/** The whole body, at most `limit` bytes: rejects with TooLarge past it, and where the other side goes away. */
export function readBody(stream: Readable, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let ended = false;
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        chunks.length = 0;
        reject(new TooLarge(`more than ${limit} bytes`));
        return;
      }
      chunks.push(chunk);
    });
    stream.on('end', () => {
      ended = true;
      resolve(chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks));
    });
    stream.on('error', reject);
    stream.on('close', () => {
      if (!ended) reject(new Error('the body was cut'));
    });
  });
}

const unpackers = { gzip: promisify(gunzip), deflate: promisify(inflate), br: promisify(brotliDecompress) };

/** `body` without its `content-encoding`. Rejects on an unknown encoding, damaged data, and (TooLarge) past `limit`. */
export async function unpacked(body: Buffer, encoding: string | undefined, limit: number): Promise<Buffer> {
  const name = plainEncoding(encoding);
  if (name === 'identity') return body;
  if (name === undefined) throw new Error('its encoding is not known');
  try {
    return await unpackers[name](body, { maxOutputLength: limit });
  } catch (cause) {
    if (cause instanceof RangeError) throw new TooLarge(`more than ${limit} bytes unpacked`, { cause });
    throw cause;
  }
}

/** The stream of an answer without its `content-encoding`; undefined where the encoding is not known. */
export function unpackedStream(response: IncomingMessage): Readable | undefined {
  switch (plainEncoding(response.headers['content-encoding'])) {
    case 'identity':
      return response;
    case 'gzip':
      return through(response, createGunzip());
    case 'deflate':
      return through(response, createInflate());
    case 'br':
      return through(response, createBrotliDecompress());
    default:
      return undefined;
  }
}

function through(response: IncomingMessage, unpacker: Transform): Readable {
  response.on('error', (error) => unpacker.destroy(error));
  return response.pipe(unpacker);
}

function plainEncoding(encoding: string | undefined): 'identity' | keyof typeof unpackers | undefined {
  const name = (encoding ?? '').trim().toLowerCase();
  if (name === '' || name === 'identity') return 'identity';
  if (name === 'x-gzip') return 'gzip';
  return name === 'gzip' || name === 'deflate' || name === 'br' ? name : undefined;
}
