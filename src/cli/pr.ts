import { commitOptions, operateCommit } from './commit-options.ts';
import type { Build } from './io.ts';

type PrOptions = Parameters<typeof operateCommit>[4] & { base?: string; draft?: boolean };

export const build: Build = (command, io, run) => {
  command.argument('<task>', '[DATE/]id').argument('[name]', 'of the branch; default: dayshift/DATE/TASK');
  commitOptions(command);
  command
    .option('--base <branch>', 'the branch that it is to go into')
    .option('--draft', 'as a draft')
    .addHelpText(
      'after',
      `
Makes the branch as dayshift branch does, pushes it with your git, and opens the request with your gh. Its title and text are the
message of the commit. Where gh is missing or not logged in the branch is there, and the commands to go on are printed.

Example: dayshift pr pagination --draft -m "Paginate weddings"`,
    )
    .action((task: string, name: string | undefined, options: PrOptions) =>
      run(() => {
        const input = {
          task,
          ...(name === undefined ? {} : { name }),
          ...(options.base === undefined ? {} : { base: options.base }),
          ...(options.draft === true ? { draft: true } : {}),
        };
        return operateCommit(command, io, 'pr', input, options);
      }),
    );
};
