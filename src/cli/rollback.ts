import { operate } from './operate.ts';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .argument('<task>', '[DATE/]id')
    .argument('[checkpoint]', 'c0 (the start, the default), c1, …')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      '\nWhat is there now is kept as a checkpoint of its own. dayshift diff TASK --checkpoints lists them.',
    )
    .action((task: string, checkpoint: string | undefined) =>
      run(() => operate(command, io, 'rollback', { task, ...(checkpoint === undefined ? {} : { checkpoint }) })),
    );
};
