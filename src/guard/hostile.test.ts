import { expect, test } from 'vitest';
import { decide } from './decide.ts';
import { setting } from './corpus/setting.ts';

const decided = (command: string) => decide({ tool: 'Bash', input: { command }, cwd: setting.workspace }, setting);

/** Each would take longer than anybody lives, were it followed step by step. */
const endless: [string, string][] = [
  ['loops in loops', `${'for i in a b; do '.repeat(50)}git push${'; done'.repeat(50)}`],
  ['loops whose end is not known, in loops', `${'while x; do '.repeat(50)}git push${'; done'.repeat(50)}`],
  ['a pattern of many stars that a value nearly fits', `x=${'a'.repeat(600)}; echo \${x##${'*a'.repeat(25)}b}`],
  ['the same at the end of a value', `x=${'a'.repeat(600)}; echo \${x%%b${'a*'.repeat(25)}}`],
  ['names that a pattern of many stars nearly fits', `rm ${'*a'.repeat(30)}b${'*a'.repeat(30)}`],
  ['a value that doubles', `x=aaaa; ${'x=$x$x; '.repeat(60)} echo $x`],
  [
    'functions that call the next one twice',
    `${Array.from({ length: 60 }, (_, i) => `f${i}() { f${i + 1}; f${i + 1}; }; `).join('')}f0`,
  ],
  ['a long value changed thousands of times', `x=${'a'.repeat(30_000)}; echo ${'${x//a/b}'.repeat(3000)}`],
  ['a hundred thousand words in braces', `echo ${'{a,b}'.repeat(40)}`],
  ['braces that never shut', `echo ${'{'.repeat(30_000)}a,b}`],
  [
    'subshells of many variables',
    `${Array.from({ length: 2500 }, (_, i) => `a${i}=1; `).join('')}${'(b=1); '.repeat(3500)}`,
  ],
  [
    'pipes of many variables',
    `${Array.from({ length: 2500 }, (_, i) => `a${i}=1; `).join('')}${'b=1|c=1; '.repeat(3000)}`,
  ],
  ['code of blanks', `python3 -c 'open${' '.repeat(60_000)}x'`],
  ['code of brackets', `python3 -c 'f("a"${'['.repeat(60_000)}"b")'`],
  ['code of escaped quotes', `node -e '${'"\\'.repeat(25_000)}'`],
  ['text of brackets', `x='${'['.repeat(60_000)}'; echo $x`],
  [
    'a value of newlines',
    `echo "$(cat <<E
${'\n'.repeat(60_000)}x
E
)"`,
  ],
  ['subscripts that are none', `x='${'a['.repeat(30_000)}'; echo $((x))`],
];

test.each(endless)('%s: there is an answer at once, and never a push', (_, command) => {
  const before = process.cpuUsage();
  for (const whole of [command, `${command}\ngit push`, `git push\n${command}`])
    if (whole.includes('git push')) expect(decided(whole).decision).not.toBe('allow');
    else decided(whole);
  // In microseconds of this process: a step that is done over and over would take minutes.
  expect(process.cpuUsage(before).user).toBeLessThan(10_000_000);
});

