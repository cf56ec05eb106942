import fc from 'fast-check';
import { expect, test } from 'vitest';
import { streamMeter } from './meter.ts';
import { redactor } from './redact.ts';
import { spreadOf } from './spread.ts';

const secret = 'sk-ant-api03-Abc_DEF-ghi123-sk-ant-0987654321xyzAA';

const sse = (type: string, data: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
const delta = (text: string, kind = 'text') =>
  sse('content_block_delta', { index: 0, delta: { type: `${kind}_delta`, [kind]: text } });
const ping = sse('ping', {});

/** What passes of a stream that comes in these pieces, and how much was held at the worst. */
function passed(pieces: Buffer[]) {
  const spread = spreadOf([secret]);
  const filter = redactor([secret]);
  const meter = streamMeter((data) => spread.delta(data));
  const out: Buffer[] = [];
  for (const piece of pieces) {
    meter.push(piece);
    out.push(spread.clean(filter.push(piece)));
  }
  out.push(spread.clean(filter.flush()), spread.flush());
  return Buffer.concat(out).toString();
}

/** The words as the client puts them together. */
function wordsOf(stream: string): string {
  return stream
    .split('\n')
    .filter((line) => line.startsWith('data:') && line.includes('content_block_delta'))
    .map((line) => (JSON.parse(line.slice(5)) as { delta: { text?: string; partial_json?: string } }).delta)
    .map(({ text, partial_json: json }) => text ?? json ?? '')
    .join('');
}

function cut(text: string, at: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text);
  const ends = [...new Set(at.map((one) => one % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...ends].map((from, index) => bytes.subarray(from, ends[index] ?? bytes.length));
}

const cuts = fc.array(fc.nat(100_000), { maxLength: 30 });
/** Words, cut into deltas of so many letters. */
const deltas = (words: string, sizes: readonly number[]): string[] => {
  const out: string[] = [];
  let at = 0;
  for (let n = 0; at < words.length; n += 1) {
    const size = 1 + ((sizes[n % sizes.length] ?? 1) % 12);
    out.push(words.slice(at, at + size));
    at += size;
  }
  return out;
};

test('a secret that is spread over events does not pass, however words and bytes are cut', () => {
  const around = fc.array(
    fc.constantFrom('The key is ', 'sk', 's', ' ', 'sk-ant-', 'ü"\\\n', secret.slice(0, 30), 'xyzAA', '.'),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(
      around,
      around,
      fc.array(fc.nat(11), { minLength: 1, maxLength: 6 }),
      cuts,
      (before, after, sizes, at) => {
        const words = `${before.join('')}${secret}${after.join('')}`;
        const stream = deltas(words, sizes)
          .map((text, n) => (n % 5 === 4 ? `${ping}: comment\n${delta(text)}` : delta(text)))
          .join('');
        const out = wordsOf(passed(cut(stream, at)));
        // Its first letters, which all keys have, may have gone before it was known.
        expect(out).not.toContain(secret.slice(8));
        expect(out).toContain('[removed]');
        expect(out.startsWith(before.join(''))).toBe(true);
        expect(out.endsWith(after.join(''))).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});

test('what only looks like it passes as it came, byte for byte', () => {
  const piece = fc.constantFrom(
    'sk-ant-api03-Abc_DEF-ghi12',
    secret.slice(0, -1),
    secret.slice(1),
    's',
    'sk-ant-api0',
    ' words ',
    'AA',
    'ü"\\\n\u2028',
  );
  const event = fc.oneof(
    piece.map((text) => delta(text)),
    piece.map((text) => delta(text, 'partial_json')),
    fc.constantFrom(ping, sse('content_block_stop', { index: 0 }), sse('message_stop', {})),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 12 }), cuts, (events, at) => {
      const stream = events.join('');
      if (wordsOf(stream).includes(secret.slice(8))) return;
      expect(passed(cut(stream, at))).toBe(stream);
    }),
    { numRuns: 500 },
  );
});

test('it is found in a tool’s input too, with spaces in the JSON, and across a ping', () => {
  const spaced = (text: string) =>
    `event: content_block_delta\ndata: {"type": "content_block_delta", "delta": {"type": "text_delta", "text": "${text}"}}\n\n`;
  for (const make of [(text: string) => delta(text, 'partial_json'), spaced]) {
    const stream = [make(`x ${secret.slice(0, 20)}`), ping, make(secret.slice(20, 40)), make(`${secret.slice(40)} y`)];
    const words = wordsOf(passed(stream.map((event) => Buffer.from(event))));
    expect(words).toBe('x sk-ant-a[removed] y'.replace('sk-ant-a', secret.slice(0, 8)));
  }
});

test('what cannot become the secret is not held, and of what can no more than its letters', () => {
  const spread = spreadOf([secret]);
  const meter = streamMeter((data) => spread.delta(data));
  const push = (text: string) => {
    const bytes = Buffer.from(text);
    meter.push(bytes);
    return spread.clean(bytes).toString();
  };
  expect(push(delta('This passes'))).toBe(delta('This passes'));
  expect(push(delta('so does this s'))).toBe(delta('so does this s'));
  expect(push(delta('k-ant'))).toBe(delta('k-ant'));
  const first = delta('-api03-Abc');
  expect(push(first)).toBe(first.slice(0, first.indexOf('pi03')));
  expect(push(delta('-nothing more'))).toBe(first.slice(first.indexOf('pi03')) + delta('-nothing more'));
  expect(push(delta('and on'))).toBe(delta('and on'));
});
