import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .argument('<task>', '[DATE/]id')
    .argument('[from]', 'a checkpoint; default: the start, c0')
    .argument('[to]', 'a checkpoint; default: the latest')
    .option('--stat', 'only which files, and how much')
    .option('--checkpoints', 'list the checkpoints')
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExamples:\n  dayshift diff pagination --stat\n  dayshift diff pagination c1 c2')
    .action(
      (
        task: string,
        from: string | undefined,
        to: string | undefined,
        options: { stat?: boolean; checkpoints?: boolean; json?: boolean },
      ) =>
        run(async () => {
          const { loadHome } = await import('../home/index.ts');
          const { readState } = await import('../journal/read-only.ts');
          const { cleanedWords, findTask } = await import('../operator/index.ts');
          const { leakWords, readWork, workspaceOf } = await import('../run/index.ts');
          const { diffText } = await import('../workspace/index.ts');
          const { DayshiftError, hasCode, printable } = await import('../base/index.ts');
          const { home: dir } = command.optsWithGlobals<{ home?: string }>();
          const home = await loadHome({ env: io.env, cwd: io.cwd, ...(dir === undefined ? {} : { home: dir }) });
          const { state } = await readState(home.paths);
          const found = findTask(state, task);
          const { checkpoints, work } = found.state;
          const gone = cleanedWords(found, found.state);
          if (gone !== undefined) io.err(`${gone}\n`);
          if (work?.secrets !== undefined) io.err(`! ${leakWords(work.secrets)}\n`);
          if (options.checkpoints === true) {
            if (options.json === true) io.out(`${JSON.stringify(checkpoints, null, 2)}\n`);
            else for (const one of checkpoints) io.out(`${one.id}  ${one.at}  ${one.label}\n`);
            return 0;
          }
          const commitOf = (id: string) => {
            const one = checkpoints.find((other) => other.id === id);
            if (one !== undefined) return one.commit;
            throw new DayshiftError('usage', `${found.task} has no checkpoint ${id}`, {
              hint: `dayshift diff ${found.task} --checkpoints`,
            });
          };
          // What an agent wrote may hold escape sequences: they are taken out before ours come in.
          const show = (text: string) => io.out(io.color ? coloured(printable(text)) : printable(text));
          if (gone !== undefined) {
            if (from !== undefined)
              throw new DayshiftError('usage', `${gone}. Its checkpoints went with it`, {
                hint: `dayshift diff ${found.task} shows the patch`,
              });
            const patch =
              work === undefined
                ? ''
                : await readWork({ home }, found).catch((error: unknown) => {
                    if (!hasCode(error, 'ENOENT')) throw error;
                    throw new DayshiftError('usage', `${gone}, which is gone too`, {
                      hint: `dayshift retry ${found.task} does it anew`,
                    });
                  });
            if (options.json === true)
              io.out(`${JSON.stringify({ day: found.day, task: found.task, cleaned: true, diff: patch }, null, 2)}\n`);
            else if (options.stat === true)
              for (const { status, path } of work?.stat.paths ?? []) show(`${status} ${path}\n`);
            else show(patch);
            return 0;
          }
          const last = checkpoints.at(-1);
          if (last === undefined) {
            if (options.json === true) io.out('null\n');
            else io.out(`${found.task} has not begun: there is nothing to show.\n`);
            return 0;
          }
          const workspace = workspaceOf(home, found.state, found);
          const [start, end] = [from ?? 'c0', to ?? last.id];
          const text = await diffText(workspace, commitOf(start), commitOf(end), { stat: options.stat === true });
          if (options.json === true) {
            io.out(
              `${JSON.stringify({ day: found.day, task: found.task, from: start, to: end, diff: text }, null, 2)}\n`,
            );
            return 0;
          }
          show(text);
          return 0;
        }),
    );
};

function coloured(diff: string): string {
  const paint = (code: number, line: string) => `\u001b[${code}m${line}\u001b[0m`;
  return diff
    .split('\n')
    .map((line) => {
      if (/^(?:diff|index|\+\+\+|---) /.test(line)) return paint(1, line);
      if (line.startsWith('@@')) return paint(36, line);
      if (line.startsWith('+')) return paint(32, line);
      return line.startsWith('-') ? paint(31, line) : line;
    })
    .join('\n');
}
