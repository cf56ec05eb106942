import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { DayshiftError, messageOf } from '../base/index.ts';
import { operate } from './operate.ts';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .argument('<task>', '[DATE/]id')
    .argument('[text...]', 'what the agent shall read at its next step')
    .option('--file <path...>', 'files that go along: it can read them, and nobody runs them')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  dayshift tell pagination "Keep the old parameter names."\n  dayshift tell pagination "It looks like this" --file shot.png',
    )
    .action((task: string, words: string[], options: { file?: string[] }) =>
      run(async () => {
        const files = await Promise.all((options.file ?? []).map((path) => read(resolve(io.cwd, path))));
        return operate(command, io, 'tell', {
          task,
          text: words.join(' '),
          ...(files.length === 0 ? {} : { files }),
        });
      }),
    );
};

async function read(path: string): Promise<{ name: string; data: string }> {
  try {
    return { name: basename(path), data: (await readFile(path)).toString('base64') };
  } catch (error) {
    throw new DayshiftError('usage', `${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
