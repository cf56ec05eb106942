import type { Duplex } from 'node:stream';

/** Longest head of an answer that is read, in bytes. */
const longestHead = 16_384;

/**
 * Reads from `source` until `enough` says so, and gives back what it said. What was read stays in front of the stream for
 * the next reader. Rejects where the stream ends or fails before.
 */
export function readUntil<T>(source: Duplex, enough: (bytes: Buffer) => T | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const onData = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk]);
      let found: T | undefined;
      try {
        found = enough(bytes);
      } catch (error) {
        stop();
        reject(error instanceof Error ? error : new Error(String(error)));
        return;
      }
      if (found === undefined) return;
      stop();
      source.unshift(bytes);
      resolve(found);
    };
    const onEnd = (): void => {
      stop();
      reject(new Error('it ended too early'));
    };
    const stop = (): void => {
      source.pause();
      source.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onEnd);
    };
    source.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onEnd);
    source.resume();
  });
}

/** The head of an HTTP answer, with its last empty line; only what follows it stays in front of the stream. */
export async function readHead(source: Duplex): Promise<string> {
  const length = await readUntil(source, (bytes) => {
    const end = bytes.indexOf('\r\n\r\n');
    if (end >= 0) return end + 4;
    if (bytes.length > longestHead) throw new Error('its answer has no end');
    return undefined;
  });
  const head = source.read(length) as Buffer;
  return head.toString('latin1');
}
