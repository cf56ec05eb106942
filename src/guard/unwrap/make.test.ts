import { expect, test } from 'vitest';
import { setting } from '../corpus/setting.ts';
import { decide } from '../decide.ts';

const makefile = `
lib.a: a.o
\t$(AR) $(ARFLAGS) lib.a a.o
all: lib.a
\t$(CC) $(CFLAGS) -o x a.o
test:
\tnode $(NODE_OPTS) test.js $(TEST_OPTS)
wipe:
\trm -rf $(DESTDIR)/usr
`;

const judged = (command: string) =>
  decide(
    { tool: 'Bash', input: { command }, cwd: '/repo' },
    { ...setting, readFile: (path) => (path === '/repo/Makefile' ? makefile : setting.readFile(path)) },
  );

test('variables that make has by itself, and options that nobody sets, are nothing to ask about', () => {
  for (const command of ['make', 'make all', 'make test', 'make test TEST_OPTS=-v', 'CFLAGS=-O2 make all'])
    expect([command, judged(command).decision]).toEqual([command, 'allow']);
});

test('what this input puts into a variable is text of the recipe', () => {
  for (const command of [
    "AR='git push;' make lib.a",
    "export TEST_OPTS='; git push'; make test",
    "make test TEST_OPTS='; git push'",
    "make CC='git push;' all",
  ])
    expect([command, judged(command).rule]).toEqual([command, 'git.write']);
  expect(judged('TEST_OPTS=$(cat x.txt) make test').decision).not.toBe('allow');
});

test('a part of a word that nobody sets may change what the word means', () => {
  expect(judged('make wipe').decision).not.toBe('allow');
});

test('an option that the file may set, in whatever way, is something to ask about', () => {
  const ways = [
    'all: SUB = push\n',
    'define SUB\npush\nendef\n',
    '$(eval SUB=push)\n',
    'override export SUB = push\n',
    'include $(wildcard *.mk)\n',
    'X = SUB\n$(X) = push\n',
  ];
  const judge = (text: string) =>
    decide(
      { tool: 'Bash', input: { command: 'make all' }, cwd: '/repo' },
      { ...setting, readFile: (path) => (path === '/repo/Makefile' ? text : setting.readFile(path)) },
    ).decision;
  for (const way of ways) expect([way, judge(`${way}all:\n\tgit $(SUB)\n`)]).not.toEqual([way, 'allow']);
  expect(judge('all:\n\tnode $(SUB) x.js\n')).toBe('allow');
});

test('a parameter of a just recipe is nothing that is known', () => {
  const text = 'all S:\n  git {{ S }}\n';
  const judged = decide(
    { tool: 'Bash', input: { command: 'just all push' }, cwd: '/repo' },
    { ...setting, readFile: (path) => (path === '/repo/justfile' ? text : setting.readFile(path)) },
  );
  expect(judged.decision).not.toBe('allow');
});

test('variables that stand for one another a billion times are refused', () => {
  const lines = Array.from({ length: 8 }, (_, i) => `V${i} = ${`$(V${i + 1})`.repeat(9)}`).join('\n');
  const judged = decide(
    { tool: 'Bash', input: { command: 'make all' }, cwd: '/repo' },
    {
      ...setting,
      readFile: (path) => (path === '/repo/Makefile' ? `${lines}\nV8 = x\nall:\n\techo $(V0)\n` : undefined),
    },
  );
  expect(judged.decision).toBe('deny');
});
