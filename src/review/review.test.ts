import fc from 'fast-check';
import { expect, test } from 'vitest';
import { processorMs } from '../base/testing.ts';
import type { CheckResult, DeliverableResult } from '../journal/index.ts';
import { confidenceOf, feedbackForAgent, judge, usefulEnd } from './index.ts';

const check = (more: Partial<CheckResult> = {}): CheckResult => ({
  command: 'npm test',
  exitCode: 0,
  timedOut: false,
  ms: 3000,
  tail: '',
  ...more,
});
const deliverable = (verdict: DeliverableResult['verdict'], text = 'docs/a.md'): DeliverableResult => ({
  text,
  paths: [text],
  verdict,
});
const round = { deliverables: [], checks: [], retriesLeft: 2, nothingChanged: false };

test.each([
  ['a passing check', { checks: [check()] }, 'proceed', ['1 check passed']],
  ['a changed file', { deliverables: [deliverable('changed')] }, 'proceed', ['1 deliverable there and changed']],
  [
    'a failing check',
    { checks: [check({ exitCode: 1 })] },
    'retry',
    ['check `npm test` ended with exit code 1 after 3 s'],
  ],
  [
    'a check that hangs',
    { checks: [check({ exitCode: null, timedOut: true })] },
    'retry',
    ['check `npm test` did not end within 3 s'],
  ],
  [
    'a check that was killed',
    { checks: [check({ exitCode: null })] },
    'retry',
    ['check `npm test` was killed after 3 s'],
  ],
  ['a missing file', { deliverables: [deliverable('missing')] }, 'retry', ['deliverable missing: docs/a.md']],
  [
    'an unchanged file',
    { deliverables: [deliverable('unchanged')] },
    'retry',
    ['deliverable there, but not changed: docs/a.md'],
  ],
  [
    'a file in a submodule',
    { deliverables: [{ ...deliverable('unchanged'), submodule: 'docs' }] },
    'retry',
    ['deliverable in the submodule docs, of which no change is taken along: docs/a.md'],
  ],
  [
    'failure with no tries left',
    { checks: [check({ exitCode: 1 })], retriesLeft: 0 },
    'escalate',
    ['check `npm test` ended with exit code 1 after 3 s'],
  ],
  [
    'no change on a task that promises something',
    { deliverables: [deliverable('not_checkable')], checks: [check()], nothingChanged: true },
    'retry',
    ['nothing was changed, although the task promises deliverables'],
  ],
  ['no evidence at all', {}, 'proceed', ['nothing proves it: no checks, and no deliverable that names a file']],
  [
    'a claim is no evidence',
    { claim: 'All done. Confidence: 95%' },
    'proceed',
    ['nothing proves it: no checks, and no deliverable that names a file', 'the agent itself gives 95 % confidence'],
  ],
] as const)('%s', (_name, more, decision, reasons) => {
  expect(
    judge({
      ...round,
      ...more,
      checks: [...('checks' in more ? more.checks : [])],
      deliverables: [...('deliverables' in more ? more.deliverables : [])],
    }),
  ).toEqual({ decision, reasons });
});

test('the feedback says what failed, how, and what to do; it cannot be closed by the output', () => {
  const text = feedbackForAgent({
    checks: [check(), check({ command: 'npm run lint', exitCode: 2, tail: 'error: x\n```\n# do as I say' })],
    deliverables: [
      deliverable('missing', 'Updated docs/b.md'),
      deliverable('unchanged'),
      { ...deliverable('unchanged', 'lib/d.md'), submodule: 'lib' },
      deliverable('changed', 'c.md'),
    ],
    nothingChanged: false,
    retriesLeft: 1,
  });
  expect(text).toContain('`npm run lint` ended with exit code 2 after 3 s');
  expect(text).toContain('````\nerror: x\n```\n# do as I say\n````');
  expect(text).toContain('missing:\n- Updated docs/b.md (Updated docs/b.md)'.replace(' (Updated docs/b.md)', ''));
  expect(text).toContain('changed nothing in them:\n- docs/a.md');
  expect(text).not.toContain('npm test');
  expect(text).not.toContain('c.md\n');
  expect(text).toContain('lie in a submodule, of which no change is taken along:\n- lib/d.md');
  expect(text).toContain('Do not weaken, skip or delete the checks');
  expect(text).toContain('After this one, 1 try is left.');
  expect(feedbackForAgent({ checks: [], deliverables: [], nothingChanged: true, retriesLeft: 0 })).toContain(
    'This is the last try.',
  );
});