test('padding turns no denial into a question: what stands plainly in code counts beside what cannot be told', () => {
  const padded = (code: string) => `${code}; x = "${'\\"'.repeat(900)}${'a'.repeat(60_000)}"`;
  const files: Record<string, string> = {
    '/repo/x.py': padded('import os\nos.system("git push")'),
    '/repo/y.py': `import subprocess\nsubprocess.run(["git", ${`(${' '.repeat(62)}`.repeat(17)}"push"${')'.repeat(17)}])`,
  };
  const judged = (command: string) =>
    decide(
      { tool: 'Bash', input: { command }, cwd: setting.workspace },
      { ...setting, readFile: (path) => files[path] ?? setting.readFile(path) },
    );
  expect(judged(`python3 -c '${padded('import os; os.system("git push")')}'`).rule).toBe('git.write');
  expect(judged(`python3 -c '${padded('open("/home/u/.ssh/id_rsa")')}'`).decision).toBe('deny');
  expect(judged('python3 x.py').rule).toBe('git.write');
  expect(judged('python3 y.py').rule).toBe('git.write');
  expect(judged(`node -e 'spawnSync("git",[${'('.repeat(1100)}"push"${')'.repeat(1100)}])'`).decision).toBe('deny');
});

test('what is cut off a value is what bash cuts off', () => {
  const runs = (command: string) => decided(`x=ga/it/git; ${command}`).rule;
  expect(runs('${x##*/} push')).toBe('git.write');
  expect(runs('y=git.tar.gz; ${y%%.*} push')).toBe('git.write');
  expect(runs('y=git.tar.gz; ${y%.*} push')).not.toBe('git.write');
  expect(runs('y=xxgit; ${y#??} push')).toBe('git.write');
  expect(runs('y=a*b/git; ${y#?\\**/} push')).toBe('git.write');
});

test('deletes of names by patterns are compared with what is tracked up to a limit, past which they may be many', () => {
  const tracked = Array.from({ length: 100_000 }, (_, i) => `src/f${i}.ts`);
  const judged = (command: string) =>
    decide({ tool: 'Bash', input: { command }, cwd: setting.workspace }, { ...setting, tracked: () => tracked }).rule;
  expect(judged(`rm ${'x* '.repeat(5)}`)).toBe('path.inside');
  expect(judged(`rm ${'x* '.repeat(5000)}`)).toBe('path.many');
  expect(judged(`rm ${tracked.slice(0, 3000).join(' ')}`)).toBe('path.inside');
  expect(judged('rm -r src')).toBe('path.many');
  expect(judged('rm -r build x/y')).toBe('path.inside');
});

test('an expression that names scripts and would never end means every script', () => {
  const scripts = { [`${'a'.repeat(40)}!`]: 'ls', ship: 'git push', 'build:one': 'ls' };
  const judged = (command: string) =>
    decide(
      { tool: 'Bash', input: { command }, cwd: setting.workspace },
      { ...setting, readFile: (path) => (path.endsWith('/package.json') ? JSON.stringify({ scripts }) : undefined) },
    ).rule;
  expect(judged("pnpm run '/^(a+)+$/'")).toBe('git.write');
  expect(judged("pnpm run '/^build/'")).not.toBe('git.write');
  expect(judged("pnpm run '/^sh/'")).toBe('git.write');
});

/** Files that are made to take long: their beginnings, and what they are then filled with, up to so many characters. */
const size = 100_000;
const fillings: readonly string[] = [
  ...[
    '\n',
    ' ',
    '\n    ',
    '"',
    "'",
    '`',
    '"\\',
    '{',
    '[',
    '{}',
    '(',
    '#',
    '//',
    '$(',
    'a.',
    'x = ',
    '"a" ',
    'x = "b"\n',
  ],
  `${'execl '.repeat(66)}${'\n'.repeat(199)},`,
  ...['exec.Command(', 'shell\n', 'FileName = "git" ', '"exec":"\\', 'commands =\n  a\n', '  {a', 'command: "'],
  ...['"y", ', '[tasks.x]\nrun = ["\n', 'x = """\n', 'a: &a [*a]\n', '- - ', 'def a():\n'],
  ...[
    '<exec ',
    '<arg value="',
    '$\n',
    ' command = git ',
    'execute_process(',
    'COMMAND "',
    'file(REMOVE ',
    'read',
    'remove ~/',
    'get("https://',
  ],
];
const read: [string, string, string][] = [
  ['x.gdb', 'gdb -batch -x x.gdb ./a', ''],
  ['x.gdb', 'gdb -x x.gdb ./a', 'python\n'],
  ['main.go', 'go run .', ''],
  ['main.go', 'go generate ./...', ''],
  ['m.c', 'gcc m.c && ./a.out', ''],
  ['.cargo/config.toml', 'cargo x', '[alias]\nx = '],
  ['build.rs', 'cargo build', ''],
  ['conftest.py', 'pytest', ''],
  ['Gemfile', 'bundle install', ''],
  ['tox.ini', 'tox', '[testenv]\ncommands =\n  '],
  ['tox.ini', `tox -e ${'x,'.repeat(25_000)}`, ''],
  ['.pre-commit-config.yaml', 'pre-commit run -a', 'repos:\n- hooks:\n  - entry: '],
  ['Taskfile.yml', 'task x', ''],
  ['nodemon.json', 'npx nodemon', ''],
  ['.air.toml', 'air', '[build]\ncmd = '],
  ['mise.toml', 'mise run x', ''],
  ['mise.toml', 'mise run x', '[tasks.x]\nrun = '],
  ['.npmrc', 'npm test', ''],
  ['pyproject.toml', 'poe x', '[tool.poe.tasks.x]\nsequence = '],
  ['pyproject.toml', 'poe x', '[tool.poe.tasks]\nx = ["x", "y"]\ny = [ '],
  ['playwright.config.ts', 'npx playwright test', ''],
  ['build.gradle', './gradlew help', ''],
  ['build.ninja', 'ninja', 'rule r\n command = '],
  ['CMakeLists.txt', 'cmake .', ''],
  ['CMakeLists.txt', 'cmake .', 'execute_process(COMMAND '],
  ['build.xml', 'ant', '<exec executable="git">'],
  ['SConstruct', 'scons', 'Command('],
  ['meson.build', 'meson setup b', 'run_command('],
  ['a.test.js', 'npx vitest run', ''],
  ['x_test.go', 'go test ./...', ''],
  ['x.py', 'python3 x.py', ''],
  ['x.rb', 'ruby x.rb', 'open'],
  ['x.tcl', 'tclsh x.tcl', 'open '],
  ['.yarnrc.yml', 'yarn install', 'yarnPath: '],
  ['m.py', 'uvicorn m:app', ''],
];

test.each(read)('%s that is made to take long: there is an answer at once', (file, command, head) => {
  for (const filling of fillings) {
    const text = head + filling.repeat(Math.ceil(size / filling.length));
    const before = process.cpuUsage();
    const readFile = (path: string) => (path === `/repo/${file}` || path === '/repo/given' ? text : undefined);
    // As it lies there, and as this very input copied it there.
    for (const line of [command, `cp given ${file}; ${command}`])
      decide(
        { tool: 'Bash', input: { command: line }, cwd: setting.workspace },
        { ...setting, readFile, list: () => [file] },
      );
    // Gone over again at each of its lines it would take many times as long.
    expect(process.cpuUsage(before).user, JSON.stringify([head, filling])).toBeLessThan(2_500_000);
  }
});

test('what cannot be read of a program that is built and run is asked about, and what is only built is not', () => {
  const long = `package main\n${'// padding\n'.repeat(10_000)}func main() { exec.Command("git", "push").Run() }\n`;
  const judged = (command: string, files: Record<string, string | undefined>) =>
    decide(
      { tool: 'Bash', input: { command }, cwd: setting.workspace },
      {
        ...setting,
        readFile: (path) => files[path.replace('/repo/', '')],
        list: (folder) => (folder === '/repo' ? Object.keys(files) : []),
      },
    );
  expect(judged('go run .', { 'main.go': long }).rule).toBe('git.write');
  expect(judged('go run .', { 'main.go': undefined }).decision).toBe('ask');
  expect(judged('go run main.go', { 'main.go': undefined }).decision).toBe('ask');
  expect(judged('go build ./... && go test ./...', { 'main.go': undefined }).decision).toBe('allow');
  const many = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`f${i}.go`, 'package main\n']));
  expect(judged('go run .', many).decision).toBe('ask');
  expect(judged('go run .', { ...many, 'f3.go': long }).rule).toBe('git.write');
  expect(judged('go build .', many).decision).toBe('allow');
});
