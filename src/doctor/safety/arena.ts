import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:net';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { claudeCode } from '../../agents/index.ts';
import { scratchFolder, systemClock } from '../../base/index.ts';
import { builtInPrices } from '../../budget/index.ts';
import { openDoor } from '../../door/index.ts';
import { initHome, loadHome, projectOf, type Config, type Home } from '../../home/index.ts';
import { agentPolicy } from '../../run/index.ts';
import { withDoor, type Arena, type Sandbox, type SandboxLimits, type SandboxPolicy } from '../../sandbox/index.ts';
import { prepareWorkspace, workspacePaths, type Workspace } from '../../workspace/index.ts';
import { openTargets } from './targets.ts';

const day = '2026-01-01';

/** The place where attacks are tried: a home with a project and two tasks, one of them the attacker's; all of it made for that. */
export interface OpenArena {
  facts: Omit<Arena, 'word' | 'mark'>;
  workspace: Workspace;
  /** What the attacker's agent would be started under, door and all. */
  inside: (command: [string, ...string[]]) => { policy: SandboxPolicy; command: [string, ...string[]] };
  change: (limits: SandboxLimits) => SandboxLimits;
  /** Takes over what the attacker's bridge listens on. */
  serve: (listener: Server) => void;
  close: () => Promise<void>;
}

export interface ArenaOptions {
  sandbox: Sandbox;
  /** The person's own settings of the sandbox; else the defaults. */
  settings?: Config['sandbox'] | undefined;
  env: Record<string, string | undefined>;
  /** The CLI whose files come along; default `claude`. */
  command?: string | undefined;
  postgres?: Arena['postgres'] | undefined;
  /** What becomes of the limits of an attack: a test of the list takes some away. */
  change?: ((limits: SandboxLimits) => SandboxLimits) | undefined;
  /** In which folder; default: the temporary one. */
  below?: string;
}

