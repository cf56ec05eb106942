import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { openRig, question, sendStream, streamed } from '../../test/support/door-rig.ts';

const withSearch = { ...question, tools: [{ type: 'web_search_20250305', name: 'web_search', max_uses: 8 }] };

test('a call that sends its provider out into the web is not made, however it is packed and whatever it is for', async () => {
  const rig = await openRig({ upstream: (_, response) => sendStream(response, streamed()) });
  onTestFinished(rig.close);
  const packed = gzipSync(JSON.stringify(withSearch));
  for (const answer of [
    await rig.post('/v1/messages', withSearch),
    await rig.post('/v1/messages?beta=true', packed, { 'content-encoding': 'gzip' }),
    await rig.post('/v1/messages/count_tokens', withSearch),
  ]) {
    expect(answer.status).toBe(400);
    expect(answer.headers['x-should-retry']).toBe('false');
    expect(answer.body).toContain('asks the model’s provider to search the web');
  }
  expect([rig.seen, rig.told.calls, rig.told.settled]).toEqual([[], [], []]);
  expect((await rig.post('/v1/messages', question)).status).toBe(200);
});
