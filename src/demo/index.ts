import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startScriptedModel, type ScriptedModel } from '../agents/index.ts';
import { homePaths, initHome, type HomePaths } from '../home/index.ts';
import { demoScript, demoTasks } from './day.ts';
import { makeSample } from './sample.ts';

/** A home with a sample project beside it, and a scripted model that waits for its agents. */
export interface Demo {
  root: string;
  paths: HomePaths;
  project: string;
  date: string;
  model: ScriptedModel;
}

/** Makes the demo in a fresh temporary folder, which is left for a look at it. `now` names the day. */
export async function makeDemo(now: Date, withGit: boolean): Promise<Demo> {
  const root = await mkdtemp(join(tmpdir(), 'dayshift-demo-'));
  const project = join(root, 'bakery');
  const paths = homePaths(join(root, 'home'));
  await makeSample(project, withGit);
  await mkdir(paths.home);
  await initHome(paths.home);
  await writeFile(
    paths.configFile,
    'timezone: UTC\nprojects:\n  - name: bakery\n    path: ../bakery\n# The demo parks its agent after a second, to show how that goes.\nquestions: { hold_seconds: 1 }\n',
  );
  const date = now.toISOString().slice(0, 10);
  await writeFile(join(paths.tasks, `${date}.yaml`), demoTasks(date));
  return { root, paths, project, date, model: await startScriptedModel(demoScript(), {}) };
}
