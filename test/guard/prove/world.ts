import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { explain } from '../../../src/guard/index.ts';
import { setting, settingFiles, settingLinks, settingTracked } from '../../../src/guard/corpus/setting.ts';
import { findProgram } from '../../../src/sandbox/index.ts';
import { foreign, ours, ownPrograms } from './files.ts';
import { makeModules } from './libraries.ts';
import { alwaysStandIn } from './stand-ins.ts';

/** What the corpus speaks of, made real in a folder: it is copied into each case's sandbox. */
export interface World {
  folder: string;
  /** What bwrap shows of it, as its arguments. */
  mounts: string[];
  env: Record<string, string>;
}

/** Makes the world in a new folder, which the caller removes. `commands`: what will be run there; programs that they name and that this machine lacks have stand-ins. */
export function makeWorld(commands: readonly string[]): World {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'guard-prove-')));
  chmodSync(folder, 0o755);
  const template = join(folder, 'template');
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(template, path)), { recursive: true });
    writeFileSync(join(template, path), text);
  };
  for (const [path, text] of Object.entries(foreign)) write(path, text);
  for (const place of [
    '/shift/out',
    '/data',
    '/tmp/x',
    '/var/tmp',
    '/srv/other',
    '/srv/backup',
    '/repo/dist',
    '/run',
    '/given',
    '/usr/local/bin',
    '/remote',
  ])
    mkdirSync(join(template, place), { recursive: true });
  makeRepository(template, write);
  const stand = makeStandIns(folder, commands);
  const git = findProgram('git', process.env.PATH) ?? '/usr/bin/git';
  const shown = ['probe.py', 'handed.py', 'handed_acts.py', 'handed_runners.py', 'runtimes.mjs'];
  for (const name of ['git.sh', ...shown.filter((one) => one.endsWith('.py'))])
    copyFileSync(join(import.meta.dirname, name), join(folder, name));
  chmodSync(join(folder, 'git.sh'), 0o755);
  makeModules(folder);
  return {
    folder,
    mounts: [
      ...['--ro-bind', '/usr', '/usr', ...usrLocal(), '--symlink', 'usr/bin', '/bin', '--symlink', 'usr/sbin', '/sbin'],
      ...['--symlink', 'usr/lib', '/lib', '--symlink', 'usr/lib64', '/lib64', '--proc', '/proc', '--dev', '/dev'],
      ...['--ro-bind-try', '/etc/alternatives', '/etc/alternatives', '--ro-bind-try', '/etc/ssl', '/etc/ssl'],
      ...['--ro-bind', template, '/template', '--ro-bind', stand, '/stand', '--ro-bind', git, '/proof/git'],
      ...['--ro-bind', join(folder, 'git.sh'), '/usr/bin/git'],
      ...shown.flatMap((name) => ['--ro-bind', join(folder, name), `/proof/${name}`]),
      ...[
        '--ro-bind',
        join(folder, 'node_modules'),
        '/node_modules',
        '--ro-bind',
        join(folder, 'python'),
        '/proof/python',
        '--ro-bind',
        join(folder, 'perl'),
        '/proof/perl',
      ],
      ...toolchain(),
    ],
    env: {
      PATH: ['/given', '/stand', ...nodeFolders(), '/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin'].join(':'),
      HOME: '/home/u',
      USER: 'u',
      LANG: 'C.UTF-8',
      TERM: 'dumb',
      GIT_OPTIONAL_LOCKS: '0',
      PYTHONPATH: '/proof/python',
      PROOF: 'mark-of-its-own',
      PERL5LIB: '/proof/perl',
    },
  };
}

/** Where programs are installed by hand: of this world's own, unless Node lies there. */
const usrLocal = (): string[] =>
  nodeFolders().some((place) => place.startsWith('/usr/local')) ? [] : ['--tmpfs', '/usr/local'];

const npmFolder = (): string | undefined => {
  const npm = findProgram('npm', process.env.PATH);
  return npm === undefined ? undefined : dirname(dirname(realpathSync(npm)));
};

const nodeFolders = (): string[] => [dirname(realpathSync(process.execPath))];

/** This Node and npm, where they lie outside /usr. */
function toolchain(): string[] {
  const places = [...nodeFolders(), npmFolder() ?? '/usr'];
  return places.filter((place) => !place.startsWith('/usr/')).flatMap((place) => ['--ro-bind', place, place]);
}

