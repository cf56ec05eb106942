import { operate } from './operate.ts';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .argument('<task>', '[DATE/]id')
    .option('--allow-links', 'also links that lead out of the project')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      '\nAll of it or nothing; where it does not fit, it says why. Nothing is committed. What programs run by themselves is named.',
    )
    .action((task: string, options: { allowLinks?: boolean }) =>
      run(() => operate(command, io, 'apply', { task, ...(options.allowLinks === true ? { allowLinks: true } : {}) })),
    );
};
