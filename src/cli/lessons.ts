import { DayshiftError } from '../base/index.ts';
import { operate } from './operate.ts';
import type { Build } from './io.ts';

const verbs = ['list', 'show', 'why', 'accept', 'try', 'edit', 'retire', 'undo'] as const;

interface Options {
  all?: boolean;
  kind?: string;
  command?: string;
  file?: string[];
  ask?: string;
  factor?: string;
  project?: string;
  module?: string;
  tag?: string[];
  expires?: string;
}

export const build: Build = (command, io, run) => {
  const several = (value: string, before: string[] | undefined) => [...(before ?? []), value];
  command
    .argument('[verb]', `${verbs.join(', ')}; default: list`)
    .argument('[lesson]', 'its id: l3')
    .argument('[words...]', 'edit: its new words; retire: why')
    .option('--all', 'list: retired ones too')
    .option('--kind <kind>', 'edit: guard, check, context, question, estimate or instruction')
    .option('--command <command>', 'edit: the command that must pass')
    .option('--file <path>', 'edit: a file to read first; may be given again', several)
    .option('--ask <question>', 'edit: what you are asked before a task starts')
    .option('--factor <number>', 'edit: by how much estimates are too low')
    .option('--project <name>', 'edit: for this project only; "" for any')
    .option('--module <name>', 'edit: for this module only; "" for any')
    .option('--tag <word>', 'edit: for tasks with this tag or word; may be given again', several)
    .option('--expires <date>', 'edit: until when it holds')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      `
What was learned from feedback, as config/lessons.yaml has it too. A new line or file is tried on three tasks first;
a rule, a check or a question does nothing until you say yes. accept has a lesson on every task that it is about, from the next on.

Examples:
  dayshift lessons
  dayshift lessons why l3
  dayshift lessons accept l3
  dayshift lessons edit l3 "Run the tests before you finish" --command "npm test"
  dayshift lessons retire l3 "No longer true"`,
    )
    .action((given: string | undefined, id: string | undefined, words: string[], options: Options) =>
      run(() => {
        const verb = verbs.find((known) => known === (given ?? 'list'));
        if (verb === undefined)
          throw new DayshiftError('usage', `${given ?? ''} is no verb of lessons`, {
            hint: `there are ${verbs.join(', ')}`,
          });
        return operate(command, io, 'lessons', inputOf(verb, id, words, options));
      }),
    );
};

function inputOf(verb: (typeof verbs)[number], id: string | undefined, words: string[], options: Options) {
  const { file, tag, factor, ...plain } = options;
  const number = factor === undefined ? undefined : Number(factor);
  if (number !== undefined && !(number > 0))
    throw new DayshiftError('usage', `${factor ?? ''} is no factor`, { hint: '2 doubles estimates, 0.5 halves them' });
  if (options.expires !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(options.expires))
    throw new DayshiftError('usage', `${options.expires} is no date`, { hint: 'a day is written like 2026-11-23' });
  return {
    verb,
    ...plain,
    ...(id === undefined ? {} : { id }),
    ...(words.length === 0 ? {} : { text: words.join(' ') }),
    ...(file === undefined ? {} : { files: file }),
    ...(tag === undefined ? {} : { tags: tag }),
    ...(number === undefined ? {} : { factor: number }),
  };
}
