import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { operate } from './operate.ts';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .argument('[day]', 'DATE or a task file; default: today')
    .option('--carry', 'even if there is nothing but unfinished tasks of earlier days')
    .option('--json', 'print the outcome as JSON')
    .addHelpText('after', '\nBegins the day in the running `dayshift up`. A paused day goes on with `dayshift resume`.')
    .action((day: string | undefined, options: { carry?: boolean }) =>
      run(() => {
        // The daemon looks from its own folder: a file is named whole.
        const target = day !== undefined && existsSync(resolve(io.cwd, day)) ? resolve(io.cwd, day) : day;
        return operate(command, io, 'start', {
          ...(target === undefined ? {} : { target }),
          ...(options.carry === true ? { carry: true } : {}),
        });
      }),
    );
};
