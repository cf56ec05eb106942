import { operate } from './operate.ts';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .argument('[task]', '[DATE/]id; without it, every workspace of a day before today')
    .option('--force', 'also those with work that was not applied')
    .option('--dry-run', 'only say what would be removed')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      '\nWork that was not applied is kept. Examples:\n  dayshift clean --dry-run\n  dayshift clean 2026-11-23/pagination --force',
    )
    .action((task: string | undefined, options: { force?: boolean; dryRun?: boolean }) =>
      run(() =>
        operate(command, io, 'clean', {
          ...(task === undefined ? {} : { task }),
          force: options.force === true,
          dryRun: options.dryRun === true,
        }),
      ),
    );
};