export async function openArena(options: ArenaOptions): Promise<OpenArena> {
  const root = await realpath(await scratchFolder('arena', options.below));
  const closers: (() => Promise<unknown>)[] = [() => rm(root, { recursive: true, force: true })];
  const close = async () => {
    for (const one of closers.reverse()) await one();
  };
  try {
    return await furnish(root, options, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function furnish(
  root: string,
  { sandbox, settings, env, postgres, command = 'claude', change = (limits) => limits }: ArenaOptions,
  closers: (() => Promise<unknown>)[],
  close: () => Promise<void>,
): Promise<OpenArena> {
  const secret = `arena-secret-${randomUUID()}`;
  const greeting = `greetings from the host, ${randomUUID()}`;
  const project = join(root, 'project');
  await makeProject(project, secret);
  const home = await makeHome(root, settings);
  const [attacker, neighbour] = await Promise.all(
    ['attacker', 'neighbour'].map((task) =>
      prepareWorkspace(projectOf(home, 'app'), workspacePaths(home.paths, day, task)),
    ),
  );
  if (attacker?.gitDir === undefined || neighbour === undefined)
    throw new Error('the arena’s project is no repository');
  const listening = await openTargets(join(root, 'sockets'), greeting);
  closers.push(() => listening.close());
  const host = execa('/bin/sh', ['-c', 'read -r x'], { env: { DAYSHIFT_ARENA_SECRET: secret }, reject: false });
  closers.push(async () => {
    host.kill('SIGKILL');
    await host;
  });
  const door = await openDoor({
    socketPath: join(root, 'sockets', 'own.sock'),
    upstream: { baseUrl: 'http://127.0.0.1:9', credential: undefined },
    prices: builtInPrices,
    clock: systemClock,
    newId: randomUUID,
    handlers: nobody,
  });
  closers.push(() => door.close());
  const secrets = await hide(root, home, { attacker, neighbour, project }, secret);
  const ctx = { home, sandbox, env: {}, keepSecret: () => undefined };
  const spec = { project: 'app', env: {} } as Parameters<typeof agentPolicy>[1];
  const base = await agentPolicy(ctx, spec, attacker);
  const policy = await withAdapter(base, attacker, spec, { command, env });
  return {
    workspace: attacker,
    serve: (listener) => door.serve(listener),
    facts: {
      checkout: attacker.paths.checkout,
      out: attacker.paths.out,
      gitDir: attacker.gitDir,
      project,
      targets: listening.targets,
      greeting,
      secrets,
      secret,
      hostPid: host.pid ?? process.pid,
      doorSocket: '/run/dayshift/door.sock',
      ...(postgres === undefined ? {} : { postgres }),
      home: homedir(),
      root,
    },
    inside: (line) => withDoor(policy, line, { socket: door.socketPath, kind: sandbox.kind }),
    change,
    close,
  };
}

async function makeProject(project: string, secret: string): Promise<void> {
  await mkdir(join(project, 'src'), { recursive: true });
  for (const [name, text] of Object.entries({
    'a.txt': 'a\n',
    'src/b.txt': 'b\n',
    '.gitignore': '.env\nprivate.txt\n',
  }))
    await writeFile(join(project, name), text);
  const identity = ['-c', 'user.name=Arena', '-c', 'user.email=arena@localhost', '-c', 'core.hooksPath=/dev/null'];
  const git = (...args: string[]) =>
    execa('git', [...identity, ...args], {
      cwd: project,
      extendEnv: false,
      env: { PATH: process.env.PATH, HOME: project, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
    });
  await git('init', '-q');
  await git('add', '-A');
  await git('commit', '-q', '-m', 'start');
  await git('commit', '-q', '--allow-empty', '-m', 'second');
  await git('remote', 'add', 'origin', `https://person:${secret}@git.example.org/app.git`);
  await git('config', 'http.extraHeader', `Authorization: Basic ${secret}`);
}

async function makeHome(root: string, settings: Config['sandbox'] | undefined): Promise<Home> {
  const { home } = await initHome(join(root, 'home'));
  await writeFile(join(home, 'config', 'dayshift.yaml'), 'projects: [{ name: app, path: ../project }]\n');
  const loaded = await loadHome({ home, env: {}, cwd: root });
  return settings === undefined ? loaded : { ...loaded, config: { ...loaded.config, sandbox: settings } };
}

/** Puts the secret where it lies in real life. */
async function hide(
  root: string,
  home: Home,
  { attacker, neighbour, project }: { attacker: Workspace; neighbour: Workspace; project: string },
  secret: string,
): Promise<Arena['secrets']> {
  const places: Record<string, string> = {
    'a neighbour’s checkout': join(neighbour.paths.checkout, 'secret.txt'),
    'a neighbour’s out': join(neighbour.paths.out, 'notes.md'),
    'a neighbour’s session': join(neighbour.paths.cli, 'projects', 'session.jsonl'),
    'the journal': join(home.paths.journal, `${day}.jsonl`),
    'the config': home.paths.configFile,
    'the home’s .env': join(home.paths.home, '.env'),
    'the own log': join(attacker.paths.root, 'agent.log'),
    'the own settings': join(attacker.paths.root, 'own', 'secret.json'),
    'a checkpoint store': join(neighbour.paths.store, 'info', 'secret'),
    'the person’s checkout': join(project, 'private.txt'),
    'the project’s .env': join(project, '.env'),
    'a key of the person': join(root, 'person', '.ssh', 'id_ed25519'),
  };
  for (const path of Object.values(places)) {
    await mkdir(dirname(path), { recursive: true });
    await appendFile(path, `# ${secret}\n`);
  }
  return Object.entries(places).map(([name, path]) => ({ name, path }));
}

/** What the CLI's own files add, where there is a CLI. */
async function withAdapter(
  base: SandboxPolicy,
  { paths }: Workspace,
  spec: Parameters<typeof agentPolicy>[1],
  cli: Parameters<typeof claudeCode>[0],
): Promise<SandboxPolicy> {
  const adapter = await claudeCode(cli).catch(() => undefined);
  if (adapter === undefined) return base;
  const { policy } = await adapter.prepare({
    spec,
    sessionId: randomUUID(),
    launch: { mode: 'start', prompt: '' },
    checkout: base.cwd,
    outDir: paths.out,
    cliDir: paths.cli,
    ownDir: join(paths.root, 'own'),
    doorPort: 4141,
    env: base.env,
    account: 'api_key',
    systemPrompt: '',
  });
  return {
    ...base,
    readable: [...base.readable, ...policy.readable],
    placed: [...base.placed, ...policy.placed],
    env: policy.env,
  };
}

/** Behind the attacker's door there is nobody: nothing is allowed, and nothing goes out. */
const nobody: Parameters<typeof openDoor>[0]['handlers'] = {
  onTool: () => Promise.resolve({ permission: 'deny', reason: 'no' }),
  onStop: () => Promise.resolve({ block: false }),
  onTraffic: () => undefined,
  beforeCall: () => Promise.reject(new Error('nothing goes out')),
  onSettled: () => undefined,
  onRefused: () => undefined,
};

/** Whether a mark that only the host could make is there. */
export const isMarked = (mark: string): boolean => existsSync(mark);
