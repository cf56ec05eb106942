import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TaskSpec } from '../journal/index.ts';
import { taskSpec } from '../journal/spec.testing.ts';
import { estimateDay } from './estimate.ts';
import { orderTasks, planView, renderPlan, type PlanExtras } from './index.ts';
import { read } from './parse.testing.ts';

const spec = (id: string, over: Partial<TaskSpec> = {}): TaskSpec =>
  taskSpec(id, { name: id, description: id, timeoutMinutes: 240, ...over });
const ids = (tasks: readonly TaskSpec[]) => tasks.map(({ id }) => id).join(' ');

test('tasks begin by priority, then as in the file', () => {
  const tasks = [
    spec('a', { priority: 'low' }),
    spec('b'),
    spec('c', { priority: 'urgent' }),
    spec('d'),
    spec('e', { priority: 'high' }),
  ];
  expect(ids(orderTasks(tasks))).toBe('c e b d a');
});

test('what an urgent task needs is moved up with it', () => {
  const tasks = [
    spec('a'),
    spec('b', { priority: 'low', needs: ['c'] }),
    spec('c', { priority: 'low' }),
    spec('d', { priority: 'urgent', needs: ['b'] }),
  ];
  expect(ids(orderTasks(tasks))).toBe('c b d a');
});

test(
  'any tasks, with cycles and unknown needs too, are put in an order that has each once',
  { timeout: 60_000 },
  () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'zz');
    const task = fc.record({ id, priority: fc.constantFrom('urgent', 'high', 'normal', 'low'), needs: fc.array(id) });
    fc.assert(
      fc.property(fc.uniqueArray(task, { selector: (each) => each.id }), fc.boolean(), (given, acyclic) => {
        const tasks = given.map((each, index) => {
          const before = given.slice(0, index).map((other) => other.id);
          return spec(each.id, {
            ...each,
            needs: acyclic ? each.needs.filter((need) => before.includes(need)) : each.needs,
          });
        });
        const order = orderTasks(tasks);
        expect(order.map((each) => each.id).sort()).toEqual(tasks.map((each) => each.id).sort());
        const estimate = estimateDay(tasks, 2);
        if (!acyclic) return;
        const position = new Map(order.map((each, index) => [each.id, index]));
        for (const each of order)
          for (const need of each.needs) expect(position.get(need)).toBeLessThan(position.get(each.id)!);
        expect(estimate.waves.flat().sort()).toEqual(order.map((each) => each.id).sort());
        expect(estimate.wall).toBeLessThanOrEqual(estimate.sum);
        expect(estimate.wall).toBeGreaterThanOrEqual(estimate.longest.hours);
      }),
    );
  },
);

test('a chain of ten thousand needs is put in order', () => {
  const tasks = Array.from({ length: 10_000 }, (_, i) => spec(`t${i}`, i < 9999 ? { needs: [`t${i + 1}`] } : {}));
  expect(orderTasks(tasks)[0]?.id).toBe('t9999');
});

test('the estimate counts slots and chains', () => {
  const tasks = [
    spec('a', { estimate: { hours: 4 } }),
    spec('b'),
    spec('c', { needs: ['b'], estimate: { hours: 2.5 } }),
    spec('d'),
    spec('e', { needs: ['c'] }),
  ];
  expect(estimateDay(tasks, 2)).toEqual({
    sum: 9.5,
    wall: 5,
    longest: { hours: 4.5, tasks: ['b', 'c', 'e'] },
    begins: { a: 0, b: 0, c: 1, d: 3.5, e: 4 },
    waves: [['a', 'b'], ['c', 'd'], ['e']],
  });
  expect(estimateDay([], 3)).toEqual({ sum: 0, wall: 0, longest: { hours: 0, tasks: [] }, begins: {}, waves: [] });
});

const extras: PlanExtras = {
  payer: 'API key (ANTHROPIC_API_KEY, ends in …abcd)',
  forecast: { usd: { p50: 8, p80: 14 }, tasks: {}, records: 0 },
  projects: {
    home: { path: '/p/home', kind: 'git', branch: 'main', uncommitted: 3 },
    other: { path: '/p/other', kind: 'copy' },
  },
  sandbox: 'auto',
  limits: { words: 'memory 8 GB, 2048 processes', problems: ['root without control groups: no'] },
  isSet: () => false,
  clients: { npm: { hosts: ['packages.example', 'b.example:8081'] } },
  warnings: ['tasks/x.yaml:1:1  warning: something'],
};

const file = `date: 2026-11-23
tasks:
  - {id: a, name: First, checks: [npm test], setup: [npm ci], egress: [r.example, npm], env: {T: $TOKEN}, on_question: default 30m, max_cost_usd: 2, deliverables: [x.md]}
  - {id: b, name: "Second with a name that goes on and on and would not fit into the line at all", needs: [a], estimated_complexity: high}`;

function view(over: Partial<PlanExtras> = {}, text = file) {
  const { plan } = read(text);
  return planView(plan!, { ...extras, ...over });
}

