import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRedactor, manualClock } from '../../src/base/index.ts';
import { homePaths, loadHome, type HomePaths } from '../../src/home/index.ts';
import { openJournal, type JournalEvent, type NewEvent, type State } from '../../src/journal/index.ts';
import { dayPlan } from '../../src/journal/spec.testing.ts';
import { structureOf } from '../../src/learn/index.ts';
import { createOperator, takeFeedback, takeLessons, type OperatorContext } from '../../src/operator/index.ts';
import { dayFacts, reportOf } from '../../src/report/index.ts';
import { giveLessons } from '../../src/run/index.ts';
import { nextStep } from '../../src/run/machine.ts';
import { promptFor } from '../../src/run/prompt.ts';
import { work, type Work } from './agent.ts';
import { person, rightWishes, SAYS_YES, type Person } from './person.ts';
import { numbers } from './random.ts';
import { BASE_TOKENS, DAYS, harmful, PAGE_TOKENS, projectFiles, tasksOf } from './world.ts';

/**
 * off: feedback is written and never read · on: it is read · placebo: it is read, and its wishes are another world's · oracle:
 * all that is right is known from the first morning, and nothing else · trusted: as on, and on the tenth morning somebody writes
 * the harmful line into config/lessons.yaml as an active one.
 */
export type Arm = 'off' | 'on' | 'placebo' | 'oracle' | 'trusted';

/** What a month came to. */
export interface Life {
  /** Faults that the person had named on an earlier day, a task. */
  repeats: number;
  /** US dollars a task, by the report. */
  usd: number;
  /** Stars a task, as the person finds it. */
  stars: number;
  /** Tokens that lessons added to a task, as a share of what it carries anyway. */
  tokens: number;
  /** Tasks that had the harmful line before it was retired, and whether it is retired. */
  harm: { exposures: number; retired: boolean };
  /** Of the right wishes that became lessons, how many were retired by themselves, if only once. */
  right: { lessons: number; lost: number };
  /** The report of the last day names lessons. */
  reported: boolean;
}

const memory = '/dev/shm';
const by = { kind: 'person', via: 'file', id: 'anna' } as const;

