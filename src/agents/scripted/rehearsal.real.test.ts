import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { rehearsalScript } from './rehearsal.ts';
import type { Turn } from './schema.ts';

test('the commands of a rehearsal touch what the task names, whatever its name holds', async () => {
  const script = rehearsalScript([
    { id: 'a', name: `It's "odd" $(touch /tmp/never)\n; x`, deliverables: ['docs/a b.md', 'src/(x)/y.ts', 'lib/'] },
  ]);
  const turns = (script.tasks[0]?.turns ?? []) as Turn[];
  const commands = turns.flatMap(({ tools }) =>
    tools.filter(({ name }) => name === 'Bash').map(({ input }) => String(input.command)),
  );
  const folder = await mkdtemp(join(tmpdir(), 'dayshift-rehearsal-'));
  try {
    for (const command of commands.slice(1)) await promisify(execFile)('/bin/bash', ['-c', command], { cwd: folder });
    expect(await readFile(join(folder, 'src/(x)/y.ts'), 'utf8')).toBe(
      `// Rehearsal of "It's "odd" $(touch /tmp/never) ; x"\n`,
    );
    expect(await readFile(join(folder, 'lib/rehearsal.md'), 'utf8')).toContain('Rehearsal');
  } finally {
    await rm(folder, { recursive: true });
  }
  expect(turns.some(({ tools }) => tools.some(({ input }) => input.file_path === '{{out}}/summary.md'))).toBe(true);
});
