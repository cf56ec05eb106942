import { expect, test } from 'vitest';
import { formatProblem } from '../document/index.ts';
import { day, read, task, told } from './parse.testing.ts';

test('a missing context file is a warning with its place, one outside the project too', () => {
  const context = { ...day, exists: (_: string, path: string) => path === 'docs/there.md' };
  const { plan, problems } = read(
    task('context_files: [docs/there.md, docs/gone.md, ../secret, /etc/passwd]'),
    context,
  );
  expect(plan).toBeDefined();
  expect(problems.map(formatProblem)).toEqual(
    [
      'tasks/x.yaml:4:36 warning: tasks[0].context_files[1]: docs/gone.md is not in the project home',
      'tasks/x.yaml:4:50 warning: tasks[0].context_files[2]: ../secret lies outside the project: the agent cannot see it',
      'tasks/x.yaml:4:61 warning: tasks[0].context_files[3]: /etc/passwd lies outside the project: the agent cannot see it',
    ].map((line) => line.replace(' warning', '  warning')),
  );
});

test('a missing context file of the defaults is told once', () => {
  const context = { ...day, exists: () => false };
  const text = 'defaults: {context_files: [x.md]}\ntasks: [{id: a, name: A}, {id: b, name: B}]';
  expect(told(text, context)).toEqual(['1:28  warning: defaults.context_files[0]: x.md is not in the project home']);
});

test('a secret written out and a task dearer than its day are warnings', () => {
  const { plan, problems } = read(task('max_cost_usd: 41', 'env: {DB_PASSWORD: hunter2, TOKEN: $TOKEN}'));
  expect(plan).toBeDefined();
  expect(problems.map(({ path, severity }) => `${severity} ${path}`)).toEqual([
    'warning tasks[0].max_cost_usd',
    'warning tasks[0].env.DB_PASSWORD',
  ]);
  expect(problems.map(({ message }) => message).join()).not.toContain('hunter2');
});

test('a credential written out in env is an error that does not repeat it', () => {
  const env =
    'env: {API_TOKEN: sk-test-123456789012, URL: "postgres://u:hunter2@db/x", OTHER: ghp_0123456789abcdefghijABCDEFGHIJ012345}';
  const { plan, problems } = read(task(env));
  expect(plan).toBeUndefined();
  expect(problems.map(({ path, severity }) => `${severity} ${path}`)).toEqual([
    'error tasks[0].env.API_TOKEN',
    'error tasks[0].env.URL',
    'error tasks[0].env.OTHER',
  ]);
  expect(problems.map(({ message }) => message).join()).not.toMatch(/hunter2|sk-test|ghp_/);
});

test('a deliverable outside of the project, or of which it is not clear what it names, is warned of', () => {
  const line = `deliverables: [docs/a.md, ../../etc/passwd, "Updated services/bill ing/GUIDE.md", 'Updated "services/bill ing/GUIDE.md"']`;
  const { problems } = read(task(line), { ...day, exists: () => false });
  const warnings = problems.map(formatProblem).filter((one) => one.includes('deliverables'));
  expect(warnings).toHaveLength(2);
  expect(warnings[0]).toMatch(/deliverables\[1\]: \.\.\/\.\.\/etc\/passwd lies outside the project/);
  expect(warnings[1]).toMatch(/deliverables\[2\]: it is not clear which file is meant by ing\/GUIDE\.md/);
});

test('a deliverable in a submodule is warned of, for changes there are not taken along', () => {
  const there = new Set(['vendor/lib/.git', 'vendor/lib/a.txt', 'vendor/own.txt']);
  const line = 'deliverables: [vendor/lib/a.txt, vendor/own.txt]';
  const { problems } = read(task(line), { ...day, exists: (_, path) => there.has(path) });
  const warnings = problems.map(formatProblem).filter((one) => one.includes('deliverables'));
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(/deliverables\[0\]: vendor\/lib\/a\.txt lies in the submodule vendor\/lib/);
});
