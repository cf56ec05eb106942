import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { by } from '../../test/support/open-work-home.ts';
import { workHome } from '../../test/support/work-home.ts';
import { DAY } from '../journal/spec.testing.ts';
import { workspaceOf } from '../run/index.ts';
import { checkpoint } from '../workspace/index.ts';

test('two roll-backs at once are one, and both name the checkpoint that has the work', async () => {
  const home = workHome({ 'a.txt': 'a\n' });
  await home.done([{ id: 'a', edit: () => undefined }]);
  const ref = { day: DAY, task: 'a' };
  const said = await home.call(async (operator, open) => {
    const workspace = workspaceOf(open.home, open.journal.state.days[DAY]!.tasks.a!, ref);
    const file = join(workspace.paths.checkout, 'a.txt');
    const data = await checkpoint(workspace, 'c0', 'start');
    await open.journal.append({ type: 'workspace.checkpointed', ...ref, data });
    writeFileSync(file, 'b\n');
    const both = await Promise.all([operator.rollback({ task: 'a' }, by), operator.rollback({ task: 'a' }, by)]);
    expect(readFileSync(file, 'utf8')).toBe('a\n');
    const again = await operator.rollback({ task: 'a', checkpoint: 'c1' }, by);
    expect(readFileSync(file, 'utf8')).toBe('b\n');
    return [...both, again].map(({ message }) => message);
  });
  expect(said[0]).toMatch(/^a is back at c0 \(start\)\. The work as it was is c1: /);
  expect(said[1]).toMatch(/^a is back at c0 \(start\) already\. The work as it was is c1: /);
  expect(said[2]).toMatch(/^a is back at c1 /);
  expect(await home.events('workspace.rolled_back')).toHaveLength(2);
});
