import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';

export interface RelayOptions {
  /** Sees every piece as it comes, before it goes on. */
  onChunk(chunk: Buffer): void;
  /** What goes on in its place. */
  clean(chunk: Buffer): Buffer;
  /** What is still held back when the source ends well. */
  rest(): Buffer;
}

/**
 * Passes bytes on as they come, no faster than the client takes them. Resolves with true when the source ended well,
 * with false when it was cut. `outgoing` is left open: the caller lets the client see which of the two it was. Never
 * rejects.
 */
export function relay(source: Readable, outgoing: ServerResponse, options: RelayOptions): Promise<boolean> {
  return new Promise((resolve) => {
    let ended = false;
    source.on('data', (chunk: Buffer) => {
      options.onChunk(chunk);
      const bytes = options.clean(chunk);
      if (bytes.length === 0 || outgoing.destroyed) return;
      if (!outgoing.write(bytes)) source.pause();
    });
    outgoing.on('drain', () => source.resume());
    source.on('end', () => {
      ended = true;
      const rest = options.rest();
      if (rest.length > 0 && !outgoing.destroyed) outgoing.write(rest);
      resolve(true);
    });
    source.on('error', () => resolve(false));
    source.on('close', () => {
      if (!ended) resolve(false);
    });
  });
}
