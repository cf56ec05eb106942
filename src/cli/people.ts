import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command.option('--json', 'print it as JSON').action((options: { json?: boolean }) =>
    run(async () => {
      const { findHome } = await import('../home/index.ts');
      const { readState } = await import('../journal/read-only.ts');
      const { home } = command.optsWithGlobals<{ home?: string }>();
      const paths = await findHome({ env: io.env, cwd: io.cwd, ...(home === undefined ? {} : { home }) });
      const { state } = await readState(paths);
      const people = Object.values(state.chat.people);
      if (options.json === true) io.out(`${JSON.stringify(people, null, 2)}\n`);
      else if (people.length === 0) io.out('Nobody may speak by chat: `dayshift pair` lets somebody in.\n');
      else
        for (const { id, name, role, channel, user, at } of people)
          io.out(`${id}  ${role.padEnd(8)} ${name} (${channel} ${user}), since ${at.slice(0, 10)}\n`);
      return 0;
    }),
  );
};
