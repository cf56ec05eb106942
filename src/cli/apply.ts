import { operate } from './operate.ts';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .argument('<task>', '[DATE/]id')
    .option('--with-needs', 'apply what it needs before it')
    .option('--force', 'also with a secret in it, and without what it needs')
    .option('--allow-links', 'also links that lead out of the project')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      '\nAll of it or nothing; where it does not fit, it says why. Nothing is committed. What programs run by themselves is named.',
    )
    .action((task: string, options: { withNeeds?: boolean; force?: boolean; allowLinks?: boolean }) =>
      run(() =>
        operate(command, io, 'apply', {
          task,
          ...(options.withNeeds === true ? { withNeeds: true } : {}),
          ...(options.force === true ? { force: true } : {}),
          ...(options.allowLinks === true ? { allowLinks: true } : {}),
        }),
      ),
    );
};
