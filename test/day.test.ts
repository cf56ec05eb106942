import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DAY, makeHome } from './support/home.ts';

const write = (path: string, content: string) => ({ name: 'Write', input: { file_path: path, content } });

test('a task file becomes work in a checkout, checks that ran, and a report; the project itself stays as it was', async () => {
  const home = await makeHome({
    tasks:
      'tasks:\n  - id: doc\n    name: Write it\n    description: Write docs/NEW.md\n    deliverables: [docs/NEW.md]\n    checks: ["grep -q hello docs/NEW.md"]\n',
    script: {
      tasks: [{ task: 'doc', turns: [{ tools: [write('{{workspace}}/docs/NEW.md', 'hello\n')] }, { say: 'Done.' }] }],
    },
  });
  const before = await home.git('status', '--porcelain', '--ignored');
  const run = await home.cli('run', DAY);
  expect(run.stderr).toBe('');
  expect(run.exitCode).toBe(0);
  expect((await home.state()).days[DAY]?.tasks.doc?.status).toBe('done');
  expect(home.report()).toContain('docs/NEW.md');
  expect(await home.git('status', '--porcelain', '--ignored')).toBe(before);
  expect(existsSync(join(home.project, 'docs'))).toBe(false);

  const applied = await home.cli('apply', 'doc');
  expect(applied.exitCode).toBe(0);
  expect(readFileSync(join(home.project, 'docs/NEW.md'), 'utf8')).toBe('hello\n');
  expect(await home.git('diff', '--cached', '--name-only')).toBe('');
});
