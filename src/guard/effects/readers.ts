import { FILES, ONE, SAFE, STAR_DOT, UNKNOWN, hasGlob, hasUnknown, isKnown, isNames } from '../marks.ts';
import type { Call, Handler } from '../machine.ts';
import { has, setOf, takeApart, valuesOf, type Options } from '../options.ts';
import { listPath, readPath, resolve, writePath } from '../paths.ts';
import { fork } from '../shell/frame.ts';
import { readListed } from './archives.ts';
import { literalsIn } from '../unwrap/literals.ts';
import { plainPath } from './programs.ts';

const readAll = (words: readonly string[], call: Call): void => {
  for (const word of words) readPath(word, call.frame, call.machine);
};

function sort(call: Call): string {
  const parsed = takeApart(
    call.args,
    setOf('-o -k -t -S -T --output --key --field-separator --compress-program --files0-from --parallel --buffer-size'),
  );
  for (const file of valuesOf(parsed, '-o', '--output')) writePath(file, call.frame, call.machine);
  for (const program of valuesOf(parsed, '--compress-program')) call.machine.run(program, fork(call.frame));
  readAll(parsed.words, call);
  for (const list of valuesOf(parsed, '--files0-from'))
    readListed(list === '-' ? call.frame.stdin : list, list === '-', call);
  return passOn(call, parsed.words);
}

/** Filters that print lines of what they read: names stay names. */
function passOn(call: Call, files: readonly string[]): string {
  return files.length === 0 && isNames(call.frame.stdin) ? call.frame.stdin : UNKNOWN;
}

/** Reads its files; of its option values, those that are plainly paths too. `skip` words are no files. */
function reader(values = '', skip = 0): Handler {
  const options = setOf(values);
  return (call) => {
    const parsed = takeApart(call.args, options);
    readAll(parsed.words.slice(skip), call);
    for (const { name, value } of parsed.options) {
      if (value === undefined) continue;
      if (/^(?:-o|-O|--output|--output-file|--log-file|--LOG-FILE)$/.test(name))
        writePath(value, call.frame, call.machine);
      else if (/^(?:[/~]|\.\.\/)./.test(value)) readPath(value, call.frame, call.machine);
    }
    return passOn(call, parsed.words);
  };
}

/** Reads its first file and writes its second, as `uniq` and `xxd` do. */
function fromTo(values: string): Handler {
  const read = reader(values);
  return (call) => {
    const [, target] = takeApart(call.args, setOf(values)).words;
    if (target !== undefined) writePath(target, call.frame, call.machine);
    return read(call);
  };
}

function cat(call: Call): string {
  const files = call.args.filter((arg) => !/^-./.test(arg));
  readAll(files, call);
  if (files.length === 0) return call.frame.stdin;
  return files
    .map((file) => {
      if (file === '-') return call.frame.stdin;
      const path = resolve(file, call.frame)[0] ?? UNKNOWN;
      const text = isKnown(path) && !call.frame.foreign ? call.machine.file(path).text : undefined;
      if (text !== undefined && text.trim() !== '') call.machine.printed.push(text.trim().slice(0, 40));
      return text ?? UNKNOWN;
    })
    .join('');
}

const grepValues = setOf(
  '-e -f -A -B -C -m -d -D --regexp --file --include --exclude --exclude-dir --exclude-from --max-count --context --after-context --before-context --binary-files --directories --devices --label',
);
const rgValues = setOf(
  '-e -f -A -B -C -m -d -g -t -T -M -j -r -E --regexp --file --glob --iglob --type --type-not --max-depth --max-count --context --after-context --before-context --replace --sort --sortr --pre --hostname-bin --pager --pre-glob --ignore-file --colors --color --threads --encoding --max-columns --path-separator',
);

/** A pattern that a program expands by itself, as a word of the shell's would be. */
export const globOf = (pattern: string): string =>
  pattern
    .replaceAll(/\*+/g, STAR_DOT)
    .replaceAll('?', ONE)
    .replace(/\[[^\]]*\]/g, ONE);

