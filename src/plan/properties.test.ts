import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../base/testing.ts';
import { planSchema } from '../journal/spec.ts';
import { parsePlan } from './index.ts';
import { base, day } from './parse.testing.ts';
import { rawPlanSchema, rawTaskSchema } from './schema.ts';

const read = (text: string) => parsePlan(text, 'x.yaml', day);

test('any value as a task file gives a plan or errors, and never throws', { timeout: 60_000 }, () => {
  const key = fc.constantFrom(
    ...Object.keys(rawPlanSchema.shape),
    ...Object.keys(rawTaskSchema.shape),
    'default_after',
    'x',
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom<unknown>(
        'a',
        'b',
        'low',
        'park',
        '2h',
        '2026-11-23',
        null,
        1,
        0,
        -1,
        1.5,
        true,
        '',
        'home',
        '\u0000',
      ),
      fc.string(),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 8 }),
    ),
  }));
  const likely = fc.record({
    tasks: fc.array(fc.dictionary(fc.constantFrom(...Object.keys(rawTaskSchema.shape)), value, { maxKeys: 8 }), {
      maxLength: 4,
    }),
  });
  fc.assert(
    fc.property(fc.oneof(value, likely), (file) => {
      const { plan, problems } = read(JSON.stringify(file));
      expect(plan === undefined).toBe(problems.some(({ severity }) => severity === 'error'));
      if (plan !== undefined) expect(planSchema.parse(plan)).toEqual(plan);
    }),
    runs(500),
  );
});

const word = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.]{0,12}$/).filter((id) => !/\.lock$/i.test(id));
const sentence = fc
  .string({ minLength: 1, unit: 'grapheme-ascii' })
  .map((text) => text.trim())
  .filter((text) => text !== '');

test('a valid plan keeps what the file says, through the journal’s schema too', { timeout: 60_000 }, () => {
  const rawTask = fc.record(
    {
      id: word,
      name: sentence,
      description: sentence,
      module: sentence,
      priority: fc.constantFrom('urgent', 'high', 'normal', 'low'),
      estimated_complexity: fc.constantFrom('low', 'medium', 'high'),
      deliverables: fc.uniqueArray(sentence),
      checks: fc.uniqueArray(sentence),
      max_cost_usd: fc.double({ min: 0.01, max: 1000, noNaN: true }),
      timeout: fc.integer({ min: 1, max: 10_080 }),
      retries: fc.integer({ min: 0, max: 20 }),
      env: fc.dictionary(fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}$/), fc.string()),
    },
    { requiredKeys: ['id', 'name'] },
  );
  const tasks = fc.uniqueArray(rawTask, { selector: ({ id }) => id.toLowerCase(), maxLength: 6 });
  fc.assert(
    fc.property(tasks, (given) => {
      // Each needs some of those before it: no cycle.
      const file = {
        tasks: given.map((each, index) => ({ ...each, needs: given.slice(0, index).map(({ id }) => id) })),
      };
      const { plan, problems } = read(JSON.stringify(file));
      expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(planSchema.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
      for (const [index, spec] of (plan?.tasks ?? []).entries()) {
        const raw = file.tasks[index]!;
        expect(spec).toMatchObject({
          id: raw.id,
          name: raw.name,
          needs: raw.needs,
          ...(raw.env === undefined ? {} : { env: raw.env }),
          ...(raw.checks === undefined ? {} : { checks: raw.checks }),
          ...(raw.timeout === undefined ? {} : { timeoutMinutes: raw.timeout }),
        });
      }
    }),
    runs(200),
  );
});

test('the examples in the docs are valid, and the docs name every field', async () => {
  const text = await readFile(new URL('../../docs/task-file.md', import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/```yaml\n(.*?)```/gs)].map((match) => match[1] ?? '');
  expect(blocks.length).toBeGreaterThan(1);
  const projects = [{ name: 'shop', setup: [], checks: [], egress: [], env: {} }];
  for (const block of blocks) {
    expect(parsePlan(block, 'docs', { ...base, projects, defaultProject: 'shop' }).problems).toEqual([]);
  }
  const rows = new Set([...text.matchAll(/^\| `(\w+)`/gm)].map((match) => match[1]));
  const fields = new Set([...Object.keys(rawPlanSchema.shape), ...Object.keys(rawTaskSchema.shape)]);
  expect([...rows].sort()).toEqual([...fields].sort());
});

test('every field of the task file has a description', () => {
  const fields = { ...rawPlanSchema.shape, ...rawTaskSchema.shape };
  const described = (schema: { description?: string | undefined; _zod: { def: object } }): boolean =>
    schema.description !== undefined ||
    ('innerType' in schema._zod.def && described(schema._zod.def.innerType as Parameters<typeof described>[0]));
  expect(Object.entries(fields).filter(([, field]) => !described(field))).toEqual([]);
});
