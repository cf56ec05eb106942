import type { Home } from '../home/index.ts';
import type { Plan, State } from '../journal/index.ts';
import type { PlanExtras } from '../plan/index.ts';
import type { Build, CliIo, ExitCode } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .argument('[day]', 'DATE, today, tomorrow, yesterday, or a task file; default: today')
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExit codes: 0 the day can run, 2 a file is not valid.')
    .action((day: string | undefined) =>
      run(() => showPlan(day, command.optsWithGlobals<{ home?: string; json?: boolean }>(), io)),
    );
};

/** Prints how a day is understood; 2 where its file is not valid. */
export async function showPlan(
  target: string | undefined,
  options: { home?: string; json?: boolean },
  io: CliIo,
): Promise<ExitCode> {
  const { loadDay, loadDayFiles, loadHome } = await import('../home/index.ts');
  const { emptyState, readState } = await import('../journal/read-only.ts');
  const { formatProblem } = await import('../document/index.ts');
  const { messageOf } = await import('../base/index.ts');
  const home = await loadHome({ home: options.home, env: io.env, cwd: io.cwd });
  // A damaged journal is for the commands that need it: the plan can be shown all the same.
  const state = await readState(home.paths).then((read) => read.state, emptyState);
  const loaded = await loadDay(target, home, new Date(), state, { cwd: io.cwd });
  const { file, listProblems } = loaded;
  const hindered = await loadDayFiles(home.paths).then(
    () => [],
    (error: unknown) => messageOf(error).split('\n'),
  );
  // A day that the journal has goes on as it was planned, with or without its file.
  const known = loaded.missing === undefined ? undefined : state.days[loaded.missing]?.plan;
  const plan = loaded.plan ?? known;
  const problems =
    plan === undefined ? [...loaded.problems, ...listProblems] : known === undefined ? loaded.problems : [];
  if (plan === undefined) {
    if (options.json === true) io.out(`${JSON.stringify({ file, problems }, null, 2)}\n`);
    else {
      const { count } = await import('../base/index.ts');
      for (const problem of problems) io.err(`${formatProblem(problem)}\n`);
      const errors = problems.filter(({ severity }) => severity === 'error').length;
      io.err(`${file}: ${count(errors, 'error')}; this day cannot run.\n`);
    }
    return 2;
  }
  const { planView, renderPlan } = await import('../plan/index.ts');
  const view = planView(
    plan,
    await extrasOf(
      plan,
      home,
      [...problems, ...listProblems]
        .map(formatProblem)
        .concat(
          hindered,
          loaded.notes,
          known === undefined ? [] : [`there is no ${file}: the day goes on as it was planned`],
        ),
      io,
      state,
    ),
  );
  if (options.json === true)
    io.out(`${JSON.stringify({ ...view, problems: [...problems, ...listProblems] }, null, 2)}\n`);
  else io.out(renderPlan(view, { columns: io.columns, color: io.color }));
  if (hindered.length > 0 && options.json !== true) io.err(`${hindered.join('\n')}\nThis day cannot run.\n`);
  // The day can run without a list of tasks; whoever looks at its plan should mend it.
  return listProblems.length === 0 && hindered.length === 0 ? 0 : 2;
}

