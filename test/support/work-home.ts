import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { OpenHome } from '../../src/daemon/index.ts';
import { homePaths } from '../../src/home/index.ts';
import { readEvents, type EventType, type JournalEvent, type TaskSpec } from '../../src/journal/index.ts';
import { DAY, dayPlan, taskSpec } from '../../src/journal/spec.testing.ts';
import type { Operator } from '../../src/operator/index.ts';
import { checkpoint, measure, prepareWorkspace } from '../../src/workspace/index.ts';
import { gitProject, type GitProject } from './git-project.ts';
import { openWorkHome, operatorOf } from './open-work-home.ts';

/** A home whose tasks have done work, without an agent: what people do with it then is tried on it. */
export interface WorkHome extends GitProject {
  homeDir: string;
  /** The day's tasks, each with what its agent did in its checkout. What a task needs is done there before. */
  done(
    tasks: { id: string; edit: (checkout: string) => void; more?: Partial<TaskSpec>; secrets?: string }[],
  ): Promise<void>;
  /** Opens the home, makes the call, and closes it. */
  call<T>(work: (operator: Operator, open: OpenHome) => Promise<T>, onPoint?: (name: string) => void): Promise<T>;
  events<T extends EventType>(...types: T[]): Promise<Extract<JournalEvent, { type: T }>[]>;
}

/** `folder`: the project is this folder of its repository. */
export function workHome(
  files: Record<string, string>,
  { init = [], folder = '' }: { init?: string[]; folder?: string } = {},
): WorkHome {
  const made = gitProject(files, init);
  made.git('config', 'user.name', 'Pia Person');
  made.git('config', 'user.email', 'pia@example.com');
  const homeDir = join(made.dir, 'home');
  const paths = homePaths(homeDir);
  put(paths.configFile, `timezone: UTC\nprojects: [{ name: app, path: ../project/${folder} }]\n`);
  const call: WorkHome['call'] = async (work, onPoint) => {
    const open = await openWorkHome(homeDir);
    try {
      return await work(operatorOf(open, onPoint), open);
    } finally {
      await open.close();
    }
  };
  return {
    ...made,
    homeDir,
    call,
    done: (tasks) =>
      call(async (_operator, { journal, home }) => {
        const specs = tasks.map(({ id, more }) => taskSpec(id, { project: 'app', checks: ['npm test'], ...more }));
        await journal.append({
          ...{ type: 'day.planned', day: DAY },
          data: { plan: dayPlan(specs), payer: 'nobody', warnings: [] },
        });
        for (const { id, edit, secrets } of tasks) {
          const ref = { day: DAY, task: id };
          const ws = await prepareWorkspace(home.projects[0]!, made.paths(id, DAY));
          const before = tasks.slice(
            0,
            tasks.findIndex((one) => one.id === id),
          );
          const needs = specs.find((spec) => spec.id === id)?.needs ?? [];
          for (const one of before) if (needs.includes(one.id)) one.edit(ws.paths.checkout);
          await checkpoint(ws, 'c0', 'start');
          edit(ws.paths.checkout);
          const { stat, patch, tree } = await measure(ws);
          put(join(paths.results, DAY, `${id}.patch`), patch);
          const { checkout } = ws.paths;
          await journal.append(
            { type: 'task.preparing', ...ref, data: {} },
            { type: 'task.prepared', ...ref, data: { checkout, base: ws.base, kind: ws.kind, ms: 1 } },
            {
              ...{ type: 'attempt.intended', ...ref, attempt: 1 },
              data: { sessionId: randomUUID(), mode: 'start', why: 'first' },
            },
            {
              ...{ type: 'attempt.ended', ...ref, attempt: 1 },
              data: { end: 'finished', exitCode: 0, workedMs: 60_000 },
            },
            { type: 'task.checking', ...ref, data: { round: 1 } },
            {
              ...{ type: 'check.ran', ...ref },
              data: { round: 1, command: 'npm test', exitCode: 0, timedOut: false, ms: 5, tail: '' },
            },
            {
              type: 'review.decided',
              ...ref,
              data: { round: 1, decision: 'proceed', reasons: ['checks passed'], tree },
            },
            {
              ...{ type: 'work.measured', ...ref },
              data: {
                ...{ stat, patch: `results/${DAY}/${id}.patch`, tree },
                ...(secrets === undefined ? {} : { secrets: [{ name: secrets, path: 'a.txt' }] }),
              },
            },
            { type: 'task.done', ...ref, data: { reasons: ['checks passed'] } },
          );
        }
      }),
    async events(...types) {
      const all: JournalEvent[] = [];
      for await (const event of readEvents(paths.journal, {})) all.push(event);
      return all.filter((event) => (types as string[]).includes(event.type)) as never;
    },
  };
}

function put(path: string, text: string): void {
  if (!existsSync(dirname(path))) mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
