import { operate } from './operate.ts';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .argument('<item>', 'its id: q7')
    .argument('<answer...>', 'an option’s letter, number or words, or a text of your own')
    .option('--json', 'print the outcome as JSON')
    .addHelpText('after', '\nSeveral questions in one item: dayshift answer q7 "1: B" "2: use the old name"')
    .action((item: string, words: string[]) => {
      const text = words.every((word) => /^\d+\s*[:=]/.test(word)) ? words.join('\n') : words.join(' ');
      run(() => operate(command, io, 'answer', { item, text }));
    });
};