test('the view says of each task what it may do', () => {
  expect(view().tasks[0]).toMatchObject({
    id: 'a',
    neededBy: ['b'],
    limits: { usd: 2, minutes: 240, retries: 2 },
    may: {
      writes: ['agent_workspaces/2026-11-23/a/checkout/', 'agent_workspaces/2026-11-23/a/out/'],
      network: ['r.example', 'npm'],
      hosts: ['r.example', 'packages.example', 'b.example:8081'],
      setup: ['npm ci'],
      checks: ['npm test'],
      onQuestion: { mode: 'default', afterMinutes: 30 },
      env: ['T'],
    },
  });
  expect(Object.keys(view().projects)).toEqual(['home']);
  const guarded = file.replace(
    '{id: a,',
    '{id: a, guard: {rules: [{when: {effect: write, path: "src/**"}, then: deny}], delete: deny, max_violations: 2},',
  );
  expect(view({}, guarded).tasks[0]?.may.guard).toEqual([
    '1 rule of its own',
    'deleting tracked files: deny',
    'stops at 2 violations',
  ]);
});

test('uncommitted changes, missing checks and unset variables are warnings', () => {
  expect(view().warnings).toEqual([
    'tasks/x.yaml:1:1  warning: something',
    'limits: root without control groups: no',
    'project home: 3 uncommitted changes, which tasks do not see: commit what they need',
    'a: env.T takes $TOKEN, which is not set: the task would not start',
    'b names no checks: nothing proves this task',
  ]);
  expect(view({ isSet: () => true }).warnings.join()).not.toContain('TOKEN');
  const dear = { usd: { p50: 3, p80: 7 } } as PlanExtras['forecast']['tasks'][string];
  const tight = view({ forecast: { ...extras.forecast, tasks: { a: dear } } }).warnings;
  expect(tight.join('\n')).toContain('a is likely to cost $3.00, more than its own limit of $2.00');
  const odd = view({}, file.replace('[r.example, npm]', '[npmm, localhost, "npm:443", r.example]')).warnings.join('\n');
  expect(odd).toContain('egress: npmm is taken for a host of that name; did you mean npm?');
  expect(odd).toContain('egress: localhost: that is the sandbox’s own');
  expect(odd).toContain('egress: npm:443 is taken for a host');
  expect(odd).not.toContain('r.example');
  const unborn = { path: '/p', kind: 'copy', unborn: true } as const;
  expect(view({ projects: { home: unborn } }).warnings).toContain(
    'project home has no commit yet: each task works on a copy of it',
  );
  expect(view({ sandbox: 'none' }).warnings.join()).toContain('agents can do whatever you can do');
});

test('what may be reached is named, and what of it is not known on this machine is a warning', () => {
  const text = (clients: PlanExtras['clients']) => renderPlan(view({ clients }), { columns: 120, color: false });
  expect(text(extras.clients)).toContain(
    'the model, and by the proxy r.example, npm (packages.example, b.example:8081)',
  );
  const lost = text({ npm: { hosts: [], problem: 'npm was not found' } });
  expect(lost).toContain('npm (no host known)');
  expect(lost).toContain('! egress: npm: npm was not found');
});

test('in 80 columns no line is longer, and without colour there is no escape', () => {
  const text = renderPlan(view(), { columns: 80, color: false });
  for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  expect(text).not.toContain('\u001b');
  expect(text).toContain('Pays: API key (ANTHROPIC_API_KEY, ends in …abcd).');
  expect(text).toContain('2  b');
  expect(text).toMatch(/needs a$/m);
  expect(renderPlan(view(), { columns: 80, color: true })).toContain('\u001b[');
});

test('what holds for every task is said once, and what differs with its task', () => {
  const text = renderPlan(view(), { columns: 120, color: false });
  const [, may = ''] = text.split('What each task may do\n');
  const [each = '', a = '', b = ''] = may.split(/^ {2}(?=\S)/m).slice(1);
  expect(each).toMatch(/^each of them\n.*writes .*2026-11-23\/TASK\/checkout\/ and /);
  expect(a).toMatch(/^a {2}project home.*(?:\n.*)*asks .*after 30 min/);
  expect(b).toMatch(/^b {2}project home.*(?:\n.*)*asks .*is parked/);
  expect(a + b).not.toContain('writes');
  const alone = renderPlan(view({}, file.replace(/\n {2}- \{id: b.*/, '')), { columns: 120, color: false });
  expect(alone).not.toContain('each of them');
  expect(alone).toContain('writes    agent_workspaces/2026-11-23/a/checkout/ and');
});

test('in 40 columns only a path that has no place to break is longer', () => {
  const lines = renderPlan(view(), { columns: 40, color: false }).split('\n');
  expect(lines.filter((line) => line.length > 40 && line.trim().includes(' '))).toEqual([]);
  expect(lines.join('\n')).toMatch(/^ {2}2 {2}b\n {5}\S+ +\S.*\n {5}\S.*needs a$/m);
});

test('a day without tasks can be shown', () => {
  const empty = { ...view(), tasks: [], estimate: estimateDay([], 1), warnings: [] };
  expect(renderPlan(empty, { columns: 80, color: false })).toContain('nothing will run');
});
