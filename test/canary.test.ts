import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allTexts, DAY, makeHome, poll, type HomeOptions, type TestHome } from './support/home.ts';
import { alteredBwrap } from './support/bwrap.ts';
import { bash, task, tasks } from './support/turns.ts';

const script: HomeOptions['script'] = {
  tasks: [{ match: 'a', turns: [{ tools: [bash('echo 1 > a.txt')] }, { say: 'Done.' }] }],
};

/** A home whose sandbox is changed by `change` (see alteredBwrap). */
async function broken(change: string, more: Partial<HomeOptions> = {}): Promise<TestHome> {
  const home = await makeHome({ tasks: tasks(task('a')), script, ...more });
  home.env.PATH = `${alteredBwrap(join(home.paths.home, '..', 'bin'), change)}:${home.env.PATH!}`;
  return home;
}

/** What another program of the machine, which knows the port and no token, is answered. */
function knock(port: number, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const knocking = request({ port, host: '127.0.0.1', method: 'POST', path }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    knocking.on('error', reject).end('{}');
  });
}

const dropGit = "drop('--ro-bind', 2, lambda real, to: to.endswith('/.git'))";

test('a sandbox with a writable .git starts no agent: the day pauses, the person is asked and told', async () => {
  const home = await broken(dropGit, { tasks: tasks(task('a'), task('b')) });
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stdout + run.stderr).toBe(3);
  expect(home.model.requests).toEqual([]);
  const [failed] = await home.of('canary.failed');
  expect(failed?.data.open.map(({ what }) => what)).toContain(
    `writing ${join(home.paths.workspaces, DAY, failed!.task!, 'checkout/.git')}`,
  );
  expect(run.stderr).toContain('THE CANARY FAILED');
  const state = await home.state();
  expect(state.days[DAY]).toMatchObject({
    status: 'paused',
    pauseReason: expect.stringContaining('the canary failed') as string,
  });
  expect(Object.values(state.items)).toMatchObject([{ id: 'q1', kind: 'canary', status: 'open' }]);
  expect(home.report()).toContain('the canary failed');
  expect(await home.git('status', '--porcelain')).toBe('');

  // Nothing starts before it is mended and a person says so; then the day goes on.
  expect((await home.cli('resume')).stderr).toContain('dayshift answer q1');
  home.env.PATH = home.env.PATH!.split(':').slice(1).join(':');
  expect((await home.cli('run', DAY)).exitCode).toBe(3);
  expect(home.model.requests).toEqual([]);
  expect((await home.cli('answer', 'q1', 'Try again')).exitCode).toBe(0);
  const again = await home.cli('run', DAY);
  expect(again.exitCode, again.stdout + again.stderr).toBe(0);
  expect((await home.state()).days[DAY]?.tasks.a?.status).toBe('done');
});

test.each([
  [
    'the network of the host',
    "options.insert(options.index('--unshare-all') + 1, '--share-net')",
    ['a port of the host', 'an abstract socket of the host'],
  ],
  [
    'the temporary files of the host',
    "options[-2:-2] = ['--bind', '/tmp', '/tmp']",
    ['writing a file outside', 'reading a file outside', 'a socket file of the host'],
  ],
])('a sandbox that shows %s starts no agent, and “stop” ends the day', async (_, change, open) => {
  const home = await broken(change);
  expect((await home.cli('run', DAY)).exitCode).toBe(3);
  expect(home.model.requests).toEqual([]);
  const [failed] = await home.of('canary.failed');
  expect(failed?.data.open.map(({ what }) => what)).toEqual(expect.arrayContaining(open));
  await home.cli('answer', 'q1', 'Stop');
  expect((await home.cli('run', DAY)).exitCode).toBe(1);
  expect((await home.state()).days[DAY]?.tasks.a).toMatchObject({ status: 'stopped', reason: 'the canary failed' });
  expect(home.model.requests).toEqual([]);
});

test('without a sandbox the door is still proved, and opens to nobody who has not its token, which nothing tells', async () => {
  const home = await makeHome({
    tasks: tasks(
      task('a', 'egress: [docs.example.test:80]', 'checks: ["curl -sS https://evil.test/ 2>&1 | grep -w 403"]'),
    ),
    script: {
      tasks: [
        {
          task: 'a',
          turns: [
            { tools: [bash('echo 1 > a.txt; printenv; printenv DAYSHIFT_DOOR_TOKEN')] },
            { tools: [bash('until [ -e knocked.txt ]; do sleep 0.05; done')] },
            { say: 'Done.' },
          ],
        },
      ],
    },
    config: 'sandbox: { mode: none }\n',
    unproved: true,
  });
  const running = home.start('run', DAY);
  const root = join(home.paths.workspaces, DAY, 'a');
  await poll(() => existsSync(join(root, 'checkout/a.txt')) || undefined);
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(readFileSync(join(root, 'own/settings.json'), 'utf8'))?.[1]);
  const paths = ['/v1/messages', '/hook', 'http://docs.example.test/'];
  const statuses = await Promise.all(paths.map((path) => knock(port, path)));
  writeFileSync(join(root, 'checkout/knocked.txt'), '');
  const run = await running;
  expect(statuses).toEqual([401, 401, 407]);
  expect([run.exitCode, run.stderr]).toEqual([0, expect.stringContaining('no sandbox')]);
  expect(home.report()).toContain('**No sandbox**: a ran');
  expect((await home.of('canary.passed')).map((event) => event.data)).toMatchObject([{ sandbox: 'none', tried: 1 }]);
  expect((await home.of('guard.decided')).map(({ data }) => data)).toEqual([]);
  expect((await home.of('check.ran')).map(({ data }) => data.exitCode)).toEqual([0]);
  // The agent has looked at its environment: its model was told, and its CLI keeps that, and nobody else.
  const token = /dayshift-door-[\w-]{43}/;
  expect(JSON.stringify(home.model.requests.at(-1)?.body)).toMatch(token);
  const kept = allTexts(home.paths.home).filter(({ text }) => token.test(text));
  expect(kept.filter(({ path }) => !path.includes('/a/cli/')).map(({ path }) => path)).toEqual([]);
  expect(run.stdout + run.stderr).not.toMatch(token);
});
