import { operate } from './operate.ts';
import type { Build } from './io.ts';

/** A command about one task, or about the whole day where none is named. */
export function dayOrTask(call: 'pause' | 'resume' | 'stop'): Build {
  return (command, io, run) => {
    command
      .argument('[task]', '[DATE/]id, or DATE for that whole day; without it, the day that runs')
      .option('--json', 'print the outcome as JSON')
      .action((task: string | undefined) => run(() => operate(command, io, call, task === undefined ? {} : { task })));
  };
}
