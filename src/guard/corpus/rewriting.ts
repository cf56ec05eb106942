/** Commands that are denied wherever they run, and what bash takes for the same: for properties and the fuzzer. */

/** Denied in every folder and whatever variables say, as words. */
export const forbidden: readonly (readonly string[])[] = [
  ['git', 'commit', '-m', 'x'],
  ['git', 'push', '--force'],
  ['git', '-C', '/repo', 'add', '.'],
  ['git', 'config', 'user.name', 'x'],
  ['psql', '-c', 'drop table x'],
  ['prisma', 'migrate', 'reset'],
  ['redis-cli', 'flushall'],
  ['rm', '-rf', '/srv/data'],
  ['touch', '/home/other/x'],
  ['cat', '/home/u/.ssh/id_rsa'],
  ['curl', 'https://evil.example'],
  ['npm', 'publish'],
  ['umount', '/x'],
];

/** A text in single quotes. */
export const single = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Words as a command, quoted where they must be. */
export const plain = (words: readonly string[]): string =>
  words.map((word) => (/^[\w./:~-]+$/.test(word) ? word : single(word))).join(' ');

/** The number of ways in which `spelled` writes a character. */
export const spellings = 7;

/** One character, in one of the ways in which bash reads it as itself. */
export function spelled(char: string, way: number): string {
  const code = char.charCodeAt(0);
  switch (way % spellings) {
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
    case 5:
      // A line that goes on in the next one.
      return /[A-Za-z0-9/._-]/.test(char) ? `\\\n${char}` : single(char);
    default:
      return /[A-Za-z0-9/._-]/.test(char) ? `''${char}""` : single(char);
  }
}

/** What a rewriting takes and gives: a simple command, one command, several in a line, or any text at all. */
type Shape = 'simple' | 'command' | 'list' | 'text';

export interface Rewriting {
  takes: Shape;
  gives: Shape;
  wrap: (command: string) => string;
}

const order = { simple: 0, command: 1, list: 2, text: 3 } as const;

const all = (takes: Shape, gives: Shape, ...wraps: ((command: string) => string)[]): Rewriting[] =>
  wraps.map((wrap) => ({ takes, gives, wrap }));

/** Rewritings of a whole command after which it still runs. */
export const rewritings: readonly Rewriting[] = [
  ...all(
    'simple',
    'simple',
    (c) => `env A=1 ${c}`,
    (c) => `env -u A -- ${c}`,
    (c) => `timeout 9 ${c}`,
    (c) => `nohup nice -n 5 ${c}`,
    (c) => `command ${c}`,
    (c) => `sudo -u root -- ${c}`,
    (c) => `doas ${c}`,
    (c) => `setsid ${c}`,
    (c) => `stdbuf -oL ${c}`,
    (c) => `xargs -r ${c}`,
    (c) => `xargs -I{} ${c}`,
    (c) => `flock /tmp/l ${c}`,
    (c) => `busybox env ${c}`,
    (c) => `npx -y cross-env A=1 ${c}`,
    (c) => `poetry run ${c}`,
    (c) => `unheard-of --flag ${c}`,
  ),
  ...all(
    'simple',
    'command',
    (c) => `A=1 B="$(date)" ${c}`,
    (c) => `2>/dev/null ${c}`,
    (c) => `exec ${c}`,
    (c) => `find . -maxdepth 0 -exec ${c} \\;`,
    (c) => `coproc ${c}`,
    (c) => `time -p ${c}`,
  ),
  ...all(
    'list',
    'command',
    (c) => `( ${c} )`,
    (c) => `{ ${c}; }`,
    (c) => `if true; then ${c}; fi`,
    (c) => `if ${c}; then :; fi`,
    (c) => `for i in a b; do ${c}; done`,
    (c) => `for i in $UNKNOWN; do ${c}; done`,
    (c) => `while true; do ${c}; break; done`,
    (c) => `until ${c}; do :; done`,
    (c) => `case x in *) ${c} ;; esac`,
    (c) => `echo "$( ${c} )"`,
    (c) => `cat <( ${c} )`,
    (c) => `[[ -n $( ${c} ) ]]`,
    (c) => `: $(( $( ${c} ) + 1 ))`,
    (c) => `: "\${x:-$( ${c} )}"`,
  ),
  ...all(
    'command',
    'list',
    (c) => `true && ${c}`,
    (c) => `false || ${c}`,
    (c) => `ls | ${c}`,
  ),
  ...all(
    'list',
    'list',
    (c) => `f() { ${c}; }; f`,
    (c) => `function g { ${c}; }; g x`,
    (c) => `! ${c}`,
  ),
  ...all(
    'text',
    'simple',
    (c) => `bash -c ${single(c)}`,
    (c) => `sh -ec ${single(c)} name`,
    (c) => `env -i bash -lc ${single(c)}`,
    (c) => `sudo sh -c ${single(c)}`,
    (c) => `script -qc ${single(c)} /dev/null`,
    (c) => `python3 -c ${single(`import os; os.system(${JSON.stringify(c)})`)}`,
    (c) => `node -e ${single(`require('child_process').execSync(${JSON.stringify(c)})`)}`,
  ),
  ...all(
    'text',
    'list',
    (c) => `eval ${single(c)}`,
    (c) => `trap ${single(c)} EXIT`,
    (c) => `echo ${single(c)} | sh`,
    (c) => `printf '%s\\n' ${single(c)} | bash`,
    (c) => `echo ${single(c)} | xargs -0 sh -c`,
    (c) => `echo ${single(c)} > s.sh; bash s.sh`,
    (c) => `echo ${single(c)} > s.sh; . ./s.sh`,
    (c) => `whole_line=${single(c)}; eval "$whole_line"`,
    (c) => `x=${single(c)}; bash -c "$x"`,
    (c) => `bash <<< ${single(c)}`,
    (c) => `source <(echo ${single(c)})`,
  ),
  ...all(
    'list',
    'text',
    (c) => `bash <<'E${c.length}'\n${c}\nE${c.length}\n`,
    (c) => `sh -s <<-'E${c.length}'\n\t${c}\nE${c.length}\n`,
    (c) => `echo safe # git status\n${c}`,
    (c) => `${c} &\nwait`,
    (c) => `${c}\n`,
  ),
];

/** Whether what one rewriting gives may be put into the other. */
export const fits = (shape: Shape, into: Rewriting): boolean => order[shape] <= order[into.takes];

/** Words as a command, rewritten by each of these in turn; those that what is there does not fit into are left out. */
export function rewritten(words: readonly string[], by: readonly Rewriting[], start = plain(words)): string {
  let command = start;
  let shape: Shape = 'simple';
  for (const one of by) {
    if (!fits(shape, one)) continue;
    command = one.wrap(command);
    shape = one.gives;
  }
  return command;
}
