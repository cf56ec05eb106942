import { DayshiftError } from '../base/index.ts';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .argument('[day]', 'DATE or a task file; default: today')
    .option(
      '--rehearse',
      'in a temporary home, with a scripted model: no tokens are spent, nothing of yours is touched',
    )
    .option('--script <file>', 'with --rehearse: the script of the model (YAML)')
    .option('--json', 'print each event as a line of JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 all done · 1 something failed · 2 usage · 3 the rest waits for a person\n\nExamples:\n  dayshift run 2026-11-23\n  dayshift run tasks/2026-11-23.yaml --rehearse',
    )
    .action((day: string | undefined, options: { rehearse?: boolean; script?: string; json?: boolean }) =>
      run(async () => {
        const { home } = command.optsWithGlobals<{ home?: string }>();
        const where = { env: io.env, cwd: io.cwd, ...(home === undefined ? {} : { home }) };
        if (options.script !== undefined && options.rehearse !== true) {
          throw new DayshiftError('usage', '--script is for rehearsals', {
            hint: 'add --rehearse, or leave --script out',
          });
        }
        const { runDay } = await import('./run-day.ts');
        if (options.rehearse !== true) return runDay(where, day, io, { json: options.json === true });
        const { rehearsal } = await import('../daemon/index.ts');
        const prepared = await rehearsal(where, day, options.script);
        try {
          return await runDay({ env: prepared.env, cwd: io.cwd, home: prepared.home }, prepared.file, io, {
            json: options.json === true,
            rehearsal: true,
          });
        } finally {
          await prepared.close();
          if (options.json !== true) {
            const who =
              options.script ?? 'the built-in script, which only touches deliverables: checks of real work may fail';
            io.out(`This was a rehearsal with ${who}. Its home is kept: ${prepared.home}\n`);
          }
        }
      }),
    );
};
