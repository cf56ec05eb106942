import { operate } from './operate.ts';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .argument('<task>', '[DATE/]id')
    .option('--json', 'print the outcome as JSON')
    .addHelpText('after', '\nAll of it or nothing; where it does not fit, it says why. Nothing is committed.')
    .action((task: string) => run(() => operate(command, io, 'apply', { task })));
};
