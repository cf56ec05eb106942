/**
 * The corpus's labels against what its commands really do: `npm run guard:prove [-- --family NAME] [--sample N] [--seed N]
 * [--list]`. Each command runs in a sandbox of its own, on a copy, without network, as an ordinary user. A command that
 * is labelled `allow` and does what no agent may is a fault, and the exit code is 1; so it is where a denied one shows
 * nothing and nobody wrote down why. `--list` names the denied commands of which nothing was seen.
 */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { corpusCases } from '../../../src/guarding/corpus.ts';
import { givenCommands } from './given.ts';
import { proveAll, type Proof } from './prove.ts';
import { unshownCommands } from './unshown.ts';
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
const columns = {
  done: 'deny: done',
  reached: 'deny: reached',
  unknowable: 'deny: nobody can know',
  none: 'deny: nothing seen',
};
const table: Record<string, Record<string, number>> = {};
for (const { family, expect, level } of proofs) {
  const row = (table[family] ??= {
    cases: 0,
    ...Object.fromEntries(Object.values(columns).map((name) => [name, 0])),
    'allow: clean': 0,
    'allow: FAULT': 0,
    ask: 0,
  });
  row.cases = (row.cases ?? 0) + 1;
  const allowed = level === 'none' ? 'allow: clean' : 'allow: FAULT';
  const key = expect === 'ask' ? 'ask' : expect === 'allow' ? allowed : columns[level];
  row[key] = (row[key] ?? 0) + 1;
}
const total: Record<string, number> = {};
for (const row of Object.values(table))
  for (const [key, count] of Object.entries(row)) total[key] = (total[key] ?? 0) + count;
console.table({ ...table, total });
const unshown = proofs.filter(({ expect, level }) => expect === 'deny' && level === 'none');
const unexplained = unshown.filter(({ why }) => why === undefined);
if (unshown.length > 0) {
  console.log('Of the denied ones nothing was seen, because:');
  for (const [why, ones] of Map.groupBy(unshown, (one) => one.why ?? 'NOBODY SAID WHY'))
    console.log(`${String(ones.length).padStart(6)}  ${why}`);
}
for (const { family, command, why = '', said } of values.list === true ? unshown : unexplained)
  console.log(`nothing seen\t${family}\t${JSON.stringify(command)}\t${why}\t${JSON.stringify(said.slice(0, 120))}`);
// What was written down of cases has to be true of them.
if (cases.length === corpusCases().length) {
  const left = new Set(unshown.map(({ command }) => command));
  const there = new Set(cases.map(({ command }) => command));
  for (const command of unshownCommands().filter((one) => !left.has(one)))
    console.log(`shown after all\t${JSON.stringify(command)}`);
  for (const command of givenCommands().filter((one) => !there.has(one)))
    console.log(`no such case\t${JSON.stringify(command)}`);
}
process.exitCode = proofs.some(({ fault }) => fault) || unexplained.length > 0 ? 1 : 0;
