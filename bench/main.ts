import { noTarget, type BenchRow } from './row.ts';

/** All benchmarks, in this order. */
const benches: Record<string, () => Promise<{ run: () => Promise<BenchRow[]> }>> = {
  status: () => import('./status.ts'),
  guard: () => import('./guard.ts'),
  hook: () => import('./hook.ts'),
  canary: () => import('./canary.ts'),
  gateway: () => import('./gateway.ts'),
  journal: () => import('./journal.ts'),
  memory: () => import('./memory.ts'),
  day: () => import('./day.ts'),
  chat: () => import('./chat.ts'),
  foresight: () => import('./foresight.ts'),
  learning: () => import('./learning.ts'),
  answers: () => import('./answers.ts'),
  inbox: () => import('./inbox.ts'),
};

/** `npm run bench [name…]`: one after the other, then one table. */
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}
const rows: BenchRow[] = [];
for (const [name, load] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const start = performance.now();
  console.log(`${name} …`);
  rows.push(...(await (await load()).run()));
  console.log(`${name}: ${((performance.now() - start) / 1000).toFixed(0)} s`);
}
print(rows);
process.exitCode = rows.some((row) => !row.ok) ? 1 : 0;

function print(all: BenchRow[]): void {
  const head = ['what', 'value', 'baseline', 'ratio', 'target', 'ok'];
  const lines = all.map((row) => [
    row.name,
    row.value,
    row.baseline,
    row.ratio?.toFixed(2) ?? '',
    row.target,
    row.target === noTarget ? '' : row.ok ? 'yes' : 'NO',
  ]);
  const widths = head.map((title, column) =>
    Math.max(...[title, ...lines.map((line) => line[column] ?? '')].map((cell) => cell.length)),
  );
  for (const line of [head, ...lines])
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}
