import { expect, test } from 'vitest';
import { corpusCases } from '../../guarding/corpus.ts';
import { decide } from '../index.ts';
import { setting } from './setting.ts';

const cases = corpusCases();
const families = Map.groupBy(cases, ({ family }) => family);

for (const [family, rows] of families) {
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
  const commands = cases.map(({ command }) => command);
  expect(commands.length).toBeGreaterThan(5000);
  expect(new Set(commands).size).toBe(commands.length);
});
