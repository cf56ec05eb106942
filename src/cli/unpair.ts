import { operate } from './operate.ts';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .argument('<person>', 'an id (p2), a name, or the account’s id: see `dayshift people`')
    .option('--json', 'print the outcome as JSON')
    .action((person: string) => run(() => operate(command, io, 'unpair', { person })));
};