/** A month of one person, one project and one agent, in a home of its own that is gone afterwards. */
export async function live(seed: number, arm: Arm): Promise<Life> {
  const root = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), 'dayshift-learning-'));
  try {
    return await liveIn(root, seed, arm);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function liveIn(root: string, seed: number, arm: Arm): Promise<Life> {
  const place = await makeHome(root);
  const { clock, journal, operator: ctx, run } = place;
  const operator = createOperator(ctx);
  // Placebo measures what is learned from nothing; where somebody trusts the harmful line, they do not have the idea as well.
  const somebody = person(seed, arm, {
    wishes: arm === 'placebo' ? 'shuffled' : 'right',
    errs: arm !== 'placebo' && arm !== 'trusted',
  });
  const sum = { repeats: 0, usd: 0, stars: 0, tokens: 0, tasks: 0 };
  let reported = arm === 'off';
  if (arm === 'oracle') await knowAll(place, rightWishes);

  for (let day = 0; day < DAYS; day += 1) {
    const date = dateOf(day);
    clock.advance(Date.parse(`${date}T07:00:00Z`) - clock.now());
    if (arm === 'trusted' && day === 9) await knowAll(place, [harmful]);
    const todays: JournalEvent[] = [];
    const unsubscribe = journal.subscribe((event) => todays.push(event));
    const tasks = tasksOf(seed, day);
    const plan = dayPlan(tasks, { date, maxCostUsd: 500 });
    await journal.append(
      { type: 'day.planned', day: date, data: { plan, payer: 'nobody', warnings: [] } },
      { type: 'day.started', day: date, data: {} },
    );
    for (const { id } of tasks) await giveLessons(run, { day: date, task: id });
    await answerQuestions(journal.state, operator);
    const done: Work[] = [];
    for (const { id } of tasks) {
      const { one, tokens } = await doTask(place, seed, arm, { day: date, task: id }, day);
      done.push(one);
      sum.tokens += tokens;
    }
    unsubscribe();
    clock.advance(Date.parse(`${date}T18:00:00Z`) - clock.now());

    const facts = dayFacts(todays, date);
    sum.tasks += tasks.length;
    sum.usd += facts.spentUsd;
    sum.stars += done.reduce((all, one) => all + somebody.stars(one), 0);
    sum.repeats += done.reduce((all, one) => all + one.found.filter(({ id }) => somebody.told.has(id)).length, 0);
    reported ||= day === DAYS - 1 && reportOf(todays, date).includes('Lessons that it had');
    const text = somebody.feedback(date, day, done);
    if (arm === 'off' || arm === 'oracle') continue;
    put(join(place.paths.feedback, `${date}.md`), text);
    const taken = await takeFeedback(ctx, date, by);
    if (taken.kind !== 'read') throw new Error(`${date}: the feedback was not read`);
    await answerCards(journal.state, operator, somebody, numbers(`cards ${seed} ${arm} ${day}`).chance);
  }
  await journal.close();
  const { tasks } = sum;
  return {
    ...{ repeats: sum.repeats / tasks, usd: sum.usd / tasks, stars: sum.stars / tasks, tokens: sum.tokens / tasks },
    ...{ harm: harmOf(journal.state), right: rightOf(journal.state), reported },
  };
}

type Place = Awaited<ReturnType<typeof makeHome>>;

/** A home with one project; its journal is the real one. */
async function makeHome(root: string) {
  const paths: HomePaths = homePaths(join(root, 'home'));
  put(paths.configFile, 'timezone: UTC\nprojects: [{ name: app, path: ../project }]\n');
  put(join(root, 'project/package.json'), '{ "scripts": { "test": "vitest run", "spelling": "cspell ." } }\n');
  for (const name of projectFiles) put(join(root, 'project/docs', name), `# ${name}\n`);
  for (const folder of [paths.own, paths.results, paths.feedback]) mkdirSync(folder, { recursive: true });
  const checkout = join(root, 'work');
  mkdirSync(checkout);
  const home = await loadHome({ home: paths.home, env: {}, cwd: root });
  const clock = manualClock(Date.parse('2026-01-01T00:00:00Z'));
  const journal = await openJournal(paths, { clock });
  let last = 0;
  const newItemId = () => `q${(last += 1)}`;
  const shared = { home, journal, clock, newItemId, redact: createRedactor([]) };
  const operator: OperatorContext = {
    ...{ ...shared, newId: () => 'id', namedSecrets: () => [], runner: undefined },
  };
  const run = { ...shared, inTurn: <T>(doIt: () => Promise<T>) => doIt(), log: () => undefined };
  return { root, paths: home.paths, clock, journal, operator, run, checkout };
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function dateOf(day: number): string {
  return new Date(Date.parse('2026-01-05') + day * 86_400_000).toISOString().slice(0, 10);
}

/** Somebody writes what they know into `config/lessons.yaml`, as active lessons. */
async function knowAll({ paths, root, operator }: Place, wishes: readonly string[]): Promise<void> {
  const said = {
    ...{ project: 'app', modules: ['weddings', 'accounts'], testCommand: 'npm test' },
    file: (name: string) => [`docs/${name}`].find((path) => existsSync(join(root, 'project', path))),
  };
  const entries = wishes.map((text) => {
    const { does, scope } = structureOf(text, said);
    return JSON.stringify({ text, ...does, scope });
  });
  const before = existsSync(paths.lessonsFile) ? readFileSync(paths.lessonsFile, 'utf8') : 'lessons:\n';
  put(paths.lessonsFile, `${before}${entries.map((entry) => `  - ${entry}\n`).join('')}`);
  const problems = await takeLessons(operator);
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

/** One task through its life: prepared, launched by the real machine with the real prompt, worked on, checked, paid. */
async function doTask(
  { journal, run, checkout }: Place,
  seed: number,
  arm: Arm,
  ref: { day: string; task: string },
  day: number,
): Promise<{ one: Work; tokens: number }> {
  await journal.append(
    { ...ref, type: 'task.preparing', data: {} },
    { ...ref, type: 'task.prepared', data: { checkout: '/repo', base: 'b', kind: 'worktree', ms: 1 } },
    { ...ref, type: 'workspace.checkpointed', data: { id: 'c0', label: 'start', commit: 'c', tree: 't0' } },
  );
  const task = journal.state.days[ref.day]?.tasks[ref.task];
  const step = task === undefined ? undefined : nextStep(task, { day: ref.day, items: journal.state.items, now: 0 });
  if (task === undefined || step?.do !== 'launch') throw new Error(`${ref.day}/${ref.task} does not begin`);
  const paths = { root: checkout, checkout, out: checkout, cli: checkout, store: checkout };
  const workspace = { paths, kind: 'worktree' as const, base: 'b', subdir: '', warnings: [] };
  const { launch, told } = await promptFor(run, ref, workspace, step);
  const prompt = launch.mode === 'resume' ? '' : launch.prompt;
  const one = work(seed, arm, day, task.spec, prompt);
  const attempt = { ...ref, attempt: 1 };
  const call = `${ref.day} ${ref.task}`;
  const tokens = { input: 0, output: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0 };
  const { usd } = one;
  const events: NewEvent[] = [
    { ...attempt, type: 'attempt.intended', data: { sessionId: call, mode: 'start', why: step.why } },
    { ...attempt, type: 'attempt.started', data: { pid: 1, startTime: '1', sandbox: 'none' } },
    { ...attempt, type: 'model.reserved', data: { call, model: 'm', usd } },
    ...told.map(({ event }) => ({ ...attempt, ...event })),
    ...one.events.map((event) => ({ ...attempt, ...event })),
    { ...attempt, type: 'model.settled', data: { call, model: 'm', tokens, usd, basis: 'exact', ms: 1 } },
    { ...attempt, type: 'attempt.ended', data: { end: 'finished', exitCode: 0, workedMs: 600_000 } },
    { ...ref, type: 'task.done', data: { reasons: ['checks passed'] } },
  ];
  await journal.append(...events);
  const lines = (task.lessons ?? []).filter(({ held }) => !held).reduce((all, { text }) => all + text.length + 60, 0);
  const added = lines / 4 + PAGE_TOKENS * task.spec.contextFiles.length;
  return { one, tokens: added / BASE_TOKENS };
}

/** What is asked before tasks start is answered in the morning. */
async function answerQuestions(state: State, operator: ReturnType<typeof createOperator>): Promise<void> {
  for (const { id, kind, status, questions } of Object.values(state.items)) {
    if (kind !== 'question' || status !== 'open') continue;
    const text = questions[0]?.question.includes('database') === true ? 'PostgreSQL' : 'Blue';
    await operator.answer({ item: id, text }, by);
  }
}

/** What denies, gates or asks waits for a yes: the person says it to their own wishes, if not today then tomorrow. */
async function answerCards(
  state: State,
  operator: ReturnType<typeof createOperator>,
  { isOwn }: Person,
  chance: (share: number) => boolean,
): Promise<void> {
  for (const { id, status, about } of Object.values(state.items)) {
    if (status !== 'open' || about?.kind !== 'lesson') continue;
    const lesson = state.lessons.byId[about.lesson];
    if (lesson?.status !== 'candidate' || !isOwn(lesson.text)) continue;
    if (chance(SAYS_YES)) await operator.answer({ item: id, text: 'keep' }, by);
  }
}

function harmOf({ lessons }: State): Life['harm'] {
  const all = Object.values(lessons.byId).filter(({ text }) => text === harmful);
  const exposures = all.flatMap(({ uses }) => Object.values(uses)).filter(({ held }) => !held).length;
  return { exposures, retired: all.every(({ status }) => status === 'retired') };
}

function rightOf({ lessons }: State): Life['right'] {
  const all = Object.values(lessons.byId).filter(({ text }) => rightWishes.includes(text));
  const lost = all.filter(({ history }) =>
    history.some(({ status, person: who }) => status === 'retired' && who !== true),
  );
  return { lessons: all.length, lost: lost.length };
}
