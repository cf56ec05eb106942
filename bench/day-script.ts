import type { ScriptInput } from '../src/agents/index.ts';

/** Ids of the day's tasks. */
export const taskIds = Array.from({ length: 10 }, (_, n) => `task-${String(n + 1).padStart(2, '0')}`);

/** Tool calls of each task. */
export const callsATask = 10;

const bash = (command: string) => ({ tools: [{ name: 'Bash', input: { command } }] });

/** What an agent does that looks round, writes a page, changes a source file and says so: one tool call a turn. The model thinks for `delayMs` each time. */
export function dayScript(delayMs: number): ScriptInput {
  return {
    tasks: taskIds.map((task, n) => {
      const module = `{{workspace}}/src/module-${n}/file-7.ts`;
      const page = `{{workspace}}/docs/${task}.md`;
      return {
        task,
        turns: [
          { say: 'I look round first.', ...bash('ls && ls src | head -20') },
          bash('git status --short | head'),
          bash(`grep -rln 'value-${n}-7' src | head`),
          { tools: [{ name: 'Read', input: { file_path: module } }] },
          {
            say: 'Now the change.',
            tools: [
              {
                name: 'Edit',
                input: { file_path: module, old_string: `value-${n}-7`, new_string: `value-${n}-7-changed` },
              },
            ],
          },
          {
            tools: [{ name: 'Write', input: { file_path: page, content: `# ${task}\n\nWhat was changed and why.\n` } }],
          },
          { tools: [{ name: 'Read', input: { file_path: page } }] },
          bash(`wc -l docs/${task}.md && tail -1 src/module-${n}/file-7.ts`),
          bash('git diff --stat'),
          { tools: [{ name: 'Write', input: { file_path: '{{out}}/summary.md', content: '# Summary\nDone.\n' } }] },
          { say: 'Done.' },
        ].map((turn) => ({ ...turn, delay_ms: delayMs })),
      };
    }),
  };
}

/** The task file below its date. */
export function dayTasks(): string {
  const tasks = taskIds.map((id) =>
    [
      `  - id: ${id}`,
      `    name: Change a module and write it up`,
      `    description: Change the module's value and write docs/${id}.md about it.`,
      `    deliverables: [docs/${id}.md]`,
      `    checks: ["grep -q changed docs/${id}.md"]`,
    ].join('\n'),
  );
  return `concurrency: 1\ntasks:\n${tasks.join('\n')}\n`;
}

/** 5,000 small source files in 100 folders. */
export function dayFiles(): Record<string, string> {
  const files: Record<string, string> = { 'README.md': '# Bench\n', '.gitignore': 'node_modules/\n' };
  for (let module = 0; module < 100; module += 1) {
    for (let file = 0; file < 50; file += 1) {
      const lines = Array.from({ length: 40 }, (_, line) => `export const line${line} = ${module * file + line};`);
      files[`src/module-${module}/file-${file}.ts`] =
        `${lines.join('\n')}\nexport const name = 'value-${module}-${file}';\n`;
    }
  }
  return files;
}
