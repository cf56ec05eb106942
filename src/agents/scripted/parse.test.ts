import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { DayshiftError } from '../../base/index.ts';
import { parseScript } from './parse.ts';

function faults(text: string): string {
  try {
    parseScript(text, 'rehearse.yaml');
  } catch (error) {
    if (error instanceof DayshiftError) return error.message;
    throw error;
  }
  return '';
}

test('every fault is told with its place', () => {
  const text = [
    'tasks:',
    '  - task: a',
    '    turns:',
    '      - sya: hello',
    '      - when: x',
    '        then: [{ tools: 7 }]',
    '  - turns: []',
    '',
  ].join('\n');
  expect(faults(text).split('\n')).toEqual([
    expect.stringMatching(/^rehearse\.yaml:4:\d+ {2}tasks\[0\]\.turns\[0\]: .*sya/u),
    expect.stringMatching(/^rehearse\.yaml:6:\d+ {2}tasks\[0\]\.turns\[1\]\.then\[0\]\.tools: /u),
    expect.stringMatching(/^rehearse\.yaml:7:\d+ {2}tasks\[1\]: expected either task or match/u),
  ]);
});

test('broken YAML is told with its place', () => {
  expect(faults('tasks: [\n  {task: a, turns: []}\n')).toMatch(/^rehearse\.yaml:\d+:\d+ {2}/u);
  expect(faults('just words')).toMatch(/^rehearse\.yaml:1:1 {2}the script: /u);
});

test('aliases that unfold without end are refused', () => {
  const lines = ['a: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 9; i += 1)
    lines.push(
      `b${i}: &a${i} [${Array(9)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    );
  expect(faults(lines.join('\n'))).toContain('aliases');
});

test('the examples of the manual are valid', async () => {
  const manual = await readFile(new URL('../../../docs/rehearsing.md', import.meta.url), 'utf8');
  const examples = [...manual.matchAll(/```yaml\n([\s\S]*?)```/gu)].map((match) => match[1] ?? '');
  expect(examples.length).toBeGreaterThan(1);
  for (const example of examples) expect(parseScript(example, 'example').tasks.length).toBeGreaterThan(0);
});
