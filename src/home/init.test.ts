import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../base/testing.ts';
import { initHome } from './index.ts';
import { parseConfig } from './load.ts';
import { configSchema } from './schema.ts';
import { config } from './templates/config.ts';
import { homeFiles } from './templates/index.ts';

const folder = () => newFolder('init');

test('it never overwrites, and says what was there', async () => {
  const home = folder();
  await mkdir(join(home, 'config'));
  await writeFile(join(home, 'config', 'dayshift.yaml'), 'concurrency: 1\n');
  await symlink('/nowhere', join(home, '.gitignore'));
  const { made, kept } = await initHome(home);
  expect(kept.sort()).toEqual(['.gitignore', 'config/dayshift.yaml']);
  expect(await readFile(join(home, 'config', 'dayshift.yaml'), 'utf8')).toBe('concurrency: 1\n');
  expect((await initHome(home)).made).toEqual([]);
  expect(made).toEqual(expect.arrayContaining(['tasks/example.yaml', 'config/pricing.yaml']));
});

test('where no home can be made, the error says so', async () => {
  const home = folder();
  await writeFile(join(home, 'file'), '');
  await expect(initHome(join(home, 'file'))).rejects.toMatchObject({ kind: 'environment' });
});

test('the example is no day, so that no day runs it', () => {
  expect(Object.keys(homeFiles).filter((file) => /tasks\/\d{4}-\d{2}-\d{2}\./.test(file))).toEqual([]);
});

test('the config shows every setting with its default; the ones in comments are valid too', () => {
  expect(parseConfig(config, 'c').value).toEqual(configSchema.parse({}));
  const uncommented = config
    .replace('projects: []\n', '')
    .replace(/^( *)# (timezone|projects|task_usd|model|max_turns|  - name|    \w+):/gm, '$1$2:');
  const { value, problems } = parseConfig(uncommented, 'c');
  expect(problems).toEqual([]);
  expect(value?.projects[0]).toMatchObject({ name: 'shop', base: 'main', env: { API_KEY: '$SHOP_API_KEY' } });
  for (const key of Object.keys(configSchema.shape)) expect(config).toMatch(new RegExp(`^(# )?${key}:`, 'm'));
  expect(value?.agent).toMatchObject({ max_turns: 200 });
  expect(value?.budget.task_usd).toBe(10);
});

test('this repository is a home as init makes it', async () => {
  const root = new URL('../../', import.meta.url);
  for (const [file, text] of Object.entries(homeFiles)) {
    expect(await readFile(new URL(file, root), 'utf8'), file).toBe(text);
  }
  expect(await readdir(new URL('tasks/', root))).toContain('example.yaml');
});

test('the instructions have every placeholder that is filled in, and no other', () => {
  const template = homeFiles['config/agent_instructions.md'] ?? '';
  const used = new Set([...template.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]));
  expect([...used].sort()).toEqual(
    [
      ...['task_id', 'task_name', 'date', 'description', 'module', 'complexity', 'priority', 'deliverables'],
      ...['context_files', 'checks', 'workspace', 'out_dir', 'rules', 'patterns', 'quality', 'lessons'],
    ].sort(),
  );
});