function grep(call: Call): string {
  const parsed = takeApart(call.args, /^(?:rg|ag|ack)$/.test(call.name) ? rgValues : grepValues);
  let named = false;
  for (const { name, value } of parsed.options) {
    named ||= name === '--files' || (value !== undefined && /^(?:-e|-f|--regexp|--file)$/.test(name));
    if (value === undefined) continue;
    if (name === '-f' || name === '--file') readPath(value, call.frame, call.machine);
    else if (/^--(?:pre|hostname-bin|pager)$/.test(name)) call.machine.run(value, fork(call.frame));
    else if (/^(?:--include|-g|--glob)$/.test(name) && !value.startsWith('!'))
      readPath(globOf(value), call.frame, call.machine);
  }
  const files = parsed.words.slice(named ? 0 : 1);
  readAll(files, call);
  const names = has(parsed, '-l', '--files-with-matches', '-L', '--files', '--files-without-match');
  if (names) return SAFE;
  // `ps aux | grep claude | … | xargs kill`: whose numbers these are is kept.
  if (
    files.length === 0 &&
    call.frame.stdin === UNKNOWN &&
    /claude|dayshift|bwrap/i.test(parsed.words[0] ?? '') &&
    !has(parsed, '-v')
  )
    return `${UNKNOWN}claude`;
  const kept = passOn(call, files);
  // `find . -type f | grep -v '/\.git/'`, `… | grep '\.ts$'`: what is left are not the repository's files.
  const pattern = [...valuesOf(parsed, '-e', '--regexp'), ...(named ? [] : parsed.words.slice(0, 1))].join(' ');
  // `ls -a | grep env`
  if (kept.includes(FILES) && /\benv/.test(pattern) && !has(parsed, '-v', '--invert-match')) return '.env\n';
  const left = has(parsed, '-v', '--invert-match') ? /git|\\\.\/\\?\./.test(pattern) : !/git|^\.?\*?$/.test(pattern);
  return left ? kept.replaceAll(FILES, SAFE) : kept;
}

/** The names that a listing prints: of what lies elsewhere, the words themselves may be among them. */
function listed(parsed: Options): string {
  const elsewhere = parsed.words.filter(
    (word) => word.startsWith('/') || word.split('/').includes('..') || (hasGlob(word) && /(?:^|\/)\./.test(word)),
  );
  if (elsewhere.some(hasUnknown)) return UNKNOWN;
  if (elsewhere.length > 0)
    return `${elsewhere.map((word) => (isKnown(word) ? `${word}/${SAFE}` : word)).join('\n')}\n`;
  return has(parsed, '-a', '-A', '--all', '--almost-all') ? FILES : SAFE;
}

/** Names, sizes and types only. */
function lister(values = ''): Handler {
  const options = setOf(values);
  return (call) => {
    const parsed = takeApart(call.args, options);
    const depth = valuesOf(parsed, '-L', '--level', '-d', '--max-depth')[0];
    const deep = /^(?:tree|du)$/.test(call.name)
      ? depth !== '1' && depth !== '0' && !has(parsed, '-s')
      : has(parsed, '-R', '--recursive', '-T', '--tree');
    for (const word of parsed.words.length === 0 ? ['.'] : parsed.words) listPath(word, call.frame, call.machine, deep);
    for (const file of call.name === 'tree' ? valuesOf(parsed, '-o') : []) writePath(file, call.frame, call.machine);
    return listed(parsed);
  };
}

/** `realpath x`, `readlink -f x`: where a path leads; a link's own text is not known. */
function whereTo(call: Call): string {
  const parsed = takeApart(call.args, setOf('--relative-to --relative-base'));
  const [word = '', ...more] = parsed.words;
  if (more.length > 0) return UNKNOWN;
  const follows = call.name === 'realpath' || has(parsed, '-f', '-e', '-m', '--canonicalize');
  const paths = resolve(word, call.frame, call.machine.context);
  const [path = UNKNOWN] = paths;
  if (!follows || paths.length !== 1 || hasUnknown(path)) return UNKNOWN;
  return `${isKnown(path) ? call.machine.context.realpath(path) : path}\n`;
}

const readsPaged = reader('-l -H -r --language --pager --theme --style --line-range');

function bat(call: Call): string {
  const parsed = takeApart(call.args, setOf('--pager'));
  for (const program of valuesOf(parsed, '--pager'))
    call.machine.run(program, fork(call.frame, { via: [...call.frame.via, call.name] }));
  return readsPaged(call) ?? UNKNOWN;
}

/**
 * Without what jq names for its program: the values of `--arg` and `--argjson` and all after `--args` are texts, those of
 * `--slurpfile` and `--rawfile` files that it reads.
 */
function withoutNamed(call: Call): Call {
  const args: string[] = [];
  let onlyTexts = false;
  for (let at = 0; at < call.args.length; at += 1) {
    const arg = call.args[at] ?? '';
    if (/^--(?:slurpfile|rawfile|argfile)$/.test(arg)) readPath(call.args[at + 2] ?? UNKNOWN, call.frame, call.machine);
    if (/^--(?:arg|argjson|slurpfile|rawfile|argfile)$/.test(arg)) at += 2;
    else if (/^--(?:args|jsonargs)$/.test(arg)) onlyTexts = true;
    // The program itself may stand behind it: the first word is that. Options are options all the same.
    else if (!onlyTexts || arg.startsWith('-') || takeApart(args, new Set()).words.length === 0) args.push(arg);
  }
  return { ...call, args };
}

