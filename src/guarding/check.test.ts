import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { checkLines } from './check.ts';
import { linesOf } from './lines.ts';
import { placeFor } from './place.ts';

const place = placeFor({ workspace: '/nowhere/repo', home: '/nowhere/u', from: '/' });

async function check(pieces: (string | Uint8Array)[], jsonl = false) {
  let out = '';
  for await (const text of checkLines(Readable.from(pieces), place, { jsonl })) out += text;
  return out
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { id: unknown; decision: string; rule: string; reason: string });
}

test('each line gets its decision, in order, by its number', async () => {
  const found = await check(['npm test\ngit push\n\ncat /etc/sha', 'dow\r\nls']);
  expect(found.map(({ id, decision, rule }) => `${String(id)} ${decision} ${rule}`)).toEqual([
    '1 allow nothing',
    '2 deny git.write',
    '3 allow nothing',
    '4 deny path.secret',
    '5 allow path.inside',
  ]);
  expect(Object.keys(found[1] ?? {})).toEqual(['id', 'decision', 'rule', 'reason']);
});

test('an object keeps its id, other fields are ignored, and what is no such object is a deny', async () => {
  const lines = [
    { id: 'a', command: 'git push', cwd: '/elsewhere', expect: 'allow' },
    { id: 17, command: 'npm test' },
    { id: null, command: 'npm test' },
    { command: 'git status' },
    { id: 'b' },
    { id: 'c', command: ['git', 'push'] },
    [],
    null,
  ];
  const found = await check([...lines.map((line) => `${JSON.stringify(line)}\n`), 'git status\n', '\n'], true);
  expect(found.map(({ id, decision, rule }) => [id, decision, rule])).toEqual([
    ['a', 'deny', 'git.write'],
    [17, 'allow', 'nothing'],
    [null, 'allow', 'nothing'],
    [4, 'allow', 'git.read'],
    ['b', 'deny', 'input'],
    ['c', 'deny', 'input'],
    [7, 'deny', 'input'],
    [8, 'deny', 'input'],
    [9, 'deny', 'input'],
    [10, 'deny', 'input'],
  ]);
});

test('lines are found whatever the pieces are, and what is there is given at once', async () => {
  const bytes = Buffer.from('echo ä\necho €\n');
  const found: string[][] = [];
  for await (const lines of linesOf(Readable.from([...bytes].map((byte) => Buffer.from([byte]))))) found.push(lines);
  expect(found).toEqual([['echo ä'], ['echo €']]);
  const stream = checkLines(
    (async function* () {
      yield 'ls\n';
      await new Promise(() => undefined); // nothing more comes
    })(),
    place,
    { jsonl: false },
  );
  expect((await stream.next()).value).toContain('"id":1');
});

test('a line without end is judged by its length, not kept', async () => {
  const [huge, next] = await check([...Array.from({ length: 40 }, () => 'x'.repeat(65_536)), '\n', 'ls\n']);
  expect([huge?.decision, huge?.rule, next?.decision]).toEqual(['deny', 'guard.length', 'allow']);
});
