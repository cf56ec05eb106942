import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { keeps } from './transcript.ts';

let cli = '';
let folder = '';

beforeEach(() => {
  cli = mkdtempSync(join(tmpdir(), 'dayshift-transcript-'));
  onTestFinished(() => rmSync(cli, { recursive: true }));
  folder = join(cli, 'projects', '-checkout');
  mkdirSync(join(folder, 's1', 'subagents'), { recursive: true });
});

const line = (id: string) => `${JSON.stringify({ type: 'assistant', message: { id, content: [] } })}\n`;

test('answers are kept once they stand in the session’s files, a subagent’s in its own', async () => {
  const main = join(folder, 's1.jsonl');
  writeFileSync(main, line('msg_1'));
  writeFileSync(join(folder, 's2.jsonl'), line('msg_3'));
  expect(await keeps(cli, 's1', ['msg_1'])).toBe(true);
  expect(await keeps(cli, 's1', ['msg_1', 'msg_2'])).toBe(false);
  writeFileSync(join(folder, 's1', 'subagents', 'agent-a.jsonl'), line('msg_2'));
  expect(await keeps(cli, 's1', ['msg_1', 'msg_2'])).toBe(true);
  expect(await keeps(cli, 's1', ['msg_3'])).toBe(false);
  expect(await keeps(cli, 's1', ['msg'])).toBe(false);
  writeFileSync(main, `${'x'.repeat(5_000_000)}\n${line('msg_4')}`);
  expect(await keeps(cli, 's1', ['msg_4'])).toBe(true);
});

test('whatever the agent made of its files, nothing is kept there and nothing throws', async () => {
  expect(await keeps(cli, 's1', ['msg_1'])).toBe(false);
  expect(await keeps(join(cli, 'nowhere'), 's1', ['msg_1'])).toBe(false);
  writeFileSync(join(cli, 'elsewhere'), line('msg_1'));
  symlinkSync(join(cli, 'elsewhere'), join(folder, 's1.jsonl'));
  expect(await keeps(cli, 's1', ['msg_1'])).toBe(false);
  rmSync(join(folder, 's1.jsonl'));
  mkdirSync(join(folder, 's1.jsonl'));
  expect(await keeps(cli, 's1', ['msg_1'])).toBe(false);
});
