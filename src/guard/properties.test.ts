import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../base/testing.ts';
import { setting } from './corpus/setting.ts';
import { decide } from './index.ts';
import type { Decision } from './types.ts';

const judge = (command: string): Decision =>
  decide({ tool: 'Bash', input: { command }, cwd: setting.workspace }, setting);

const denied = fc.constantFrom(
  ['git', 'commit', '-m', 'x'],
  ['git', 'push', '--force'],
  ['git', '-C', 'src', 'add', '.'],
  ['psql', '-c', 'drop table x'],
  ['prisma', 'migrate', 'reset'],
  ['rm', '-rf', '/srv/data'],
  ['touch', '../../outside'],
  ['cat', '/home/u/.ssh/id_rsa'],
  ['curl', 'https://evil.example'],
  ['npm', 'publish'],
);

const single = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** One character, in one of the ways in which bash reads it as itself. */
const spelled = (char: string, way: number): string => {
  const code = char.charCodeAt(0);
  switch (way % 6) {
    case 0:
      return single(char);
    case 1:
      return /["$`\\!]/.test(char) ? single(char) : `"${char}"`;
    case 2:
      return `\\${char}`;
    case 3:
      return `$'\\x${code.toString(16).padStart(2, '0')}'`;
    case 4:
      return `$'\\${code.toString(8).padStart(3, '0')}'`;
    default:
      return /[A-Za-z0-9/._-]/.test(char) ? `''${char}""` : single(char);
  }
};

const quoted = (word: string, ways: readonly number[]): string =>
  Array.from(word, (char, index) => spelled(char, ways[index % ways.length] ?? 0)).join('');

const ways = fc.array(fc.nat(5), { minLength: 1, maxLength: 12 });

type Shape = 'simple' | 'command' | 'list' | 'text';
interface Rewriting {
  /** What it takes and gives: a simple command, one command, several in a line, or any text at all. */
  takes: Shape;
  gives: Shape;
  wrap: (command: string) => string;
}
const rewriting = (takes: Shape, gives: Shape, wrap: (c: string) => string): Rewriting => ({
  takes,
  gives,
  wrap,
});

/** Rewritings of a whole command that leave what it does as it is. */
const rewritings: Rewriting[] = [
  ...[
    (c: string) => `env A=1 ${c}`,
    (c: string) => `timeout 9 ${c}`,
    (c: string) => `nohup nice -n 5 ${c}`,
    (c: string) => `command ${c}`,
    (c: string) => `sudo -u root -- ${c}`,
    (c: string) => `setsid ${c}`,
    (c: string) => `xargs -r ${c}`,
    (c: string) => `unheard-of --flag ${c}`,
  ].map((wrap) => rewriting('simple', 'simple', wrap)),
  ...[
    (c: string) => `A=1 B="$(date)" ${c}`,
    (c: string) => `2>/dev/null ${c}`,
    (c: string) => `find . -maxdepth 0 -exec ${c} \\;`,
    (c: string) => `coproc ${c}`,
  ].map((wrap) => rewriting('simple', 'command', wrap)),
  ...[
    (c: string) => `( ${c} )`,
    (c: string) => `{ ${c}; }`,
    (c: string) => `if true; then ${c}; fi`,
    (c: string) => `for i in a b; do ${c}; done`,
    (c: string) => `for i in $UNKNOWN; do ${c}; done`,
    (c: string) => `while true; do ${c}; break; done`,
    (c: string) => `case x in *) ${c} ;; esac`,
    (c: string) => `echo "$( ${c} )"`,
    (c: string) => `cat <( ${c} )`,
    (c: string) => `[[ -n $( ${c} ) ]]`,
    (c: string) => `: $(( $( ${c} ) + 1 ))`,
    (c: string) => `: "\${x:-$( ${c} )}"`,
  ].map((wrap) => rewriting('list', 'command', wrap)),
  ...[(c: string) => `true && ${c}`, (c: string) => `false || ${c}`, (c: string) => `ls | ${c}`].map((wrap) =>
    rewriting('command', 'list', wrap),
  ),
  rewriting('list', 'list', (c) => `f() { ${c}; }; f`),
  ...[
    (c: string) => `bash -c ${single(c)}`,
    (c: string) => `sh -ec ${single(c)} name`,
    (c: string) => `env -i bash -lc ${single(c)}`,
  ].map((wrap) => rewriting('text', 'simple', wrap)),
  ...[
    (c: string) => `eval ${single(c)}`,
    (c: string) => `trap ${single(c)} EXIT`,
    (c: string) => `echo ${single(c)} | sh`,
    (c: string) => `printf '%s\\n' ${single(c)} | bash`,
    (c: string) => `echo ${single(c)} > s.sh; bash s.sh`,
    (c: string) => `x=${single(c)}; eval "$x"`,
    (c: string) => `bash <<< ${single(c)}`,
    (c: string) => `source <(echo ${single(c)})`,
  ].map((wrap) => rewriting('text', 'list', wrap)),
  ...[
    (c: string) => `bash <<'E${c.length}'\n${c}\nE${c.length}\n`,
    (c: string) => `echo safe # git status\n${c}`,
    (c: string) => `${c} &\nwait`,
    (c: string) => `${c}\n`,
  ].map((wrap) => rewriting('list', 'text', wrap)),
];
const order = { simple: 0, command: 1, list: 2, text: 3 } as const;

test('a denied command stays denied however its letters are quoted', () => {
  fc.assert(
    fc.property(denied, ways, (words, how) => {
      // An unquoted ~ or glob would mean something else; these words have none.
      const command = words.map((word) => quoted(word, how)).join(' ');
      expect({ command, decision: judge(command).decision }).toEqual({ command, decision: 'deny' });
    }),
    runs(1500),
  );
});

test('a denied command is never allowed, wrapped and nested up to four deep', () => {
  const plain = (words: readonly string[]): string =>
    words.map((word) => (/^[\w./:~-]+$/.test(word) ? word : single(word))).join(' ');
  fc.assert(
    fc.property(denied, fc.array(fc.nat(rewritings.length - 1), { minLength: 1, maxLength: 4 }), (words, picks) => {
      let command = plain(words);
      let shape: Shape = 'simple';
      for (const pick of picks) {
        const { takes, gives, wrap } = rewritings[pick] ?? rewriting('text', 'text', String);
        if (order[shape] > order[takes]) continue;
        command = wrap(command);
        shape = gives;
      }
      expect({ command, decision: judge(command).decision }).toEqual({ command, decision: 'deny' });
    }),
    runs(4000),
  );
});

const pieces = fc.constantFrom(
  ...['ls', 'git status', 'echo "a b"', "echo 'x'", 'x=1', 'cat a | grep b', '(cd src; ls)', 'true', '[[ a == b ]]'],
  ...[
    'f() { ls; }',
    'for i in 1 2; do echo $i; done',
    'if ls; then ls; fi',
    'echo $(date)',
    'cat <<E\nhi\nE\n',
    ': ${x:=y}',
  ],
);
const noise = fc.array(
  fc.constantFrom(
    ...[
      'git',
      'commit',
      'x',
      ' ',
      '  ',
      '\n',
      ';',
      '&',
      '|',
      '&&',
      '||',
      '(',
      ')',
      '{',
      '}',
      '$',
      '$(',
      '${',
      '`',
      '"',
      "'",
      '\\',
    ],
    ...[
      '<',
      '>',
      '<<',
      '<<<',
      '<(',
      '[[',
      ']]',
      '((',
      '))',
      '*',
      '?',
      '[',
      ']',
      '!',
      '#',
      '~',
      '=',
      ',',
      '..',
      '/',
      '-',
      'if',
      'then',
      'fi',
    ],
    ...[
      'for',
      'in',
      'do',
      'done',
      'case',
      'esac',
      'while',
      'function',
      'coproc',
      'time',
      'E',
      '\t',
      '\u0000',
      '\u0013',
      'é',
      '\ud800',
      '{a,b}',
      '$x',
      '"$@"',
    ],
  ),
  { maxLength: 24 },
);

test('noise of any kind never throws', () => {
  fc.assert(
    fc.property(noise, (parts) => {
      const command = parts.join('');
      expect(['allow', 'ask', 'deny']).toContain(judge(command).decision);
    }),
    runs(10_000),
  );
});

test('a commit at command position is never allowed, whatever stands before and after it', () => {
  const separator = fc.constantFrom('\n', '; ', ' && ', ' || ', '\n\n');
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 4 }), separator, noise, (before, between, after) => {
      const start = before.map((piece) => (piece.endsWith('\n') ? piece : `${piece}\n`)).join('');
      const command = `${start}true${between}git commit -m x\n${after.join('')}`;
      expect({ command, allowed: judge(command).decision === 'allow' }).toEqual({ command, allowed: false });
    }),
    runs(10_000),
  );
});

test('random text of printable characters never throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (command) => {
      expect(['allow', 'ask', 'deny']).toContain(judge(command).decision);
    }),
    runs(3000),
  );
});
