import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';

export interface RelayOptions {
  /** Sees every piece as it comes, before it goes on. */
  onChunk: (chunk: Buffer) => void;
  /** What goes on in its place. */
  clean: (chunk: Buffer) => Buffer;
  /** What is still held back when the source ends well. */
  rest: () => Buffer;
}

/**
 * Passes bytes on as they come, no faster than the client takes them. Resolves with true when the source ended well,
 * with false when it was cut. `outgoing` is left open: the caller lets the client see which of the two it was. Never
 * rejects.
 */
export function relay(source: Readable, outgoing: ServerResponse, options: RelayOptions): Promise<boolean> {
  return new Promise((resolve) => {
    let pieces: Buffer[] = [];
    let ended = false;

    // A model sends each word as a piece of its own. Those that came with one read go on with one write: no later,
    // and at a fraction of the work.
    function passOn(): void {
      if (pieces.length === 0) return;
      const chunk = pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(pieces);
      pieces = [];
      options.onChunk(chunk);
      const bytes = options.clean(chunk);
      if (bytes.length > 0 && !outgoing.destroyed && !outgoing.write(bytes)) source.pause();
    }

    source.on('data', (chunk: Buffer) => {
      if (pieces.push(chunk) === 1) process.nextTick(passOn);
    });
    outgoing.on('drain', () => source.resume());
    source.on('end', () => {
      ended = true;
      passOn();
      const rest = options.rest();
      if (rest.length > 0 && !outgoing.destroyed) outgoing.write(rest);
      resolve(true);
    });
    const cut = (): void => {
      if (ended) return;
      passOn();
      resolve(false);
    };
    source.on('error', cut);
    source.on('close', cut);
  });
}
