import { operate } from './operate.ts';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .argument('<task>', '[DATE/]id')
    .argument('<text...>', 'what the agent shall read at its next step')
    .option('--json', 'print the outcome as JSON')
    .addHelpText('after', '\nExample: dayshift tell pagination "Keep the old parameter names."')
    .action((task: string, words: string[]) =>
      run(() => operate(command, io, 'tell', { task, text: words.join(' ') })),
    );
};
