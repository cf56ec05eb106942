import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { modules, pythonModules } from './stand-ins.ts';

/** Libraries that lead to a database, a remote or a program: they tell who used them, or start what they are told to. */
export function makeModules(folder: string): void {
  const bin = join(folder, 'node_modules/.bin');
  mkdirSync(bin, { recursive: true });
  cpSync(join(folder, 'stand'), bin, { recursive: true, verbatimSymlinks: true });
  for (const [name, names] of Object.entries(modules)) {
    const place = join(folder, 'node_modules', name);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'package.json'), JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    const exported = names.map((one) => `exports.${one} = tell(${JSON.stringify(one)});`).join('\n');
    writeFileSync(join(place, 'index.js'), doing[name] ?? tellingModule(name) + exported + '\n');
  }
  writeFileSync(join(folder, 'node_modules/dotenv/config.js'), `require('./index.js').config();\n`);
  writeFileSync(join(folder, 'runtimes.mjs'), runtimes);
  const loader = join(folder, 'node_modules/ts-node');
  mkdirSync(loader, { recursive: true });
  writeFileSync(
    join(loader, 'package.json'),
    '{ "name": "ts-node", "exports": { "./esm": "./esm.mjs", "./register": "./esm.mjs" } }',
  );
  writeFileSync(join(loader, 'esm.mjs'), '');
  mkdirSync(join(folder, 'perl/LWP'), { recursive: true });
  for (const [path, text] of Object.entries(perlModules)) writeFileSync(join(folder, 'perl', path), text);
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

/** Libraries that start programs and read files do it. */
const doing: Record<string, string | undefined> = {
  'cross-spawn': `exports.sync = exports.spawn = (file, args) => require('node:child_process').spawnSync(file, args, { stdio: 'inherit' });\n`,
  shelljs: `exports.exec = (text) => require('node:child_process').spawnSync('sh', ['-c', text], { stdio: 'inherit' });\n`,
  dotenv: `exports.config = () => require('node:fs').readFileSync('.env');\n`,
  execa: `const { spawnSync } = require('node:child_process');
const run = (file, args = [], options = {}) => spawnSync(file, args, { stdio: 'inherit', ...options });
exports.execa = exports.execaSync = (file, args) => Promise.resolve(run(file, args));
exports.execaCommand = exports.execaCommandSync = (text) => Promise.resolve(run('sh', ['-c', text]));
exports.$ = (parts, ...values) => Promise.resolve(run('sh', ['-c', String.raw({ raw: parts }, ...values)]));
`,
};

const perlModules = {
  'DBI.pm': `package DBI; sub connect { open(my $calls, '>>', '/proof/calls'); print $calls join("\\0", 'library', 'perl', 'DBI->connect', "\\x1e", ''); die } 1;\n`,
  'LWP/Simple.pm': `package LWP::Simple; use Exporter 'import'; our @EXPORT = ('get', 'getstore');
use IO::Socket::INET; sub get { my ($kind, $host, $port) = $_[0] =~ m{^(https?)://([^/:]+)(?::(\\d+))?};
IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port || ($kind eq 'http' ? 80 : 443), Timeout => 1); } sub getstore { get(@_) } 1;\n`,
};

const pythonStandIns = `import importlib.abc, importlib.machinery, re, socket, sys, types
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
        url = re.match(r'(https?)://([^/:]+)(?::(\\d+))?', str(args[0])) if args and self.__name__.startswith('requests.') else None
        if url:
            try: socket.create_connection((url[2], int(url[3] or (80 if url[1] == 'http' else 443))), 0.3).close()
            except OSError: pass
        return Anything(self.__name__)
    def __enter__(self): return self
    def __exit__(self, *_): return False
    def __iter__(self): return iter(())
    def __getitem__(self, key): return Anything(self.__name__)
class Loader(importlib.abc.InspectLoader):
    def create_module(self, spec): return Anything(spec.name)
    def exec_module(self, module): module.__path__ = []
    def get_source(self, name):
        if name.startswith('build'): return 'import os; os.path.isfile("setup.py") and os.execv("/usr/bin/python3", ["python3", "setup.py"])'
        if name.startswith('IPython'): return 'import os, sys; os.execv("/stand/ipython", ["ipython", *sys.argv[1:]])'
        return 'import proof_stand_ins, sys; proof_stand_ins.tell("-m", ' + repr(name.removesuffix('.__main__')) + ', sys.argv[1:])'
    def is_package(self, name): return not name.endswith('.__main__')
class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in NAMES: return importlib.machinery.ModuleSpec(name, Loader(), is_package=not name.endswith('.__main__'))
sys.meta_path.append(Finder())
`;

/** The little of other runtimes of JavaScript that starts programs. */
const runtimes = `import { execSync, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

globalThis.require ??= createRequire('/repo/x.js');
const $ = (parts, ...values) => Promise.resolve(execSync(String.raw({ raw: parts }, ...values), { stdio: 'inherit' }));
const start = (words) => spawnSync(words[0], words.slice(1), { stdio: 'inherit' });
globalThis.$ = $;
globalThis.Bun = { $, spawn: start, spawnSync: start };
class Command {
  constructor(program, { args = [] } = {}) {
    this.words = [program, ...args];
  }
  output() {
    return Promise.resolve(start(this.words));
  }
  outputSync() {
    return start(this.words);
  }
  spawn() {
    return start(this.words);
  }
}
globalThis.Deno = { Command, run: ({ cmd }) => start(cmd), args: [], env: { get: () => undefined } };
`;
