import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { explain } from '../../../src/guard/index.ts';
import { setting, settingFiles, settingLinks, settingTracked } from '../../../src/guard/corpus/setting.ts';
import { findProgram } from '../../../src/sandbox/index.ts';
import { alwaysStandIn, modules, pythonModules } from './stand-ins.ts';

/** What the corpus speaks of, made real in a folder: it is copied into each case's sandbox. */
export interface World {
  folder: string;
  /** What bwrap shows of it, as its arguments. */
  mounts: string[];
  env: Record<string, string>;
}

/** Files outside the workspace that no agent may read: whoever reads one is seen. */
const foreign: Record<string, string> = {
  '/home/u/.ssh/id_rsa': 'key\n',
  '/home/u/.ssh/id_ed25519': 'key\n',
  '/home/u/.ssh/config': 'Host x\n',
  '/home/u/.aws/credentials': '[default]\n',
  '/home/u/.netrc': 'machine x login y password z\n',
  '/home/u/.bash_history': 'ls\n',
  '/home/u/.zsh_history': 'ls\n',
  '/home/u/.docker/config.json': '{}\n',
  '/home/u/.kube/config': '{}\n',
  '/home/u/.config/gh/hosts.yml': 'x: y\n',
  '/home/u/.gnupg/secring.gpg': 'key\n',
  '/home/u/.pgpass': 'x\n',
  '/home/u/.git-credentials': 'https://a:b@c\n',
  '/home/u/.pypirc': '[x]\n',
  '/home/u/.claude/settings.json': '{}\n',
  '/home/u/.claude.json': '{}\n',
  '/home/u/notes': 'mine\n',
  '/home/u/notes.txt': 'mine\n',
  '/home/u/Documents/diary.txt': 'mine\n',
  '/home/u/.bashrc': '# mine\n',
  '/home/u/.profile': '# mine\n',
  '/home/u/.npmrc': 'registry=http://packages.test/\nfetch-retries=0\naudit=false\nfund=false\nupdate-notifier=false\n',
  '/home/u/.gitconfig':
    '[user]\n\tname = U\n\temail = u@example.com\n[core]\n\teditor = /stand/editor\n[alias]\n\tci = commit\n\tco = checkout\n\tst = status\n\tcm = commit -m\n\tp = push\n\tsave = !git add -A && git commit -m save\n[protocol "file"]\n\tallow = always\n',
  '/home/other/x': 'theirs\n',
  '/home/other/secret.txt': 'theirs\n',
  '/srv/data/file': 'data\n',
  '/srv/x': 'data\n',
  '/srv/y': 'data\n',
  '/srv/elsewhere/x': 'data\n',
  '/srv/elsewhere/a.txt': 'data\n',
  '/srv/other/notes': 'data\n',
  '/srv/x.sh': 'git push\n',
  '/srv/x.js': 'require("child_process").execSync("git push");\n',
  '/other-project/.env': 'SECRET=1\n',
  '/sibling/secret.txt': 'theirs\n',
  '/home/u/projects/x/secret.txt': 'mine\n',
  '/home/u/x': 'mine\n',
  '/home/u/.x.py': 'mine\n',
  '/root/x': 'root\n',
  '/opt/app/file': 'x\n',
  '/var/log/syslog': 'x\n',
  '/var/lib/x': 'x\n',
  '/mnt/x': 'x\n',
  '/etc/shadow': 'root:*:1\n',
  '/etc/sudoers': 'root ALL\n',
  '/etc/crontab': '#\n',
  '/etc/hosts': '127.0.0.1 localhost here\n',
  '/etc/hostname': 'here\n',
  '/etc/passwd': 'u:x:1000:1000::/home/u:/bin/bash\n',
  '/etc/group': 'u:x:1000:\n',
  '/etc/nsswitch.conf': 'hosts: files dns\n',
  '/etc/resolv.conf': 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n',
  '/etc/os-release': 'NAME=x\n',
};

