import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { homePaths, loadHome } from '../../home/index.ts';
import type { NewEvent } from '../../journal/index.ts';
import type { ServiceContext } from '../service.ts';
import { settingsReader } from './config.ts';

test('settings that are broken, gone, or right again are told; a project that is not there is told once, to the log and to people', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dayshift-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const paths = homePaths(folder);
  const write = (text: string) => {
    mkdirSync(paths.config, { recursive: true });
    writeFileSync(paths.configFile, text);
  };
  write('concurrency: 1\n');
  const log: string[] = [];
  const notices: string[] = [];
  const ids: string[] = [];
  let count = 0;
  const run = {
    home: await loadHome({ home: folder, env: {}, cwd: folder }),
    newId: () => String((count += 1)),
    redact: (text: string) => text,
    log: (text: string) => void log.push(text),
    journal: {
      state: { notices: ids },
      append(...events: NewEvent[]) {
        for (const event of events)
          if (event.type === 'notice.posted') {
            notices.push(event.data.text);
            ids.push(event.data.id);
          }
        return Promise.resolve([]);
      },
    },
  };
  const look = settingsReader({ run } as unknown as ServiceContext);
  /** What the log and people are told when the file says this. */
  const says = async (text?: string) => {
    log.length = notices.length = 0;
    if (text === undefined) rmSync(paths.configFile);
    else write(text);
    await look();
    expect(notices).toEqual(log);
    return log.join('\n');
  };
  expect(await says('concurrency: [\n')).toMatch(/^config\/dayshift\.yaml:.*\nThe settings stay as they were\.$/s);
  expect(await says('concurrency: 1\n')).toMatch(/is right again/);
  expect(await says()).toBe('config/dayshift.yaml is gone\nThe settings stay as they were.');
  expect(await says('concurrency: 2\n')).toBe('config/dayshift.yaml: new settings: concurrency');
  const gone = 'concurrency: 2\nprojects: [{ name: gone, path: ./no-such }]\n';
  expect(await says(gone)).toMatch(/new settings: projects\nproject gone: .*does not exist/);
  expect(await says(gone.replace('2', '3'))).toBe('config/dayshift.yaml: new settings: concurrency');
  expect(await says('concurrency: 3\n')).toContain('new settings: projects');
  // The same again: the log says it, people were told.
  log.length = notices.length = 0;
  write(gone.replace('2', '3'));
  await look();
  expect(log.join()).toContain('project gone');
  expect(notices.join()).not.toContain('project gone');
});