/** `jq`, `yq`: a program, or a file with one, then files; the program of some may load others. */
function query(values: string): Handler {
  const [first, later] = [reader(values, 1), reader(values, 0)];
  return (given) => {
    const call = withoutNamed(given);
    const parsed = takeApart(call.args, setOf(values));
    const programs = valuesOf(parsed, '-f', '--from-file');
    readAll(programs, call);
    if (programs.length > 0) return later(call);
    for (const text of literalsIn(parsed.words[0] ?? ''))
      if (plainPath.test(text)) readPath(text, call.frame, call.machine);
    return first(call);
  };
}

/** Programs that read files, or list them, and print. */
export const readers: Record<string, Handler> = {
  sort,
  cat,
  grep,
  egrep: grep,
  fgrep: grep,
  zgrep: grep,
  rg: grep,
  ag: grep,
  ack: grep,
  ls: lister('-I -w -T --ignore --block-size --color'),
  dir: lister(''),
  exa: lister('-L -s -I --level --sort'),
  eza: lister('-L -s -I --level --sort'),
  tree: lister('-L -P -I -o --filelimit --timefmt'),
  du: lister('-d -t -B --max-depth --exclude --threshold --block-size'),
  df: lister('-t -x -B'),
  stat: lister('-c --format --printf'),
  file: lister('-m -F'),
  ...Object.fromEntries(
    'more tac wc comm sum cksum md5sum sha1sum sha256sum sha512sum b2sum zcat bzcat xzcat rev expand unexpand tsort look colordiff fmt'
      .split(' ')
      .map((name) => [name, reader()]),
  ),
  head: reader('-n -c --lines --bytes'),
  tail: reader('-n -c -s --lines --bytes --pid --sleep-interval'),
  less: (call) => {
    for (const arg of call.args) if (/^\+[!|]/.test(arg)) call.machine.run(arg.slice(2), fork(call.frame));
    return reader('-p -P -o -O --log-file')({ ...call, args: call.args.filter((arg) => !arg.startsWith('+')) });
  },
  // What it looks at is never run.
  shellcheck: reader(
    '-e -i -f -o -P -s -S -W --include --exclude --format --enable --source-path --shell --severity --wiki-link-count --rcfile',
  ),
  nl: reader('-b -w -s -i -v -n -f -h -d -l'),
  uniq: fromTo('-f -s -w --skip-fields --skip-chars'),
  cut: reader('-d -f -c -b --delimiter --fields --characters --bytes --output-delimiter'),
  paste: reader('-d --delimiters'),
  column: reader('-s -c -N -R -H'),
  fold: reader('-w --width'),
  join: reader('-t -1 -2 -j -e -a -v'),
  strings: reader('-n -t -e --bytes'),
  xxd: fromTo('-l -s -c -g -o'),
  od: reader('-A -N -j -t -w'),
  hexdump: reader('-n -s -e'),
  base64: reader('-w --wrap'),
  base32: reader('-w --wrap'),
  diff: reader('-U -C -x -I -W --label --exclude --unified --context'),
  sdiff: reader('-w -o --output'),
  cmp: reader('-n -i'),
  bat,
  batcat: bat,
  iconv: reader('-f -t -o --output --from-code --to-code'),
  shuf: reader('-n -i -o --output --head-count --input-range'),
  pr: reader('-l -w -h'),
  jq: query('--indent -L -f --from-file'),
  yq: query('-o -p --output-format -f --from-file'),
  gojq: query('--indent -L -f --from-file'),
  jaq: query('--indent -L -f --from-file'),
  xmllint: reader('--xpath --schema --output'),
  realpath: whereTo,
  readlink: whereTo,
  basename: ({ args }) => {
    const [path = '', suffix = ''] = args;
    if (path.startsWith('-') || !isKnown(path)) return SAFE;
    const name = path.replace(/\/+$/, '').replace(/^.*\//s, '');
    return `${suffix !== '' && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`;
  },
  dirname: ({ args }) => {
    const [path = ''] = args;
    if (!path.includes('/')) return isKnown(path) ? '.\n' : SAFE;
    return `${path.replace(/\/[^/]*$/, '') || '/'}\n`;
  },
};