/** Files of the project that cases name; all of them tracked. */
const ours: Record<string, string> = {
  '.gitignore': 'node_modules/\ndist/\n*.log\n',
  'main.c': 'int main(void) { return 0; }\n',
  'main.o': '',
  cmds: 'git push\n',
  p: '--- a\n+++ b\n@@ -1,2 +1,2 @@\n-a\n+c\n b\n',
  ace: 'require("fs").appendFileSync("/proof/calls", ["ace", ...process.argv.slice(2), "\\x1e"].join("\\0") + "\\0");\n',
  'manage.py': '#!/usr/bin/env python3\nimport proof_stand_ins, sys\nproof_stand_ins.tell("manage.py", sys.argv[1:])\n',
  'src/manage.py': 'import proof_stand_ins, sys\nproof_stand_ins.tell("manage.py", sys.argv[1:])\n',
  'x.patch': '--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-a\n+b\n',
  'dump.sql': 'select 1;\n',
  'x.sql': 'select 1;\n',
  'a.json': '{"a":1}\n',
  'data.json': '{"a":1}\n',
  'data.csv': 'a,b\n1,2\n',
  '.mcp.json': '{}\n',
  '.claude/settings.json': '{}\n',
  'config/guard.yaml': '{}\n',
  'a.db': '',
  'dev.db': '',
  'app.sqlite': '',
  'docker-compose.yml': 'services: {}\n',
  ...Object.fromEntries(
    'a b x msg a.txt b.txt c.txt src/a.ts src/b.ts src/old.ts src/a.py src/a.js src/index.ts src/a.test.ts src/a.css src/x.ts src/x.js x.js x.ts a.ts a.js a.c x.c x.json notes.txt out.log.txt in.txt input.txt data.txt app/package.json.txt lib/a.rb test/a_test.rb migrations/1.sql'
      .split(' ')
      .map((name) => [name, 'a\nb\n']),
  ),
};

/** Programs of the project that stand-ins are. */
const ownPrograms = [
  'gradlew',
  'mvnw',
  'bin/rails',
  'bin/console',
  'bin/rake',
  'vendor/bin/phinx',
  'vendor/bin/sail',
  'artisan',
];

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
    '/remote',
  ])
    mkdirSync(join(template, place), { recursive: true });
  makeRepository(template, write);
  const stand = makeStandIns(folder, commands);
  const git = findProgram('git', process.env.PATH) ?? '/usr/bin/git';
  copyFileSync(join(import.meta.dirname, 'git.sh'), join(folder, 'git.sh'));
  copyFileSync(join(import.meta.dirname, 'probe.py'), join(folder, 'probe.py'));
  chmodSync(join(folder, 'git.sh'), 0o755);
  makeModules(folder);
  return {
    folder,
    mounts: [
      ...['--ro-bind', '/usr', '/usr', '--symlink', 'usr/bin', '/bin', '--symlink', 'usr/sbin', '/sbin'],
      ...['--symlink', 'usr/lib', '/lib', '--symlink', 'usr/lib64', '/lib64', '--proc', '/proc', '--dev', '/dev'],
      ...['--ro-bind-try', '/etc/alternatives', '/etc/alternatives', '--ro-bind-try', '/etc/ssl', '/etc/ssl'],
      ...['--ro-bind', template, '/template', '--ro-bind', stand, '/stand', '--ro-bind', git, '/proof/git'],
      ...[
        '--ro-bind',
        join(folder, 'git.sh'),
        '/usr/bin/git',
        '--ro-bind',
        join(folder, 'probe.py'),
        '/proof/probe.py',
      ],
      ...[
        '--ro-bind',
        join(folder, 'node_modules'),
        '/node_modules',
        '--ro-bind',
        join(folder, 'python'),
        '/proof/python',
      ],
      ...toolchain(),
    ],
    env: {
      PATH: ['/stand', ...nodeFolders(), '/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin'].join(':'),
      HOME: '/home/u',
      USER: 'u',
      LANG: 'C.UTF-8',
      TERM: 'dumb',
      GIT_OPTIONAL_LOCKS: '0',
      PYTHONPATH: '/proof/python',
    },
  };
}

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
  for (const name of ['scripts/release.sh', 'scripts/ok.sh', 'manage.py']) chmodSync(join(repo, name), 0o755);
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
  return stand;
}

