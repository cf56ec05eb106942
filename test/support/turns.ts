/** Words of scripts for the model: what the end-to-end tests let it do. */
export const bash = (command: string) => ({ name: 'Bash', input: { command } });

export const writeFile = (path: string, content: string) => ({ name: 'Write', input: { file_path: path, content } });

/** One question with two options. */
export const askTool = (question = 'Which one?') => ({
  name: 'AskUserQuestion',
  input: {
    questions: [
      {
        question,
        header: 'Which',
        multiSelect: false,
        options: [
          { label: 'Number one', description: 'the first' },
          { label: 'Number two', description: 'the second' },
        ],
      },
    ],
  },
});

/** A task file's task with the given lines, indented as they must be. */
export function task(id: string, ...lines: string[]): string {
  return [
    `  - id: ${id}`,
    `    name: ${id}`,
    `    description: Do ${id}`,
    ...lines.map((line) => `    ${line}`),
    '',
  ].join('\n');
}

export const tasks = (...all: string[]) => `tasks:\n${all.join('')}`;
