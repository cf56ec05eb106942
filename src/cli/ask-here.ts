import { createInterface } from 'node:readline/promises';
import type { OpenHome, RunningDay } from '../daemon/index.ts';
import { openItems, renderItem } from '../inbox/index.ts';
import type { CliIo } from './io.ts';
import { me } from './operate.ts';

/**
 * Asks the person at this terminal what waits, until one item is answered, here or elsewhere. False where nothing
 * waits, or where the person closes the input (ctrl-D) or the day is ended; ctrl-C goes to the process as ever.
 */
export async function askHere(open: OpenHome, day: RunningDay, io: CliIo, ended: AbortSignal): Promise<boolean> {
  const item = openItems(open.journal.state, day.date)[0];
  if (item === undefined) return false;
  io.out(`\n${renderItem(item)}\n(or here: a letter, or your own words; ctrl-D leaves it for later)\n`);
  const abort = new AbortController();
  const unsubscribe = open.journal.subscribe(() => {
    if (open.journal.state.items[item.id]?.status !== 'open') abort.abort('answered');
  });
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const close = () => lines.close();
  ended.addEventListener('abort', close);
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  lines.on('close', () => abort.abort('closed'));
  try {
    while (open.journal.state.items[item.id]?.status === 'open') {
      const text = await lines.question(`${item.id}> `, { signal: abort.signal });
      if (text.trim() === '') continue;
      const outcome = await day.operator.answer({ item: item.id, text }, me('terminal'));
      io.out(`${outcome.message}\n`);
    }
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    if (abort.signal.reason === 'closed') return false;
    io.out('\n(answered elsewhere)\n');
  } finally {
    ended.removeEventListener('abort', close);
    lines.close();
    unsubscribe();
  }
  return true;
}
