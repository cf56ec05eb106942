import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../base/testing.ts';
import { homePaths } from '../home/index.ts';
import { openJournal } from '../journal/index.ts';
import { DAY, planned, taskSpec } from '../journal/testing.ts';
import { writeReportFiles } from './reports.ts';

test('the report of a day that was never begun lists its task file, or what is wrong; of a day in the journal it is the journal’s alone', async () => {
  const paths = homePaths(newFolder('task-file'));
  mkdirSync(paths.config);
  mkdirSync(paths.tasks);
  mkdirSync(paths.results);
  writeFileSync(paths.configFile, 'projects: [{ name: app, path: . }]\n');
  const report = async () => {
    const path = await writeReportFiles(paths, (text) => text.replaceAll('hunter2', '***'), DAY);
    const texts = [path, path.replace(/md$/, 'html')].map((file) => readFileSync(file, 'utf8'));
    expect(texts.join()).not.toContain('hunter2');
    return texts;
  };
  const says = async (words: string) => {
    for (const text of await report()) expect(text).toContain(words);
  };
  await says('and there is no ');
  writeFileSync(join(paths.tasks, `${DAY}.yaml`), 'tasks:\n  - { id: a, name: The hunter2 page }\n');
  await says('a (The *** page): the day was never begun');
  writeFileSync(join(paths.tasks, `${DAY}.yaml`), 'tasks:\n  - { id: a, nam: x }\n');
  await says('did you mean');
  writeFileSync(paths.configFile, 'nothing: here\n');
  await says('config/dayshift.yaml:1:1');

  const journal = await openJournal(paths);
  await journal.append(planned([taskSpec('b')]));
  await journal.close();
  const [before] = await report();
  expect(before).toContain('b (Task b): the day was not started');
  writeFileSync(join(paths.tasks, `${DAY}.yaml`), 'tasks:\n  - { id: other, name: Other }\n');
  expect((await report())[0]).toBe(before);
});
