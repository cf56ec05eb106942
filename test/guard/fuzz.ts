/**
 * The guard under many mixed-up inputs: `npm run guard:fuzz [-- --inputs N] [--seed N]` (5 million by default: four minutes of a core to itself). Prints the
 * first faults and exits 1 where there is one.
 */
import { parseArgs } from 'node:util';
import { createFuzzer, faultOf } from '../../src/guard/corpus/mutate.ts';
import { setting } from '../../src/guard/corpus/setting.ts';
import { decide } from '../../src/guard/index.ts';
import { corpusCases } from '../../src/guarding/corpus.ts';

const { values } = parseArgs({
  options: { inputs: { type: 'string', default: '5000000' }, seed: { type: 'string', default: '1' } },
});
const corpus = corpusCases().map(({ command }) => command);
const next = createFuzzer(Number(values.seed), corpus);
const total = Number(values.inputs);
const started = performance.now();
let marked = 0;
let faults = 0;
let slowest = 0;
for (let i = 0; i < total && faults < 20; i += 1) {
  const input = next();
  const before = performance.now();
  const answer = decide({ tool: 'Bash', input: { command: input.command }, cwd: setting.workspace }, setting);
  slowest = Math.max(slowest, performance.now() - before);
  marked += input.marked ? 1 : 0;
  const fault = faultOf(input, answer);
  if (fault === undefined) continue;
  faults += 1;
  console.log(fault, JSON.stringify(input.command), answer.rule);
}
const seconds = (performance.now() - started) / 1000;
console.log(
  `${total} inputs (${marked} marked), ${faults} faults, ${seconds.toFixed(0)} s, slowest ${slowest.toFixed(1)} ms`,
);
process.exitCode = faults > 0 ? 1 : 0;
