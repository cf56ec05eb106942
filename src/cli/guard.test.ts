import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { call, newFolder } from './testing.ts';

test('guard check needs no home and no folder that exists, and exits 0 whatever it reads', async () => {
  const stdin = () => Readable.from(['git push\ncurl https://api.example.test/x\ncat ~/notes\n']);
  const where = ['--workspace', '/nowhere/repo', '--cwd', '/nowhere/repo/src', '--home', '/nowhere/u'];
  const { code, out, err } = await call(['guard', 'check', ...where, '--egress', 'api.example.test, b.test'], {
    stdin,
    cwd: await newFolder(),
  });
  expect([code, err]).toEqual([0, '']);
  const lines = out.split('\n').slice(0, -1);
  expect(lines.map((line) => (JSON.parse(line) as { decision: string }).decision)).toEqual(['deny', 'allow', 'deny']);
  expect(out).toContain('/nowhere/u/notes');
});
