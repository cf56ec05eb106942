import { basename } from 'node:path';
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
        const { rehearsal, reopenRehearsal } = await import('../daemon/index.ts');
        const prepared =
          options.rehearse === true
            ? await rehearsal(where, day, options.script)
            : await reopenRehearsal(where).then((again) => again && { ...again, file: day });
        const json = options.json === true;
        if (prepared === undefined) return runDay(where, day, io, { json });
        if (!json) {
          io.out(
            `A rehearsal, in ${prepared.home}: another terminal answers with dayshift --home ${prepared.home} …\n`,
          );
        }
        try {
          return await runDay({ env: prepared.env, cwd: io.cwd, home: prepared.home }, prepared.file, io, {
            json,
            rehearsal: true,
          });
        } finally {
          await prepared.close();
          if (!json && options.rehearse === true) {
            const who =
              options.script ?? 'the built-in script, which only touches deliverables: checks of real work may fail';
            const date = /^\d{4}-\d\d-\d\d(?=\.ya?ml$)/.exec(basename(prepared.file ?? ''))?.[0];
            io.out(
              `This was a rehearsal with ${who}. Its home is kept; what waits goes on with dayshift --home ${prepared.home} run ${date ?? prepared.file ?? ''}\n`,
            );
          }
        }
      }),
    );
};
