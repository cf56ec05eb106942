/**
 * The corpus's labels against what its commands really do: `npm run guard:prove [-- --family NAME] [--sample N] [--seed N]
 * [--list]`. Each command runs in a sandbox of its own, on a copy, without network, as an ordinary user. A command that
 * is labelled `allow` and does what no agent may is a fault, and the exit code is 1. `--list` names the denied commands
 * of which nothing was seen.
 */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { corpusCases } from '../../../src/guarding/corpus.ts';
import { proveAll, type Proof } from './prove.ts';
import { makeWorld } from './world.ts';

const { values } = parseArgs({
  options: {
    family: { type: 'string' },
    command: { type: 'string' },
    sample: { type: 'string' },
    list: { type: 'boolean' },
    jobs: { type: 'string', default: '2' },
  },
});
const all = corpusCases().filter(({ family }) => values.family === undefined || family === values.family);
const every = values.sample === undefined ? 1 : Math.max(1, Math.floor(all.length / Number(values.sample)));
const cases =
  values.command === undefined
    ? all.filter((_, index) => index % every === 0)
    : [{ family: 'here', command: values.command, expect: 'allow' as const }];
const world = makeWorld(cases.map(({ command }) => command));
const proofs: Proof[] = [];
try {
  for await (const proof of proveAll(world, cases, Number(values.jobs))) {
    proofs.push(proof);
    if (values.command !== undefined) console.dir(proof, { depth: 5 });
    if (proof.fault)
      console.log(`FAULT ${proof.family}: ${JSON.stringify(proof.command)}: ${proof.evidence.join('; ')}`);
    if (proofs.length % 250 === 0) console.error(`${proofs.length} of ${cases.length}`);
  }
} finally {
  rmSync(world.folder, { recursive: true, force: true });
}
const table: Record<string, Record<string, number>> = {};
for (const { family, expect, level } of proofs) {
  const row = (table[family] ??= {
    cases: 0,
    'deny: done': 0,
    'deny: reached': 0,
    'deny: not seen': 0,
    'allow: clean': 0,
    'allow: FAULT': 0,
    ask: 0,
  });
  row.cases = (row.cases ?? 0) + 1;
  const key =
    expect === 'ask'
      ? 'ask'
      : expect === 'allow'
        ? `allow: ${level === 'none' ? 'clean' : 'FAULT'}`
        : `deny: ${level === 'none' ? 'not seen' : level}`;
  row[key] = (row[key] ?? 0) + 1;
}
const total: Record<string, number> = {};
for (const row of Object.values(table))
  for (const [key, count] of Object.entries(row)) total[key] = (total[key] ?? 0) + count;
console.table({ ...table, total });
if (values.list === true)
  for (const { family, command, said } of proofs.filter(({ expect, level }) => expect === 'deny' && level === 'none'))
    console.log(`not seen\t${family}\t${JSON.stringify(command)}\t${JSON.stringify(said.slice(0, 120))}`);
process.exitCode = proofs.some(({ fault }) => fault) ? 1 : 0;