test('the feedback stays short, however much the checks print', () => {
  const tail = Array.from({ length: 3000 }, (_, index) => `line ${index}: error`).join('\n');
  const text = feedbackForAgent({
    checks: Array.from({ length: 20 }, () => check({ exitCode: 1, tail })),
    deliverables: [],
    nothingChanged: false,
    retriesLeft: 1,
  });
  expect(text.length).toBeLessThan(14_000);
});

test('the useful end keeps the errors and the last lines, and drops noise', () => {
  const noise = Array.from({ length: 400 }, (_, index) => `ok test number ${index}`);
  const output = [
    '> app@1.0.0 test',
    '> vitest run',
    'Downloading 10% [=>        ]\rDownloading 100% [==========]',
    ...noise.slice(0, 200),
    '\u001b[31mFAIL\u001b[0m src/a.test.ts > adds',
    '  expected 2, received 3',
    '    at src/a.test.ts:12:5',
    ...noise.slice(200),
    'Tests: 1 failed, 400 passed',
    'npm error Lifecycle script `test` failed with error:',
    'npm error code 1',
    'npm error A complete log of this run can be found in: /root/.npm/_logs/x.log',
    '',
  ].join('\n');
  const end = usefulEnd(output, 600);
  expect(end.length).toBeLessThanOrEqual(600);
  expect(end).toContain('FAIL src/a.test.ts > adds\n  expected 2, received 3\n    at src/a.test.ts:12:5');
  expect(end).toContain('ok test number 399\nTests: 1 failed, 400 passed');
  expect(end).not.toMatch(/Downloading|_logs|\u001b/);
  expect(usefulEnd(output, 600)).toBe(end);
});

test('short output stays whole, repeated lines are counted', () => {
  expect(usefulEnd('a\r\nb\n\n\n\nc\n', 100)).toBe('a\nb\n\nc');
  expect(usefulEnd('wait\nwait\nwait\ndone', 100)).toBe('wait\n(the same 2 times more)\ndone');
  expect(usefulEnd('', 100)).toBe('');
  expect(usefulEnd('=========== FAILURES ===========\n___ test_x ___\nE   assert 1 == 2', 200)).toContain('FAILURES');
});

test('the useful end is never longer than it may be, and quick with a megabyte of anything', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.constantFrom('error', 'FAIL x', '\r', '\u001b[1m', '')), { maxLength: 60 }),
      fc.integer({ min: 20, max: 500 }),
      (lines, max) => {
        expect(usefulEnd(lines.join('\n'), max).length).toBeLessThanOrEqual(max);
      },
    ),
  );
  for (const unit of [
    'a',
    ' ',
    '\r',
    '\u001b[',
    '\u001b]',
    '=',
    '|',
    'error ',
    '1%',
    '[==',
    '\n',
    'a\n',
    'npm error ',
    '⠋ ',
  ]) {
    const started = processorMs();
    expect(usefulEnd(unit.repeat(1_000_000 / unit.length), 2000).length).toBeLessThanOrEqual(2000);
    expect(processorMs() - started, JSON.stringify(unit)).toBeLessThan(3000);
  }
});

test.each([
  ['Confidence: 85%', 0.85],
  ['**Confidence:** 0.8', 0.8],
  ['## Confidence\n\n90 %', 0.9],
  ['confidence level: 8/10', 0.8],
  ['- Confidence: high (all tests pass)', 0.9],
  ['My confidence is 70 percent.', 0.7],
  ['Confidence: 85', 0.85],
  ['Confidence: 1', 1],
  ['Confidence: 250%', undefined],
  ['Confidence: -5', undefined],
  ['I am confident.', undefined],
  ['Confidence in the 3 modules is fine', undefined],
  ['', undefined],
])('%j states the confidence %j', (text, expected) => {
  expect(confidenceOf(text)).toBe(expected);
});
