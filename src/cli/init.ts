import { resolve } from 'node:path';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .argument('[dir]', 'the folder; default: --home, else this one')
    .option('--json', 'print what was made as JSON')
    .addHelpText(
      'after',
      '\nIt never overwrites a file and asks nothing.\n\nExample: dayshift init orchestrator    inside your project',
    )
    .action((dir: string | undefined) =>
      run(async () => {
        const { initHome } = await import('../home/index.ts');
        const options = command.optsWithGlobals<{ home?: string; json?: boolean }>();
        const { home, made, kept } = await initHome(resolve(io.cwd, dir ?? options.home ?? '.'));
        if (options.json === true) {
          io.out(`${JSON.stringify({ home, made, kept }, null, 2)}\n`);
          return 0;
        }
        io.out(`Home: ${home}\n`);
        for (const file of made) io.out(`  made  ${file}\n`);
        for (const file of kept) io.out(`  kept  ${file} (was there)\n`);
        if (kept.includes('.gitignore')) {
          io.out('\n.gitignore was there: see that it has .dayshift/, .env, agent_questions/ and agent_workspaces/.\n');
        }
        io.out('\nNext: copy tasks/example.yaml to tasks/DATE.yaml, write your tasks, then: dayshift plan\n');
        return 0;
      }),
    );
};
