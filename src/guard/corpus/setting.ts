import type { GuardContext } from '../types.ts';
import { defaultPolicy } from '../policy/default.ts';

/** The place in which the corpus is judged: a small repository, whose files and links exist only here. */
export const settingFiles: Record<string, string> = {
  '/repo/package.json': JSON.stringify({
    scripts: {
      build: 'tsc -p . && node scripts/gen.mjs',
      lint: 'eslint .',
      test: 'vitest run',
      dev: 'vite',
      'db:migrate': 'prisma migrate deploy',
      'db:reset': 'prisma migrate reset',
      'migrate:latest': 'knex migrate:latest',
      'prisma:migrate': 'prisma migrate deploy',
      'typeorm:migration:run': 'typeorm migration:run',
      typeorm: 'typeorm',
      knex: 'knex',
      seed: 'prisma db seed',
      deep: 'npm run db:migrate',
      release: 'npm run build && git commit -am "release" && git push',
      prepare: 'husky',
      prepre: 'git add -A',
      pre: 'echo x',
    },
  }),
  '/repo/Makefile':
    'CC ?= gcc\nMSG = x\n.PHONY: build test\nbuild: main.o\n\t$(CC) -o app main.o\n\nmain.o: main.c\n\t$(CC) -c $<\n\ntest: build\n\t@./app --self-test\n\ncommit:\n\tgit commit -am "$(MSG)"\n\nrelease: build commit\n\nmigrate:\n\t-alembic upgrade head\n',
  '/repo/scripts/release.sh':
    '#!/usr/bin/env bash\nset -euo pipefail\nnpm run build\ngit tag "v${1:-next}"\ngit push --tags\n',
  '/repo/scripts/ok.sh':
    '#!/bin/sh\nset -e\n# git commit is for people\ncd "$(dirname "$0")/.."\nfor f in src/*.ts; do\n  wc -l "$f"\ndone\n',
  '/repo/scripts/commit.py': 'import subprocess\nsubprocess.run(["git", "commit", "-am", "x"], check=True)\n',
  '/repo/scripts/commit.mjs': "import { execa } from 'execa';\nawait execa('git', ['commit', '-m', 'x']);\n",
  '/repo/scripts/tool.py':
    'import sys, subprocess\n# may print "git commit" as a hint\nprint("run git commit yourself")\nsubprocess.run([sys.executable, "-m", "pytest"])\n',
  '/repo/prisma/seed.ts':
    "import { PrismaClient } from '@prisma/client';\nconst db = new PrismaClient();\nawait db.user.create({ data: {} });\n",
  '/repo/server.js':
    "const { Pool } = require('pg');\nconst pool = new Pool();\nrequire('http').createServer(() => {}).listen(3000);\n",
  '/repo/tools/wipe.py': 'import psycopg2\nc = psycopg2.connect("")\nc.cursor().execute("DROP TABLE users")\n',
  '/repo/packages/db/package.json': JSON.stringify({ scripts: { push: 'prisma db push', build: 'tsc' } }),
  '/repo/scripts/gen.mjs': "import { writeFileSync } from 'node:fs';\nwriteFileSync('dist/version.txt', '1');\n",
  '/repo/tools/push.js': "require('child_process').execSync('git push');\n",
  '/repo/tools/push.rb': 'system("git push")\n',
  '/repo/tools/Push.pm': 'system("git push"); 1;\n',
  '/repo/tools/push.lua': 'os.execute("git push")\n',
  '/repo/tools/push.awk': 'BEGIN { system("git push") }\n',
  '/repo/tools/push.vim': 'silent !git push\n',
  '/repo/tools/push.el': '(shell-command "git push")\n',
  '/repo/tools/push.php': '<?php system("git push");\n',
  '/repo/tools/imports.mjs': "import './push.js';\n",
  '/repo/tools/push.mk': 'ship:\n\tgit push\n',
  '/repo/tools/more.mk': 'include tools/push.mk\nfine:\n\techo fine\n',
  '/repo/tasks.py':
    'from invoke import task\n@task\ndef ship(c):\n    c.run("git push")\n@task\ndef check(c):\n    c.run("pytest")\n',
  '/repo/noxfile.py':
    'import nox\n@nox.session\ndef ship(session):\n    session.run("git", "push", external=True)\n@nox.session\ndef tests(session):\n    session.run("pytest")\n',
  '/repo/pyproject.toml':
    '[tool.poe.tasks]\nship = "git push"\ncheck = "pytest -q"\n\n[tool.pdm.scripts]\nship = { cmd = "git push" }\n\n[tool.hatch.envs.default.scripts]\nship = ["git add -A", "git push"]\ncheck = "pytest"\n',
  '/repo/Procfile': 'web: node server.js\nrelease: git push\n',
  '/repo/Gruntfile.js':
    'module.exports = (grunt) => {\n  grunt.registerTask("ship", () => require("child_process").execSync("git push"));\n  grunt.registerTask("check", ["eslint"]);\n};\n',
  '/repo/Rakefile':
    'task :ship => [:check] do\n  sh "git push"\nend\n\ntask :check do\n  sh "rspec"\nend\n\ntask :all => :ship\n',
  '/repo/Taskfile.yml':
    'version: "3"\ntasks:\n  check:\n    cmds: [go test ./...]\n  ship:\n    deps: [check]\n    cmds:\n      - git push\n  all:\n    cmds:\n      - task: ship\n',
  '/repo/venv/bin/activate':
    'deactivate () {\n  unset VIRTUAL_ENV\n}\nVIRTUAL_ENV=/repo/venv\nexport VIRTUAL_ENV\nPATH="$VIRTUAL_ENV/bin:$PATH"\nexport PATH\nhash -r 2> /dev/null\n',
};
export const settingLinks: Record<string, string> = {
  '/repo/link': '/srv/elsewhere',
  '/repo/tools/mygit': '/usr/bin/git',
};

/** The files that its project tracks. */
export const settingTracked = [
  ...Object.keys(settingFiles)
    .filter((path) => !path.startsWith('/repo/venv/'))
    .map((path) => path.slice('/repo/'.length)),
  ...['README.md', '.gitignore', '.env.example', 'tsconfig.json', 'package-lock.json', 'docs/guide.md'],
  ...Array.from({ length: 12 }, (_, index) => `src/module-${index}.ts`),
  ...Array.from({ length: 4 }, (_, index) => `tests/module-${index}.test.ts`),
];

/** The names in each of its folders. */
const folders = new Map<string, Set<string>>();
for (const path of Object.keys(settingFiles)) {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const folder = path.slice(0, end);
    const names = folders.get(folder) ?? new Set();
    folders.set(folder, names.add(path.slice(end + 1).replace(/\/.*/s, '')));
  }
}

export const setting: GuardContext = {
  workspace: '/repo',
  writable: ['/shift/out'],
  readable: [],
  home: '/home/u',
  policy: { ...defaultPolicy, egress: ['api.allowed.test', 'docs.allowed.test:443'] },
  readFile: (path) => settingFiles[path],
  list: (folder) => [...(folders.get(folder) ?? [])],
  tracked: () => settingTracked,
  realpath: (path) => {
    for (const [link, target] of Object.entries(settingLinks)) {
      if (path === link || path.startsWith(`${link}/`)) return target + path.slice(link.length);
    }
    return path;
  },
};
