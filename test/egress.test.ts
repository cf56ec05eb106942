import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { certificate, httpsServer, tcpServer } from './support/egress-rig.ts';
import { DAY, makeHome } from './support/home.ts';
import { bash, task, tasks } from './support/turns.ts';

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

/** A server for made-up names, and the way there: the proxy that Dayshift's own environment names. */
async function outside(serve: RequestListener) {
  const server = await httpsServer(serve);
  const asked: string[] = [];
  const proxy = await tcpServer((socket) => {
    socket.once('data', (data: Buffer) => {
      asked.push(/^CONNECT (\S+)/.exec(data.toString())?.[1] ?? data.toString());
      socket.write('HTTP/1.1 200 fine\r\n\r\n');
      const line = connect({ port: server.port, host: '127.0.0.1' }).on('error', () => socket.destroy());
      socket.pipe(line).pipe(socket);
    });
  });
  const folder = mkdtempSync(join(tmpdir(), 'dayshift-ca-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const ca = join(folder, 'ca.pem');
  writeFileSync(ca, certificate.cert);
  const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NODE_EXTRA_CA_CERTS: ca, CURL_CA_BUNDLE: ca };
  return { asked, env };
}

test('WebFetch fetches a listed host by way of the proxy, and no other; WebSearch is refused where the list does not have it', async () => {
  const world = await outside((_, response) =>
    response.setHeader('content-type', 'text/plain').end('the word is MARKER'),
  );
  const fetchTool = (url: string) => ({ name: 'WebFetch', input: { url, prompt: 'What is the word?' } });
  const home = await makeHome({
    tasks: tasks(task('a', 'egress: [docs.example.test]')),
    script: {
      tasks: [
        {
          task: 'a',
          turns: [
            { tools: [fetchTool('https://docs.example.test/page')] },
            { tools: [fetchTool('https://other.test/page')] },
            { tools: [{ name: 'WebSearch', input: { query: 'MARKER' } }] },
            { say: 'Done.' },
          ],
        },
      ],
    },
  });
  Object.assign(home.env, world.env);
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(world.asked).toEqual(['docs.example.test:443']);
  // The page reached the model, in the side request that reads it.
  expect(home.model.requests.some(({ body }) => JSON.stringify(body ?? '').includes('the word is MARKER'))).toBe(true);
  expect((await home.of('guard.decided')).map(({ data }) => [data.tool, data.rule])).toEqual([
    ['WebFetch', 'network.egress'],
    ['WebSearch', 'network.egress'],
  ]);
  expect((await home.of('egress.opened')).map(({ data }) => data)).toEqual([
    { host: 'docs.example.test', port: 443, by: 'agent' },
  ]);
  expect(await home.of('egress.refused')).toEqual([]);
  expect(home.report()).toMatch(/- `docs\.example\.test:443`: [\d.]+ kB received, [\d.]+ kB sent in 1 connection\n/);
});

/** What a command could try from inside, each with what it must print. */
const tries: [command: string, prints: string][] = [
  ['curl -sS https://docs.example.test/', 'hello'],
  [
    `${realpathSync(process.execPath)} -e "fetch(process.argv[1]).then(async (r) => console.log(await r.text()))" https://docs.example.test/`,
    'hello',
  ],
  ['curl -sS https://evil.test/', '403'],
  ['curl -sS https://sub.docs.example.test/', '403'],
  ['curl -sS https://docs.example.test:8443/', '403'],
  ['curl -sS --connect-to docs.example.test:443:evil.test:443 https://docs.example.test/', '403'],
  ['curl -sS http://docs.example.test/', 'egress list'],
  ['curl -sS https://10.0.0.1/', '403'],
  ['curl -sS http://169.254.169.254/latest/meta-data', 'no addresses'],
  ['curl -sS --noproxy "*" https://docs.example.test/', 'resolve host'],
  [
    `python3 -c '
import socket, os
s = socket.create_connection(("127.0.0.1", int(os.environ["HTTPS_PROXY"].split(":")[-1])))
s.sendall(b"CONNECT docs.example.test:443 HTTP/1.1\\r\\n\\r\\n"); print(s.recv(99)); s.sendall(b"SELECT 1;"); print("then", s.recv(99))'`,
    "then b''",
  ],
  ['curl -sS -X POST $HTTPS_PROXY/hook -d {}', 'by proxy only'],
  ['curl -sS -X POST $HTTPS_PROXY/v1/messages -d {}', 'by proxy only'],
];

test('from inside, a listed host is reached by a setup command, a check and the agent, and nothing else is', async () => {
  const world = await outside((_, response) => response.end('hello'));
  const lines = tries.map(([command], index) => `{ ${command}\n} > "$1/${index}.txt" 2>&1`).join('\n');
  const errand = JSON.stringify({
    model: 'm',
    max_tokens: 1,
    messages: [],
    tools: [{ type: 'web_search_20250305', name: 'web_search' }],
  });
  const home = await makeHome({
    files: { 'README.md': '# Sample\n', 'try.sh': `mkdir -p "$1"\n${lines}\ntrue\n` },
    tasks: tasks(
      task('a', 'egress: [docs.example.test]', 'setup: ["bash try.sh by-setup"]', 'checks: ["bash try.sh by-check"]'),
      task('b', 'setup: ["curl -sS https://docs.example.test/ > nothing.txt 2>&1; env >> nothing.txt"]'),
    ),
    script: {
      tasks: [
        {
          task: 'a',
          turns: [
            { tools: [bash('curl -sS https://docs.example.test/ > by-agent.txt')] },
            { tools: [bash('curl -sS https://evil.test/ > by-agent.txt')] },
            { tools: [bash(`curl -sS http://127.0.0.1:4141/v1/messages -d '${errand}' > errand.txt`)] },
            { say: 'Done.' },
          ],
        },
        { task: 'b', turns: [{ say: 'Done.' }] },
      ],
    },
    // A Node that takes its proxy from the environment: the system's may be older.
    config: `sandbox: { read: [${JSON.stringify(dirname(realpathSync(process.execPath)))}] }\n`,
  });
  Object.assign(home.env, world.env);
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stderr).toBe(0);
  const printed = (name: string) => readFileSync(join(home.paths.workspaces, DAY, name), 'utf8');
  for (const by of ['by-setup', 'by-check']) {
    tries.forEach(([command, prints], index) => {
      expect([by, command, printed(`a/checkout/${by}/${index}.txt`)]).toEqual([
        by,
        command,
        expect.stringContaining(prints),
      ]);
    });
  }
  expect(printed('a/checkout/by-agent.txt')).toBe('hello');
  expect(printed('a/checkout/errand.txt')).toContain('to search the web');
  expect(new Set(world.asked)).toEqual(new Set(['docs.example.test:443']));
  expect(printed('b/checkout/nothing.txt')).toContain('resolve host');
  expect(printed('b/checkout/nothing.txt')).not.toContain('PROXY');

  const refused = (await home.of('egress.refused')).map(({ data }) => `${data.by} ${data.reason} ${data.host}`);
  expect(refused).toContain('setup not_listed evil.test');
  expect(refused).toContain('setup not_tls docs.example.test');
  expect(refused).toContain('setup address 10.0.0.1');
  expect(refused).toContain('agent not_listed the model’s provider');
  expect(refused.filter((each) => each.endsWith('not_listed evil.test'))).toHaveLength(1);
  expect(home.report()).toMatch(/- `evil\.test:443`, \d+ times: not on the `egress` list\n/);
});

/** How the npm of whoever runs the tests is set, for a home folder that is empty. */
async function clientOf(): Promise<Record<string, string>> {
  const { stdout } = await execa('npm', ['config', 'get', 'userconfig'], { cwd: '/' });
  const authorities = Object.entries(process.env).filter(([name]) =>
    /^(?:NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|HTTPS_PROXY|https_proxy|NO_PROXY|no_proxy)$/.test(name),
  );
  return { ...(Object.fromEntries(authorities) as Record<string, string>), NPM_CONFIG_USERCONFIG: stdout.trim() };
}
