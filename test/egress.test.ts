import { readFileSync } from 'node:fs';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { DAY, makeHome } from './support/home.ts';
import { task, tasks } from './support/turns.ts';

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, { version: string; integrity: string }>;
};

/** A project with a lock file of real packages, pinned as this repository pins them. */
function realProject(...names: string[]): Record<string, string> {
  const pinned = names.map((name) => [name, lock.packages[`node_modules/${name}`]!] as const);
  const root = {
    name: 'sample',
    version: '1.0.0',
    dependencies: Object.fromEntries(pinned.map(([name, { version }]) => [name, version])),
  };
  const packages = Object.fromEntries(
    pinned.map(([name, { version, integrity }]) => [`node_modules/${name}`, { version, integrity }]),
  );
  return {
    'package.json': JSON.stringify(root),
    'package-lock.json': JSON.stringify({
      ...root,
      lockfileVersion: 3,
      requires: true,
      packages: { '': root, ...packages },
    }),
    'check.js': 'console.log(require("picocolors").green("ok"), require("yaml").parse("a: 1").a);\n',
    '.gitignore': 'node_modules\n',
  };
}

test('npm ci of a real project works in the sandbox, by way of the proxy, from the registry that the person’s npm is set to', async () => {
  const home = await makeHome({
    files: realProject('picocolors', 'yaml', 'zod'),
    tasks: tasks(task('a', 'egress: [npm]', 'setup: [npm ci]', 'checks: [node check.js]')),
    script: { tasks: [{ task: 'a', turns: [{ say: 'Done.' }] }] },
  });
  // The registry of whoever runs this test: read-only, tokens stay where they are.
  Object.assign(home.env, await clientOf());
  const plan = await home.cli('plan', DAY);
  expect(plan.stdout).toMatch(/network +the model, and by the proxy npm \(\S+\)/);
  const run = await home.cli('run', DAY);
  expect((await home.of('setup.ran')).map(({ data }) => [data.exitCode, data.tail])).toEqual([
    [0, expect.stringContaining('added 3 packages') as string],
  ]);
  expect(run.exitCode, run.stderr).toBe(0);
  const opened = await home.of('egress.opened');
  expect(opened.map(({ data }) => data.by)).toEqual(['setup']);
  const { egress } = (await home.state()).days[DAY]!.tasks.a!;
  expect(Object.keys(egress!)).toEqual([`${opened[0]!.data.host}:${opened[0]!.data.port}`]);
  expect(Object.values(egress!)[0]!.received).toBeGreaterThan(100_000);
});

/** How the npm of whoever runs the tests is set, for a home folder that is empty. */
async function clientOf(): Promise<Record<string, string>> {
  const { stdout } = await execa('npm', ['config', 'get', 'userconfig'], { cwd: '/' });
  const authorities = Object.entries(process.env).filter(([name]) =>
    /^(?:NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|HTTPS_PROXY|https_proxy|NO_PROXY|no_proxy)$/.test(name),
  );
  return { ...(Object.fromEntries(authorities) as Record<string, string>), NPM_CONFIG_USERCONFIG: stdout.trim() };
}