function makeRepository(template: string, write: (path: string, text: string) => void): void {
  const repo = join(template, 'repo');
  const git = (...args: string[]): void =>
    void execFileSync('git', ['-c', 'user.name=U', '-c', 'user.email=u@example.com', ...args], {
      cwd: repo,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
    });
  for (const name of settingTracked) write(`/repo/${name}`, 'a\n');
  for (const [name, text] of Object.entries(ours)) write(`/repo/${name}`, text);
  for (const [path, text] of Object.entries(settingFiles)) write(path, text);
  for (const name of ownPrograms) {
    write(`/repo/${name}`, '');
    copyFileSync(join(import.meta.dirname, 'stand-in.sh'), join(repo, name));
    chmodSync(join(repo, name), 0o755);
  }
  for (const name of ['prisma', 'knex', 'drizzle-kit', 'dayshift'])
    for (const path of [`/repo/node_modules/.bin/${name}`, `/repo/node_modules/${name}/build/index.js`]) {
      write(path, installedProgram(name));
      chmodSync(join(template, path), 0o755);
    }
  for (const name of [
    'configure',
    'evil',
    'hook.sh',
    'src/manage.py',
    'scripts/release.sh',
    'scripts/ok.sh',
    'manage.py',
  ])
    chmodSync(join(repo, name), 0o755);
  for (const [flag, name] of [
    ['-cf', 'x.tar'],
    ['-czf', 'x.tgz'],
  ] as const)
    execFileSync('tar', [flag, name, 'a.txt', 'b.txt'], { cwd: repo });
  git('init', '-q', '-b', 'main');
  git('add', '-A', '-f');
  git('commit', '-qm', 'start');
  for (const name of ['feature', 'topic', 'x', 'dev', 'old']) git('branch', name);
  git('tag', 'v1');
  git('tag', 'v1.0.0');
  write('/repo/b.txt', 'b\n');
  git('commit', '-qam', 'second');
  write('/repo/a.txt', 'stashed\n');
  git('stash');
  // The remote is ahead by a commit, and knows less of the rest.
  const remote = join(template, 'remote/origin.git');
  git('init', '-q', '--bare', '-b', 'main', remote);
  git('remote', 'add', 'origin', remote);
  git('push', '-q', 'origin', 'feature:main');
  git('fetch', '-q', 'origin');
  git('branch', '-q', '--set-upstream-to=origin/main', 'main');
  git('push', '-q', 'origin', 'main:refs/heads/ahead');
  git('remote', 'set-url', 'origin', 'file:///remote/origin.git');
  for (const name of ['src/module-0.ts', 'README.md']) write(`/repo/${name}`, 'changed\n');
  write('/repo/src/module-1.ts', 'staged\n');
  git('add', 'src/module-1.ts');
  write('/repo/new.txt', 'new\n');
  write('/repo/.env', 'SECRET=1\n');
  write('/repo/.env.local', 'SECRET=1\n');
  for (const [path, target] of Object.entries(settingLinks)) {
    mkdirSync(dirname(join(template, path)), { recursive: true });
    symlinkSync(target, join(template, path));
  }
}

/** A program of a package that is installed: it writes its call down. */
const installedProgram = (name: string): string =>
  `#!/usr/bin/env node\nrequire('node:fs').appendFileSync('/proof/calls', [${JSON.stringify(name)}, ...process.argv.slice(2), '\\x1e'].join('\\0') + '\\0');\n`;

/** A folder of stand-ins: for what must never be the real one, and for what this machine does not have. */
function makeStandIns(folder: string, commands: readonly string[]): string {
  const stand = join(folder, 'stand');
  mkdirSync(stand);
  const script = join(stand, 'stand-in');
  copyFileSync(join(import.meta.dirname, 'stand-in.sh'), script);
  chmodSync(script, 0o755);
  const shellWords =
    /^(?:cd|set|read|break|export|eval|exec|source|command|exit|declare|trap|alias|hash|unset|mapfile|history|return|pushd|popd|wait|type|ulimit|shopt|local|shift|jobs|builtin|disown|readonly|readarray|fc|enable|time|help|node|npm|npx|git.*|GIT|nosuch|evil.*|a|g|x|-.*|.*\.(?:sh|js|py|exe|out))$/;
  const named = commands.flatMap((command) => explain(command, setting).commands.map(({ words }) => words[0] ?? ''));
  const names = new Set(
    named
      .map((name) => name.slice(name.lastIndexOf('/') + 1))
      .filter((name) => /^[a-zA-Z0-9][\w.+-]*$/.test(name) && !shellWords.test(name))
      .filter((name) => !['/usr/bin', '/usr/sbin'].some((place) => findProgram(name, place) !== undefined)),
  );
  for (const name of [...names, ...alwaysStandIn, 'editor']) linkOnce('stand-in', join(stand, name));
  linkOnce('/usr/bin/python3', join(stand, 'python'), true);
  // As older gits and other systems have them.
  for (const name of ['git-commit', 'git-push', 'git.exe', 'GIT']) linkOnce('/usr/bin/git', join(stand, name));
  return stand;
}

function linkOnce(target: string, path: string, over = false): void {
  try {
    symlinkSync(target, path);
  } catch {
    if (over) execFileSync('ln', ['-sfn', target, path]);
  }
}
