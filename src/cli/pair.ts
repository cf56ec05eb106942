import { Option } from 'commander';
import { operate } from './operate.ts';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .addOption(
      new Option('--role <role>', 'what they may do').choices(['owner', 'operator', 'viewer']).default('owner'),
    )
    .option('--json', 'print {"code": …}')
    .addHelpText(
      'after',
      '\nThe code holds for ten minutes and once: whoever sends it to the bot first is let in.\nowner: everything · operator: all but money, applying work and people · viewer: only look',
    )
    .action((options: { role: 'owner' | 'operator' | 'viewer' }) =>
      run(() => operate(command, io, 'pair', { role: options.role }, ({ data }) => data ?? {})),
    );
};
