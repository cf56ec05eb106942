import { expect, test } from 'vitest';
import { linksOut, remarksOn } from './inspect.ts';
import { parsePatch } from './patch.ts';

const created = (path: string, lines: string[], mode = '100644') =>
  `diff --git a/${path} b/${path}\nnew file mode ${mode}\nindex ${'0'.repeat(40)}..${'1'.repeat(40)}\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1,${lines.length} @@\n${lines.map((line) => `+${line}\n`).join('')}`;
const link = (path: string, to: string) => `${created(path, [to], '120000')}\\ No newline at end of file\n`;

test.each([
  ['/etc/passwd', true],
  ['../outside', true],
  ['a/../../outside', true],
  ['..', true],
  ['.git/config', true],
  ['sub/.GIT/hooks', true],
  ['a.txt', false],
  ['./sub/../a.txt', false],
  ['..a/b', false],
])('a link at the top to %s leads out: %s', (to, out) => {
  expect(linksOut(parsePatch(link('l', to)))).toHaveLength(out ? 1 : 0);
});

test('a link below may lead up as far as the project goes', () => {
  expect(linksOut(parsePatch(link('a/b/l', '../../c') + link('a/b/m', '../../../c')))).toEqual([
    { path: 'a/b/m', why: 'a link to ../../../c' },
  ]);
});

test.each([
  ...[
    '.vscode/tasks.json',
    'web/.vscode/settings.json',
    '.idea/workspace.xml',
    'x.code-workspace',
    '.devcontainer/devcontainer.json',
  ],
  ...[
    '.envrc',
    '.husky/pre-commit',
    '.pre-commit-config.yaml',
    'lefthook.yml',
    '.github/workflows/ci.yml',
    '.gitlab-ci.yml',
  ],
  ...[
    '.claude/settings.json',
    '.mcp.json',
    '.npmrc',
    '.yarnrc.yml',
    'setup.py',
    'build.rs',
    'lib/x.pth',
    '.gitmodules',
    '.cargo/config.toml',
  ],
])('%s is told about', (path) => {
  expect(remarksOn(created(path, ['x']))).toMatchObject([{ path }]);
});

test.each([
  'src/tasks.json',
  'docs/vscode.md',
  'package.json',
  'src/setup.ts',
  '.gitattributes',
  'claude.md',
  'README.md',
])('%s is not', (path) => {
  expect(remarksOn(created(path, ['"scripts": { "test": "vitest" }']))).toEqual([]);
});

test('scripts of an install and filters are told about where they are added', () => {
  expect(remarksOn(created('package.json', ['  "postinstall": "node x.js",', '  "prepare": "husky"']))).toEqual([
    { path: 'package.json', why: 'npm runs its postinstall, prepare when packages are installed' },
  ]);
  expect(remarksOn(created('.gitattributes', ['*.psd filter=lfs diff=lfs -text']))).toHaveLength(1);
  const removed = created('package.json', ['x']).replace('+x', '-  "postinstall": "node x.js"');
  expect(remarksOn(removed)).toEqual([]);
});

test('names do not write to the terminal, and large work is told about', () => {
  expect(remarksOn(created('.vscode/\u001b[2Jtasks.json', ['x']))).toEqual([]);
  expect(JSON.stringify(linksOut(parsePatch(link('l', '/etc/\u001b[2Jx'))))).not.toContain('\\u001b');
  expect(remarksOn(created('big.txt', ['x'.repeat(11 * 1024 * 1024)]))).toMatchObject([{ path: 'the whole of it' }]);
});
