import { operate } from './operate.ts';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .argument('<task>', '[DATE/]id')
    .option('--json', 'print the outcome as JSON')
    .action((task: string) => run(() => operate(command, io, 'apply', { task })));
};
