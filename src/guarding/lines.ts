import { StringDecoder } from 'node:string_decoder';

/** Longer lines are cut here, in UTF-16 units: far more than any command that is still judged. */
const longest = 1_000_000;

export type Chunks = AsyncIterable<Uint8Array | string>;

/**
 * The lines of a stream, chunk by chunk: those of one chunk as soon as it is there. Without their newline and a
 * carriage return before it; a last line needs none.
 */
export async function* linesOf(chunks: Chunks): AsyncGenerator<string[]> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of chunks) {
    const text = typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk));
    const lines = text.split('\n');
    lines[0] = (rest + (lines[0] ?? '')).slice(0, longest);
    rest = (lines.pop() ?? '').slice(0, longest);
    if (lines.length > 0) yield lines.map(trimmed);
  }
  rest += decoder.end();
  if (rest !== '') yield [trimmed(rest)];
}

const trimmed = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);
