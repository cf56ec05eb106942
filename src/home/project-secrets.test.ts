import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../base/testing.ts';
import { configSchema } from './schema.ts';
import { homePaths, projectSecrets, type Home } from './index.ts';

function homeWith(path: string, copy: string[]): Home {
  const projects = [{ name: 'app', path, copy }];
  return { paths: homePaths(path), config: configSchema.parse({}), guard: {}, projects, unavailable: {}, warnings: [] };
}

test('what the projects keep in .env files is known as secret by its name or its form, settings are not', async () => {
  const path = newFolder('secrets');
  mkdirSync(join(path, 'api'));
  writeFileSync(
    join(path, '.env'),
    'DB_PASSWORD=hunter22\nNODE_ENV=production\nDATABASE_URL=postgres://u:pw123@db/x\n',
  );
  writeFileSync(join(path, 'api', '.env.test'), 'STRIPE_KEY="sk_test_1"\n');
  expect(await projectSecrets(homeWith(path, ['api/.env.test']))).toEqual([
    { name: 'DB_PASSWORD of app’s .env', value: 'hunter22' },
    { name: 'DATABASE_URL of app’s .env', value: 'postgres://u:pw123@db/x' },
    { name: 'STRIPE_KEY of app’s api/.env.test', value: 'sk_test_1' },
  ]);
});

test('a project without such files, or whose folder is gone, has none', async () => {
  expect(await projectSecrets(homeWith(newFolder('secrets'), []))).toEqual([]);
  expect(await projectSecrets(homeWith('/nonexistent', ['x/.env']))).toEqual([]);
});
