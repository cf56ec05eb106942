import { claudeCode } from '../../src/agents/index.ts';
import type { HomePaths } from '../../src/home/index.ts';
import { openJournal } from '../../src/journal/index.ts';

let identity: Promise<{ file: string; hash: string; settings: string }> | undefined;

/** What the first day of a home finds out about its CLI: `test/cli-proof.test.ts` is about that, the others need not do it again. */
export async function proveInAdvance(paths: HomePaths): Promise<void> {
  identity ??= (async () => {
    const cli = await claudeCode({
      command: new URL('../../node_modules/.bin/claude', import.meta.url).pathname,
      env: process.env,
    });
    const { file, settings, hash } = await cli.identity();
    return { file, settings, hash: await hash() };
  })();
  const known = await identity;
  const journal = await openJournal(paths);
  for (const sandbox of ['bubblewrap', 'none'])
    await journal.append({ type: 'cli.proved', data: { ...known, sandbox, defers: true, ms: 0 } });
  await journal.close();
}
