import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { commands } from '../src/cli/commands.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

test('docs/dependencies.md lists exactly the dependencies of package.json', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >;
  const [, atRunTime = '', forDevelopment = ''] = read('docs/dependencies.md').split(/^## .*$/m);
  const named = (text: string) =>
    [...text.matchAll(/^\|(.*?)\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(.*?)`/g)].map(([, name]) => name),
    );
  expect(named(atRunTime).sort()).toEqual(Object.keys(dependencies).sort());
  expect(named(forDevelopment).sort()).toEqual(Object.keys(devDependencies).sort());
  for (const version of [...Object.values(dependencies), ...Object.values(devDependencies)])
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});

const pages = [
  'README.md',
  'AGENTS.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
];

test.each(pages)('what %s links to is there', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link = '']) => link);
  for (const link of links) expect(existsSync(join(root, dirname(page), link)), link).toBe(true);
});

test('tests and sources that the documents name are there', () => {
  for (const page of pages)
    for (const [, path = ''] of read(page).matchAll(/`((?:src|test|bench)\/[\w./-]+)`/g))
      expect(existsSync(join(root, path)), `${page}: ${path}`).toBe(true);
});

test('commands that the documents show exist', () => {
  const names = new Set<string>(commands.map(({ name }) => name));
  for (const page of pages)
    for (const [, name = ''] of read(page).matchAll(/`(?:npx )?dayshift ([a-z]+)/g))
      expect(names.has(name), `${page}: dayshift ${name}`).toBe(true);
});
