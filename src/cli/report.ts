import { count, DayshiftError, redactDeep } from '../base/index.ts';
import type { TaskFileFacts } from '../report/index.ts';
import type { Build } from './io.ts';

interface ReportOptions {
  json?: boolean;
  print?: boolean;
  week?: boolean;
  open?: boolean;
  browser: boolean;
}

export const build: Build = (command, io, run) => {
  command
    .argument('[day]', 'DATE, today, yesterday, or a task file; default: the latest day')
    .option('--json', 'print the facts as JSON and write nothing')
    .option('--print', 'print the report and write nothing')
    .option('--week', 'print the seven days to that day, with trends against the seven before, and write nothing')
    .option('--open', 'show it in the browser, with stars and words for each task that go into feedback/DATE.md')
    .option('--no-browser', 'with --open: only print the address')
    .action((day: string | undefined, options: ReportOptions) =>
      run(async () => {
        const { findHome } = await import('../home/index.ts');
        const { dayArgument } = await import('./day-argument.ts');
        const { reportFacts, reportText, secrets, writeReportFiles } = await import('../daemon/index.ts');
        const { home } = command.optsWithGlobals<{ home?: string }>();
        const paths = await findHome({ env: io.env, cwd: io.cwd, ...(home === undefined ? {} : { home }) });
        const date = await dayArgument(day, paths);
        if (options.open === true && options.week === true)
          throw new DayshiftError('usage', '--week is printed, --open shows one day', {
            hint: 'dayshift report --week, or dayshift report --open [DATE]',
          });
        if (options.open === true) {
          const { openReport } = await import('./open-report.ts');
          return openReport(command, io, paths, date, options.browser);
        }
        if (options.week === true) {
          const { readState } = await import('../journal/read-only.ts');
          const { shiftDate } = await import('../plan/index.ts');
          const { weekFacts, weekPage } = await import('../report/index.ts');
          const facts = weekFacts((await readState(paths)).state, shiftDate(date, -6), date);
          const text = options.json === true ? `${JSON.stringify(facts, null, 2)}\n` : weekPage(facts);
          io.out((await secrets(paths, io.env)).redact(text));
          return 0;
        }
        const { redact } = await secrets(paths, io.env);
        if (options.json === true) {
          io.out(`${JSON.stringify(redactDeep(await reportFacts(paths, date), redact), null, 2)}\n`);
          return 0;
        }
        if (options.print === true) {
          io.out(redact(await reportText(paths, date)));
          return 0;
        }
        const { planned, taskFile } = await reportFacts(paths, date);
        const path = await writeReportFiles(paths, redact, date);
        io.out(`${path}\n${path.replace(/md$/, 'html')}\n`);
        if (!planned) io.err(`Nothing ran on ${date}: ${whyNot(taskFile)}.\n`);
        return 0;
      }),
    );
};

/** Why a day was never begun, as far as its task file says. */
function whyNot(taskFile: TaskFileFacts | undefined): string {
  if (taskFile === undefined) return 'it has no task file';
  const { file, tasks, errors } = taskFile;
  if (errors.length > 0)
    return `it cannot be begun as its files are: the report lists ${count(errors.length, 'error')}`;
  return `it was never begun. The report lists what ${file} plans (${count(tasks.length, 'task')})`;
}
