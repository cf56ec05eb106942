import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .option('--all', 'also what was answered')
    .option('--ids', 'print only the ids of what waits')
    .option('--json', 'print the items as JSON')
    .addHelpText('after', '\nExit codes: 0 nothing waits, 3 something waits for you.')
    .action((options: { all?: boolean; json?: boolean; ids?: boolean }) =>
      run(async () => {
        const { findHome } = await import('../home/index.ts');
        const { readAll, readRecent } = await import('../journal/read-only.ts');
        const { openItems, renderItem } = await import('../inbox/index.ts');
        const { home } = command.optsWithGlobals<{ home?: string }>();
        const paths = await findHome({ env: io.env, cwd: io.cwd, ...(home === undefined ? {} : { home }) });
        // What is open is among the recent, whatever day it is of.
        const { recent: state, warnings } = await (options.all === true ? readAll(paths) : readRecent(paths));
        for (const warning of warnings) io.err(`${warning}\n`);
        const items = options.all === true ? Object.values(state.items) : openItems(state);
        if (options.ids === true) for (const { id } of openItems(state)) io.out(`${id}\n`);
        else if (options.json === true) io.out(`${JSON.stringify(items, null, 2)}\n`);
        else if (items.length === 0) io.out('Nothing waits for you.\n');
        else io.out(`${items.map((item) => renderItem(item)).join('\n\n')}\n`);
        return items.some((item) => item.status === 'open') ? 3 : 0;
      }),
    );
};
