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

test('every fault is told with its place, what was expected and what was found, and the nearest word', () => {
  const text = [
    'tasks:',
    '  - task: a',
    '    turns:',
    '      - sya: hello',
    '      - when: x',
    '        then: [{ tools: 7 }, { tools: [{ nme: Bash }] }]',
    '      - when: y',
    '        thn: []',
    '      - { delay_ms: soon, error: { status: 20 }, cut: nevr, repeat: 0 }',
    '      - hello',
    '  - turns: []',
    'closng: x',
    '',
  ].join('\n');
  expect(faults(text).split('\n')).toEqual([
    'rehearse.yaml:4:9  tasks[0].turns[0].sya: unknown key: did you mean "say"?',
    'rehearse.yaml:6:25  tasks[0].turns[1].then[0].tools: expected a list, found the number 7',
    expect.stringContaining('rehearse.yaml:6:40  tasks[0].turns[1].then[1].tools[0].name: missing: the tool'),
    'rehearse.yaml:6:42  tasks[0].turns[1].then[1].tools[0].nme: unknown key: did you mean "name"?',
    'rehearse.yaml:7:9  tasks[0].turns[2].then: missing: the turns that follow if it does',
    'rehearse.yaml:8:9  tasks[0].turns[2].thn: unknown key: did you mean "then"?',
    'rehearse.yaml:9:21  tasks[0].turns[3].delay_ms: expected a number, found the string "soon"',
    'rehearse.yaml:9:44  tasks[0].turns[3].error.status: expected at least 400, found the number 20',
    'rehearse.yaml:9:55  tasks[0].turns[3].cut: expected a number of times, true or always, found the string "nevr"',
    'rehearse.yaml:9:69  tasks[0].turns[3].repeat: expected at least 1, found the number 0',
    'rehearse.yaml:10:9  tasks[0].turns[4]: expected a mapping, found the string "hello"',
    'rehearse.yaml:11:5  tasks[1]: expected either task or match, found a mapping with turns',
    'rehearse.yaml:12:1  closng: unknown key: did you mean "closing"?',
  ]);
});

test('broken YAML is told with its place', () => {
  expect(faults('tasks: [\n  {task: a, turns: []}\n')).toMatch(/^rehearse\.yaml:\d+:\d+ {2}/u);
  expect(faults('just words')).toBe('rehearse.yaml:1:1  expected a mapping, found the string "just words"');
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