async function extrasOf(plan: Plan, home: Home, remarks: string[], io: CliIo, state: State): Promise<PlanExtras> {
  const { loadEnvFile, loadTaskList, lookAtProject } = await import('../home/index.ts');
  const { payerOf, upstreamFromEnv } = await import('../door/index.ts');
  const { dayForecast } = await import('../budget/index.ts');
  const { findProgram, kindFor, limitsFrom, limitWords } = await import('../sandbox/index.ts');
  const { correctionOf, doesWords, selectForDay } = await import('../learn/index.ts');
  const { dateIn } = await import('../plan/index.ts');
  const { timezoneOf } = await import('../home/index.ts');
  const today = dateIn(new Date(), timezoneOf(home));
  // A task that has them keeps what it was given.
  const given = Object.values(state.days[plan.date]?.tasks ?? {}).flatMap(({ spec, lessons }) =>
    lessons === undefined ? [] : [[spec.id, lessons] as const],
  );
  const open = plan.tasks.filter(({ id }) => !given.some(([task]) => task === id));
  const lessons = {
    ...Object.fromEntries(given),
    ...selectForDay(Object.values(state.lessons.byId), open, { day: plan.date, today }),
  };
  const file = await loadEnvFile(home.paths);
  const env: Record<string, string | undefined> = { ...file.values, ...io.env };
  const { waitingTasks } = await import('../plan/index.ts');
  const { formatProblem } = await import('../document/index.ts');
  const backlog = await loadTaskList(home, 'backlog');
  const used = new Set(plan.tasks.map((task) => task.project));
  const facts = await Promise.all(
    home.projects
      .filter(({ name }) => used.has(name))
      .map(
        async ({ name, path, base }) =>
          [name, { path, base, ...(await lookAtProject(path, io.env, home.paths.home)) }] as const,
      ),
  );
  return {
    payer: payerOf(upstreamFromEnv(env), env),
    forecast: dayForecast(state.history, plan.tasks, (task) => correctionOf(state, task)),
    lessons: Object.fromEntries(
      Object.entries(lessons).map(([task, those]) => [
        task,
        those.map(
          ({ id, text, does, held }) =>
            `[${id}] ${text} (${held ? 'tried on other tasks: this one goes without, to compare' : doesWords(does)})`,
        ),
      ]),
    ),
    lessonChecks: Object.fromEntries(
      Object.entries(lessons).map(([task, those]) => [
        task,
        those.flatMap(({ does, held }) => (does.kind === 'check' && !held ? [does.command] : [])),
      ]),
    ),
    contextAttached: home.config.auto_context === 'attach',
    context: await contextFor(plan, home, io, state),
    projects: Object.fromEntries(facts),
    clients: await clientsOf(plan, env),
    sandbox: home.config.sandbox.mode,
    backlog: { tasks: waitingTasks(backlog.tasks, state).map(({ id }) => id), until: home.config.backlog.until },
    limits: limitWords(limitsFrom(home.config.sandbox), kindFor(home.config.sandbox.mode)),
    isSet: (name) => env[name] !== undefined,
    warnings: [
      ...home.warnings,
      ...file.warnings,
      ...accountFrom(file.values, io.env),
      ...remarks,
      ...(kindFor(home.config.sandbox.mode) === 'bubblewrap' && findProgram('bwrap', io.env.PATH) === undefined
        ? ['bubblewrap is not installed: the day would not start (dayshift doctor says what to do)']
        : []),
      ...backlog.problems.map(formatProblem),
      ...(await lessonProblems(home, state)),
    ],
  };
}

/** What is wrong with `config/lessons.yaml`; what was edited in it and is read as the day starts. */
async function lessonProblems(home: Home, { lessons }: State): Promise<string[]> {
  const { readText, formatProblem } = await import('../document/index.ts');
  const { LESSONS_FILE, newsInFile } = await import('../learn/index.ts');
  const read = await readText(home.paths.lessonsFile, LESSONS_FILE).catch(() => undefined);
  if (read === undefined) return [];
  if ('problem' in read) return [formatProblem(read.problem)];
  const { problems, events } = newsInFile(read.text, lessons.byId, lessons.filed, { newId: () => '', today: '' });
  if (problems.some(({ severity }) => severity === 'error'))
    return [
      ...problems.map(formatProblem),
      `${LESSONS_FILE} is not valid: the lessons are shown as they hold without its changes`,
    ];
  return events.length === 0
    ? []
    : [`${LESSONS_FILE} was edited: that is read as the day starts, or by dayshift lessons`];
}

/** Files that each task is likely to need, with the reasons, by its id. */
async function contextFor(plan: Plan, home: Home, io: CliIo, state: State): Promise<Record<string, string[]>> {
  if (home.config.auto_context === 'off') return {};
  const { projectPast } = await import('../home/index.ts');
  const { suggestContext, wellRated } = await import('../learn/index.ts');
  const context: Record<string, string[]> = {};
  for (const { name, path } of home.projects) {
    const tasks = plan.tasks.filter(({ project }) => project === name);
    if (tasks.length === 0) continue;
    const [past, well] = [await projectPast(path, io.env), wellRated(state, name)];
    for (const task of tasks)
      context[task.id] = suggestContext(task, well, past).map((one) => `${one.path} (${one.why.join('; ')})`);
  }
  return context;
}

/** What the words of the `egress` lists stand for. The clients are started only where one is named. */
async function clientsOf(plan: Plan, env: Record<string, string | undefined>): Promise<PlanExtras['clients']> {
  const { presets } = await import('../egress/index.ts');
  const used = presets.filter((preset) => plan.tasks.some(({ egress }) => egress.includes(preset)));
  if (used.length === 0) return {};
  const { readClient } = await import('../clients/index.ts');
  const found = await Promise.all(
    used.map(async (preset) => {
      const { hosts, problem } = await readClient(preset, env);
      return [preset, { hosts, problem }] as const;
    }),
  );
  return Object.fromEntries(found);
}

/** A key that lies in a file is easily another project's: it is said where it comes from. */
function accountFrom(file: Record<string, string>, env: NodeJS.ProcessEnv): string[] {
  return ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN', 'ANTHROPIC_BASE_URL']
    .filter((name) => file[name] !== undefined && env[name] === undefined)
    .map((name) => `${name} is taken from the .env of the home`);
}
