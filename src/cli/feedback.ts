import { operate } from './operate.ts';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .argument('[day]', 'DATE, today, yesterday; default: the latest day')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      `
Reads feedback/DATE.md into the journal, once, and shows what was understood. A running \`dayshift up\` does so by itself
when the file is saved.

  # Feedback - 2026-11-23

  ## task-001: Documentation Task
  Rating: 4/5
  ✅ Perfect structure
  ⚠️ Forgot to write tests
  Action: Write the tests first`,
    )
    .action((day: string | undefined) =>
      run(async () => {
        if (day === undefined) return operate(command, io, 'feedback', {});
        const { findHome } = await import('../home/index.ts');
        const { dayArgument } = await import('./day-argument.ts');
        const { home } = command.optsWithGlobals<{ home?: string }>();
        const paths = await findHome({ env: io.env, cwd: io.cwd, ...(home === undefined ? {} : { home }) });
        const date = await dayArgument(day.replace(/\.md$/, ''), paths);
        return operate(command, io, 'feedback', { date });
      }),
    );
};
