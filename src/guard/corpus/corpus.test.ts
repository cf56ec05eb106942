import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { decide } from '../index.ts';
import { setting } from './setting.ts';

const cases = z.array(
  z.strictObject({ command: z.string(), expect: z.enum(['allow', 'ask', 'deny']), rule: z.string().optional() }),
);
const folder = import.meta.dirname;
const families = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => ({
    family: file.replace('.yaml', ''),
    rows: cases.parse(parse(readFileSync(`${folder}/${file}`, 'utf8'))),
  }));

for (const { family, rows } of families) {
  test.each(rows)(`${family}: $expect $command`, (row) => {
    const decision = decide({ tool: 'Bash', input: { command: row.command }, cwd: setting.workspace }, setting);
    expect({ command: row.command, decision: decision.decision, rule: row.rule ?? decision.rule }).toEqual({
      command: row.command,
      decision: row.expect,
      rule: decision.rule,
    });
    if (decision.decision === 'deny') expect(decision.instead).toMatch(/\S/);
  });
}

test('the corpus has cases enough, and none twice', () => {
  const commands = families.flatMap(({ rows }) => rows.map((row) => row.command));
  expect(commands.length).toBeGreaterThan(250);
  expect(new Set(commands).size).toBe(commands.length);
});