function linkOnce(target: string, path: string, over = false): void {
  try {
    symlinkSync(target, path);
  } catch {
    if (over) execFileSync('ln', ['-sfn', target, path]);
  }
}

/** Libraries that lead to a database, a remote or a program: they tell who used them, or start what they are told to. */
function makeModules(folder: string): void {
  const bin = join(folder, 'node_modules/.bin');
  mkdirSync(bin, { recursive: true });
  cpSync(join(folder, 'stand'), bin, { recursive: true, verbatimSymlinks: true });
  for (const [name, names] of Object.entries(modules)) {
    const place = join(folder, 'node_modules', name);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'package.json'), JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    const exported = names.map((one) => `exports.${one} = tell(${JSON.stringify(one)});`).join('\n');
    writeFileSync(join(place, 'index.js'), name === 'execa' ? execaModule : tellingModule(name) + exported + '\n');
  }
  const python = join(folder, 'python');
  mkdirSync(python);
  writeFileSync(join(python, 'proof_stand_ins.py'), pythonStandIns);
  writeFileSync(join(python, 'sitecustomize.py'), 'import proof_stand_ins\n');
}

const tellingModule = (name: string): string => `const { appendFileSync } = require('node:fs');
const tell = (path) => new Proxy(function () {}, {
  get: (_, key) => typeof key === 'symbol' || key === 'then' ? undefined : tell(path + '.' + key),
  apply: () => (say(path), tell(path)),
  construct: () => (say(path), tell(path)),
});
const say = (path) => appendFileSync('/proof/calls', ['library', ${JSON.stringify(name)}, path, '\\x1e'].join('\\0') + '\\0');
module.exports = tell(${JSON.stringify(name)});
module.exports = Object.assign(function (...args) { return tell(${JSON.stringify(name)})(...args); }, {});
exports = module.exports;
exports.default = module.exports;
`;

const execaModule = `const { spawnSync } = require('node:child_process');
const run = (file, args = [], options = {}) => spawnSync(file, args, { stdio: 'inherit', ...options });
exports.execa = exports.execaSync = (file, args) => Promise.resolve(run(file, args));
exports.execaCommand = exports.execaCommandSync = (text) => Promise.resolve(run('sh', ['-c', text]));
exports.$ = (parts, ...values) => Promise.resolve(run('sh', ['-c', String.raw({ raw: parts }, ...values)]));
`;

const pythonStandIns = `import importlib.abc, importlib.machinery, sys, types
NAMES = set(${JSON.stringify(pythonModules)})
def tell(*words):
    flat = []
    for word in words: flat += word if isinstance(word, list) else [word]
    with open('/proof/calls', 'a') as calls: calls.write('\\0'.join([*map(str, flat), '\\x1e']) + '\\0')
class Anything(types.ModuleType):
    __path__ = []
    def __getattr__(self, name):
        if name.startswith('__'): raise AttributeError(name)
        return Anything(self.__name__ + '.' + name)
    def __call__(self, *args, **kwargs):
        tell('library', self.__name__)
        return Anything(self.__name__)
    def __enter__(self): return self
    def __exit__(self, *_): return False
    def __iter__(self): return iter(())
    def __getitem__(self, key): return Anything(self.__name__)
class Loader(importlib.abc.InspectLoader):
    def create_module(self, spec): return Anything(spec.name)
    def exec_module(self, module): module.__path__ = []
    def get_source(self, name): return 'import proof_stand_ins, sys; proof_stand_ins.tell("-m", ' + repr(name.removesuffix('.__main__')) + ', sys.argv[1:])'
    def is_package(self, name): return not name.endswith('.__main__')
class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in NAMES: return importlib.machinery.ModuleSpec(name, Loader(), is_package=not name.endswith('.__main__'))
sys.meta_path.append(Finder())
`;
