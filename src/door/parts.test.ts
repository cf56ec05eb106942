import fc from 'fast-check';
import { expect, test } from 'vitest';
import { streamed, streamedTokens } from '../../test/support/door-rig.ts';
import { readCall } from './call.ts';
import { jsonMeter, streamMeter } from './meter.ts';
import { redactor, redactText } from './redact.ts';
import { checkUpstream } from './send.ts';
import { sseReader } from './sse.ts';
import { tokensOf } from './usage.ts';

/** `bytes` in pieces, cut at `cuts`. */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...at, bytes.length].map((end, i) => bytes.subarray(at[i - 1] ?? 0, end));
}

const cuts = fc.array(fc.nat(5000), { maxLength: 60 });

test('events are the same however their bytes are cut, with LF or CRLF', () => {
  const text =
    ': hi\n\nevent: a\ndata: {"ü":1}\nid: 7\n\ndata:x\ndata: y\n\nevent\ndata\n\nevent: lost\n\ndata: never ended\n';
  fc.assert(
    fc.property(cuts, fc.boolean(), (at, crlf) => {
      const seen: [string, string][] = [];
      const read = sseReader((name, data) => seen.push([name, data.toString()]));
      for (const piece of pieces(Buffer.from(crlf ? text.replaceAll('\n', '\r\n') : text), at)) read(piece);
      expect(seen).toEqual([
        ['a', '{"ü":1}'],
        ['', 'x\ny'],
        ['', ''],
      ]);
    }),
  );
});

test('a stream is counted the same however it is cut, and without event names', () => {
  fc.assert(
    fc.property(cuts, fc.boolean(), fc.boolean(), (at, named, crlf) => {
      const meter = streamMeter();
      let text = named ? streamed() : streamed().replaceAll(/^event: .*\n/gm, '');
      if (crlf) text = text.replaceAll('\n', '\r\n');
      for (const piece of pieces(Buffer.from(text), at)) meter.push(piece);
      expect(meter.reading).toMatchObject({ begun: true, final: true, whole: true, message: 'msg_1' });
      expect(tokensOf(meter.reading.usage)).toEqual(streamedTokens);
    }),
  );
});

test('no bytes make a meter fail', () => {
  const odd = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc
      .json()
      .map((json) => Buffer.from(`event: message_start\ndata: ${json}\n\nevent: message_delta\ndata: ${json}\n\n`)),
    fc.json().map((json) => Buffer.from(json)),
    fc
      .record({
        type: fc.constantFrom('message_start', 'message_delta', 'error'),
        message: fc.anything(),
        usage: fc.anything(),
      })
      .map((event) =>
        Buffer.from(
          `data: ${JSON.stringify(event, (_, value: unknown) => (typeof value === 'bigint' ? 1 : value))}\n\n`,
        ),
      ),
  );
  fc.assert(
    fc.property(fc.array(odd, { maxLength: 5 }), (chunks) => {
      for (const meter of [streamMeter(), jsonMeter()]) {
        for (const chunk of chunks) meter.push(chunk);
        meter.end();
        for (const tokens of Object.values(tokensOf(meter.reading.usage))) expect(tokens).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

test('the last word on each field of the usage counts, and the tiers of a sum that has none', () => {
  const meter = streamMeter();
  meter.push(
    Buffer.from(
      [
        'data: {"type":"message_start","message":{"id":"m","usage":{"input_tokens":5,"cache_creation_input_tokens":50,"output_tokens":1}}}',
        'data: {"type":"message_delta","delta":{},"usage":{"output_tokens":10}}',
        'data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":20,"input_tokens":null,"server_tool_use":{"web_search_requests":2}}}',
        '',
      ].join('\n\n'),
    ),
  );
  expect(tokensOf(meter.reading.usage)).toEqual({
    input: 5,
    output: 20,
    cacheWrite5m: 50,
    cacheWrite1h: 0,
    cacheRead: 0,
  });
  expect(meter.reading.usage.webSearches).toBe(2);
});

test('secrets vanish from bytes however they are cut, and nothing else does', () => {
  const secrets = ['sk-secret', 'aab'];
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('sk-secret', 'aab', 'a', 'aa', 'sk-', 'sk-secre', 'x', 'ü'), { maxLength: 30 }),
      cuts,
      (words, at) => {
        const text = words.join('');
        const filter = redactor(secrets);
        const out = [...pieces(Buffer.from(text), at).map((piece) => filter.push(piece)), filter.flush()];
        const result = Buffer.concat(out).toString();
        expect(result).toBe(redactText(text, secrets));
        for (const secret of secrets) expect(result).not.toContain(secret);
      },
    ),
  );
});

test('a proxy under a Node that cannot use one is said, not passed by in silence', () => {
  const upstream = {
    baseUrl: 'https://api.anthropic.com',
    credential: undefined,
    proxy: { HTTPS_PROXY: 'http://p:1' },
  };
  expect(() => checkUpstream(upstream, '22.18.0')).toThrow('HTTPS_PROXY is set, and Node 22.18.0 cannot use a proxy');
  for (const version of ['22.21.0', '24.5.0', '26.0.0']) checkUpstream(upstream, version);
  checkUpstream({ ...upstream, proxy: { NO_PROXY: '*' } }, '22.18.0');
});

test('a request is read the same at a glance and whole', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('"max_tokens":7,', '\\"stream":false}', '","max_tokens":1}'));
  const request = fc.record({
    model: text.filter((name) => name !== '' && name.length < 300),
    messages: fc.array(fc.record({ role: text, content: text }), { maxLength: 5 }),
    metadata: fc.record({ user_id: text }),
    max_tokens: fc.nat(100_000),
    stream: fc.boolean(),
  });
  fc.assert(
    fc.property(request, fc.boolean(), (call, odd) => {
      // In another order or with spaces it is parsed as a whole.
      const { model, ...rest } = call;
      const body = Buffer.from(odd ? JSON.stringify({ ...rest, model }, null, 1) : JSON.stringify(call));
      expect(readCall(body)).toEqual({ model: call.model, maxTokens: call.max_tokens, stream: call.stream });
    }),
  );
});
