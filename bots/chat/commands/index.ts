import { nearestName } from './nearest.ts';
import { may } from '../../../src/people/index.ts';
import type { Answer } from '../input.ts';
import { bold, line, rich } from '../rich/index.ts';
import { learn } from './learn.ts';
import { look } from './look.ts';
import type { Call, Command } from './types.ts';
import { work } from './work.ts';

export { complete, type Completion } from './complete.ts';

/** Every command, for menus, completion and help; the same in each chat. */
export const commands: readonly Command[] = [
  ...look,
  ...work,
  ...learn,
  {
    name: 'help',
    summary: 'what you can do here',
    takes: '',
    right: 'look',
    run: (call) => Promise.resolve(help(call)),
  },
];

/** Other names for the same thing. */
const aliases: Record<string, string> = { start_day: 'start', day: 'today', s: 'status', i: 'inbox', '?': 'help' };

/** Carries out a command, where the person may. One that there is not is told with the nearest that there is. */
export async function runCommand(call: Call, name: string, words: string): Promise<Answer> {
  const wanted = aliases[name] ?? name;
  const command = commands.find((one) => one.name === wanted);
  if (command === undefined) {
    const near = nearestName(
      wanted,
      commands.map((one) => one.name),
    );
    return {
      messages: [
        {
          rich: rich(
            `There is no /${wanted}.${near === undefined ? '' : ` Do you mean /${near}?`} /help lists what there is.`,
          ),
        },
      ],
    };
  }
  if (!may(call.person, command.right)) {
    const words = `You are ${call.person.role} here: you may not /${command.name}.`;
    return { toast: words, messages: call.input.type === 'tap' ? [] : [{ rich: rich(words) }] };
  }
  return command.run(call, words);
}

function help(call: Call): Answer {
  const shown = commands.filter(({ right }) => may(call.person, right));
  return {
    messages: [
      {
        rich: rich(
          line(bold('What you can do here')),
          ...shown.map(({ name, takes, summary }) =>
            line(bold(`/${name}`), takes === '' ? '' : ` ${takes}`, ` – ${summary}`),
          ),
          line(),
          'Reply to a question to answer it in your own words, or write q7 and your answer.',
        ),
      },
    ],
  };
}
