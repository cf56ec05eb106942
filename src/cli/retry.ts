import { operate } from './operate.ts';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .argument('<task>', '[DATE/]id')
    .option('--hint <text>', 'what it shall do differently this time')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      '\nIts workspace stays as it is; tasks that were stopped because of it are queued too.\n\nExample: dayshift retry pagination --hint "The test data lies in test/data."',
    )
    .action((task: string, options: { hint?: string }) =>
      run(() => operate(command, io, 'retry', { task, ...(options.hint === undefined ? {} : { hint: options.hint }) })),
    );
};
