import { expect, test } from 'vitest';
import { createFuzzer, faultOf } from './corpus/mutate.ts';
import { setting } from './corpus/setting.ts';
import { decide } from './index.ts';
import { corpusCases } from '../guarding/corpus.ts';

const corpus = corpusCases().map(({ command }) => command);

test('50,000 mixed-up inputs: none breaks the guard, and no marked command is allowed', { timeout: 120_000 }, () => {
  const next = createFuzzer(20_261_126, corpus);
  for (let i = 0; i < 50_000; i += 1) {
    const input = next();
    const answer = decide({ tool: 'Bash', input: { command: input.command }, cwd: setting.workspace }, setting);
    const fault = faultOf(input, answer);
    if (fault !== undefined) expect({ ...input, fault, answer }).toBeUndefined();
  }
});
