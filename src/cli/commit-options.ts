import type { Command } from 'commander';
import { DayshiftError } from '../base/index.ts';
import type { CliIo, ExitCode } from './io.ts';
import { callOperator, operate } from './operate.ts';

interface Options {
  message?: string[];
  edit?: boolean;
  withNeeds?: boolean;
  force?: boolean;
  allowLinks?: boolean;
}

/** The options that `commit`, `branch` and `pr` have in common. */
export function commitOptions(command: Command): void {
  command
    .option(
      '-m, --message <text>',
      'the message in place of the proposed one; given twice: a paragraph more',
      (text: string, before?: string[]) => [...(before ?? []), text],
    )
    .option('-e, --edit', 'edit the message first, in the editor that git uses')
    .option('--with-needs', 'also what it needs, a commit each')
    .option('--force', 'also with a secret in it, and without what it needs')
    .option('--allow-links', 'also links that lead out of the project')
    .option('--json', 'print the outcome as JSON');
}

/** Makes the call, with the message that the person wrote or edited. */
export async function operateCommit(
  command: Command,
  io: CliIo,
  call: 'commit' | 'branch' | 'pr',
  input: { task: string },
  options: Options,
): Promise<ExitCode> {
  const given = options.message?.join('\n\n');
  const full = {
    ...input,
    ...(given === undefined ? {} : { message: given }),
    ...(options.withNeeds === true ? { withNeeds: true } : {}),
    ...(options.force === true ? { force: true } : {}),
    ...(options.allowLinks === true ? { allowLinks: true } : {}),
  };
  if (options.edit !== true) return operate(command, io, call, full);
  const proposed = await callOperator(command, io, call, { ...full, propose: true });
  const text = proposed.data?.message;
  if (!proposed.ok || typeof text !== 'string') {
    io.err(`${proposed.message}\n`);
    return 1;
  }
  const { edited } = await import('./edit.ts');
  const message = await edited(text, io);
  if (message === '')
    throw new DayshiftError('usage', 'the message is empty: nothing was committed', { hint: 'write one, or use -m' });
  return operate(command, io, call, { ...full, message });
}
