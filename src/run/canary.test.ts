import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock, type Clock } from '../base/index.ts';
import type { CanaryReport } from '../door/index.ts';
import { decide, defaultPolicy, type Decision } from '../guard/index.ts';
import { openJournal } from '../journal/index.ts';
import { startCanary } from './canary.ts';
import type { RunContext } from './context.ts';
import type { Ending, LiveAttempt } from './live.ts';
import { DAY } from './testing.ts';

const denied: Decision = { decision: 'deny', rule: 'git.write', reason: 'no' };

/** A canary of an attempt that is nothing but its journal and how it was ended. */
async function canary(clock: Clock = systemClock) {
  const root = mkdtempSync(join(tmpdir(), 'dayshift-canary-'));
  const journal = await openJournal({ journal: join(root, 'journal'), stateFile: join(root, 'state.json') });
  const endings: Ending[] = [];
  const abort = new AbortController();
  let item = 0;
  const work: Promise<unknown>[] = [];
  const ctx: Partial<RunContext> = {
    journal,
    clock,
    redact: (text) => text,
    newItemId: () => `q${++item}`,
    inTurn: (one) => one(),
    log: () => undefined,
    sandbox: { kind: 'bubblewrap', wrap: () => expect.unreachable() },
    lure: { port: 1, socket: '/s', abstract: '\0a', greeting: 'g', file: '/f', close: () => Promise.resolve() },
  };
  const live: Partial<LiveAttempt> = {
    ctx: ctx as RunContext,
    ref: { day: DAY, task: 'a', attempt: 1 },
    workspace: { gitDir: '/p/.git', paths: { checkout: '/w' } } as LiveAttempt['workspace'],
    signal: abort.signal,
    end(ending) {
      endings.push(ending);
      abort.abort();
    },
    background: (one) => void work.push(one),
  };
  const bird = startCanary(live as LiveAttempt);
  const { word, probes } = bird.orders('/w');
  const call = { hook_event_name: 'PreToolUse', tool_use_id: word };
  const report: CanaryReport = {
    word,
    ms: 1,
    tried: probes.map(({ what }) => ({ what, refused: true, detail: 'EROFS' })),
  };
  onTestFinished(async () => {
    await journal.close();
    rmSync(root, { recursive: true });
  });
  return { bird, call, report, endings, abort, settled: () => Promise.all(work), items: () => journal.state.items };
}

/** Whether the gate is open, shut for good, or still held. */
const gateOf = (passed: Promise<void>) =>
  Promise.race([
    passed.then(
      () => 'open',
      () => 'shut',
    ),
    new Promise((resolve) => setImmediate(resolve, 'held')),
  ]);

test('the gate opens when everything was refused, at the door as well', async () => {
  const { bird, call, report, endings } = await canary();
  expect(await gateOf(bird.passed)).toBe('held');
  expect(bird.isProbe(call)).toBe(true);
  expect(bird.judge(denied)).toMatchObject({ permission: 'deny' });
  expect(await gateOf(bird.passed)).toBe('held');
  await bird.report(report);
  expect(await gateOf(bird.passed)).toBe('open');
  expect(endings).toEqual([]);
});

test('the guard itself denies the synthetic call', () => {
  const context = { workspace: '/w', writable: [], readable: [], home: '/h', policy: defaultPolicy };
  const ports = { readFile: () => undefined, realpath: (path: string) => path };
  const call = { tool: 'Bash', input: { command: 'git commit -m canary' }, cwd: '/w' };
  expect(decide(call, { ...context, ...ports }).decision).toBe('deny');
});

test.each([
  ['a guard that allows', (decision: Decision): Decision => ({ ...decision, decision: 'allow' })],
  ['a guard that asks', (decision: Decision): Decision => ({ ...decision, decision: 'ask' })],
  ['a guard that was never asked', undefined],
])('%s ends the attempt, whatever the report says', async (_, spoil) => {
  const { bird, report, endings, items } = await canary();
  if (spoil !== undefined) bird.judge(spoil(denied));
  await bird.report(report);
  expect(await gateOf(bird.passed)).toBe('shut');
  expect(endings.map(({ end, then }) => [end, then?.map(({ type }) => type)])).toEqual([
    ['parked', ['canary.failed', 'task.parked', 'day.paused']],
  ]);
  expect(items()).toMatchObject({ q1: { kind: 'canary', status: 'open' } });
});

test('each thing that was not refused fails it', async () => {
  const { report: sample } = await canary();
  for (const index of sample.tried.keys()) {
    const { bird, report, endings } = await canary();
    bird.judge(denied);
    report.tried[index]!.refused = false;
    await bird.report(report);
    expect(await gateOf(bird.passed)).toBe('shut');
    expect(endings[0]?.detail).toContain(report.tried[index]!.what);
  }
});

test('a report that leaves something out fails it', async () => {
  const { bird, report, endings } = await canary();
  bird.judge(denied);
  report.tried.pop();
  await bird.report(report);
  expect(endings[0]?.detail).toContain('it was not tried');
});

test('one that says nothing fails when its time is over, and one that was answered does not', async () => {
  let ring: () => void = () => undefined;
  const clock = {
    ...systemClock,
    after: (_ms: number, done: () => void) => ((ring = done), () => (ring = () => undefined)),
  };
  const silent = await canary(clock);
  silent.bird.started();
  ring();
  await silent.settled();
  expect(await gateOf(silent.bird.passed)).toBe('shut');
  expect(silent.endings[0]?.detail).toContain('did not report');

  const { bird, report, endings } = await canary(clock);
  bird.started();
  bird.judge(denied);
  await bird.report(report);
  await bird.passed;
  ring();
  expect(endings).toEqual([]);
});

test('only the first report counts, and only with the right word', async () => {
  const { bird, report, endings } = await canary();
  bird.judge(denied);
  await bird.report({ ...report, word: 'guessed' });
  expect(await gateOf(bird.passed)).toBe('held');
  report.tried[0]!.refused = false;
  await bird.report(report);
  report.tried[0]!.refused = true;
  await bird.report(report);
  expect(await gateOf(bird.passed)).toBe('shut');
  expect(endings).toHaveLength(1);
});

test('after the verdict the synthetic call is one like any other', async () => {
  const { bird, call, report } = await canary();
  bird.judge(denied);
  expect(bird.isProbe(call)).toBe(false);
  await bird.report(report);
  expect(bird.isProbe(call)).toBe(false);
});

test('an attempt that ends first leaves the gate shut and nobody is told', async () => {
  const { bird, report, abort, endings, items } = await canary();
  bird.judge(denied);
  abort.abort();
  await bird.report(report);
  expect(await gateOf(bird.passed)).toBe('shut');
  expect([endings, items()]).toEqual([[], {}]);
});
