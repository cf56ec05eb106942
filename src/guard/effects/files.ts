import { SAFE, UNKNOWN, hasUnknown, isKnown } from '../marks.ts';
import type { Call, Handler } from '../machine.ts';
import { has, setOf, takeApart, valuesOf, type Options } from '../options.ts';
import { deletePath, listPath, readPath, resolve, touchPath, writePath } from '../paths.ts';
import { fork } from '../shell/frame.ts';

type Touch = typeof readPath;

const recursive = (parsed: Options): boolean => has(parsed, '-r', '-R', '-a', '--recursive', '--archive');

function each(words: readonly string[], touch: Touch, call: Call, whole = false): void {
  for (const word of words) touch(word, call.frame, call.machine, whole);
}

/** All words are touched the same way. `values`: options with a value; `skip`: words that are no files. */
function simple(touch: Touch, values = '', skip = 0): Handler {
  const options = setOf(values);
  return (call) => {
    const parsed = takeApart(call.args, options);
    const reference = valuesOf(parsed, '--reference').length > 0;
    each(parsed.words.slice(reference ? 0 : skip), touch, call, recursive(parsed));
    return '';
  };
}

/** Sources, then one target; or `-t target`, then sources. */
function transfer(moves: boolean): Handler {
  return (call) => {
    const parsed = takeApart(
      call.args,
      setOf('-t -S -m -o -g --target-directory --suffix --mode --owner --group -Z --context'),
    );
    const { frame, machine } = call;
    const [folder] = valuesOf(parsed, '-t', '--target-directory');
    if (call.name === 'install' && has(parsed, '-d', '--directory')) {
      each(parsed.words, touchPath, call);
      return '';
    }
    const target = folder ?? parsed.words.at(-1);
    const sources = folder === undefined ? parsed.words.slice(0, -1) : parsed.words;
    if (target === undefined) return '';
    const [source = ''] = sources;
    const text = sources.length === 1 ? machine.file(resolve(source, frame)[0] ?? '').text : undefined;
    each(sources, moves ? deletePath : readPath, call, moves || recursive(parsed));
    if (sources.length === 0 && call.name === 'ln') {
      readPath(target, frame, machine);
      return '';
    }
    writePath(target, frame, machine);
    for (const path of resolve(target, frame)) {
      machine.wrote(path, text);
      for (const file of sources) machine.wrote(`${path}/${file.slice(file.lastIndexOf('/') + 1)}`, text);
    }
    // A copy or a link of a known program under another name is that program.
    const name = source.slice(source.lastIndexOf('/') + 1);
    if (machine.knows(name) === 'dangerous' && source.startsWith('/')) {
      machine.emit({ kind: 'tamper', what: `a copy or link of ${name} under another name` });
    }
    return '';
  };
}

function ln(call: Call): string {
  const parsed = takeApart(call.args, setOf('-t -S --target-directory --suffix'));
  const { frame, machine } = call;
  // A symlink's source is only named, not opened; what lies outside is checked when the link is used.
  if (!has(parsed, '-s', '--symbolic')) return transfer(false)(call) ?? '';
  const [folder] = valuesOf(parsed, '-t', '--target-directory');
  const target = folder ?? parsed.words.at(-1) ?? '.';
  const sources = folder === undefined && parsed.words.length > 1 ? parsed.words.slice(0, -1) : parsed.words;
  writePath(parsed.words.length > 1 || folder !== undefined ? target : '.', frame, machine);
  for (const source of sources) {
    const from = source.startsWith('/')
      ? source
      : `${target.includes('/') ? target.slice(0, target.lastIndexOf('/')) : '.'}/${source}`;
    readPath(from, frame, machine);
    const name = source.slice(source.lastIndexOf('/') + 1);
    if (machine.knows(name) === 'dangerous' && source.startsWith('/')) {
      machine.emit({ kind: 'tamper', what: `a link to ${name} under another name` });
    }
  }
  return '';
}

function rm(call: Call): string {
  const parsed = takeApart(call.args, new Set());
  each(
    parsed.words,
    deletePath,
    call,
    recursive(parsed) || call.name === 'rimraf' || call.name === 'del-cli' || call.name === 'trash',
  );
  return '';
}

function dd(call: Call): string {
  for (const arg of call.args) {
    if (arg.startsWith('of=')) writePath(arg.slice(3), call.frame, call.machine);
    if (arg.startsWith('if=')) readPath(arg.slice(3), call.frame, call.machine);
  }
  return UNKNOWN;
}

function rsync(call: Call): string {
  const parsed = takeApart(
    call.args,
    setOf(
      '-e -f --rsh --exclude --include --exclude-from --include-from --files-from --filter --rsync-path --out-format --log-file --backup-dir --port --password-file --chmod --chown --info',
    ),
  );
  for (const shell of [...valuesOf(parsed, '-e', '--rsh'), ...valuesOf(parsed, '--rsync-path')]) {
    call.machine.run(shell, fork(call.frame, { via: [...call.frame.via, 'rsync -e'] }));
  }
  const target = parsed.words.at(-1);
  for (const word of parsed.words) {
    const remote = /^(?:rsync:\/\/|(?:[^/:@]+@)?[^/:]+:)/.exec(word);
    if (remote !== null) {
      const host = word.replace(/^rsync:\/\//, '').replace(/[:/].*$/s, '');
      call.machine.emit({
        kind: 'network',
        host: host.replace(/^.*@/, ''),
        command: call.shown,
        sends: word === target,
      });
    } else if (word === target && parsed.words.length > 1) writePath(word, call.frame, call.machine);
    else (has(parsed, '--remove-source-files') ? deletePath : readPath)(word, call.frame, call.machine, true);
  }
  for (const file of valuesOf(parsed, '--log-file', '--backup-dir')) writePath(file, call.frame, call.machine);
  return UNKNOWN;
}

function sort(call: Call): string {
  const parsed = takeApart(
    call.args,
    setOf('-o -k -t -S -T --output --key --field-separator --compress-program --files0-from --parallel --buffer-size'),
  );
  for (const file of valuesOf(parsed, '-o', '--output')) writePath(file, call.frame, call.machine);
  for (const program of valuesOf(parsed, '--compress-program')) call.machine.run(program, fork(call.frame));
  each(parsed.words, readPath, call);
  return passOn(call, parsed.words);
}

/** Filters that print lines of what they read: names stay names. */
function passOn(call: Call, files: readonly string[]): string {
  return files.length === 0 && call.frame.stdin === SAFE ? SAFE : UNKNOWN;
}

/** Reads its files; of its option values, those that are plainly paths too. `skip` words are no files. */
function reader(values = '', skip = 0): Handler {
  const options = setOf(values);
  return (call) => {
    const parsed = takeApart(call.args, options);
    each(parsed.words.slice(skip), readPath, call);
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
  each(files, readPath, call);
  if (files.length === 0) return call.frame.stdin;
  return files
    .map((file) => {
      if (file === '-') return call.frame.stdin;
      const path = resolve(file, call.frame)[0] ?? UNKNOWN;
      return isKnown(path) && !call.frame.foreign ? (call.machine.file(path).text ?? UNKNOWN) : UNKNOWN;
    })
    .join('');
}

const grepValues = setOf(
  '-e -f -A -B -C -m -d -D --regexp --file --include --exclude --exclude-dir --exclude-from --max-count --context --after-context --before-context --binary-files --directories --devices --label',
);
const rgValues = setOf(
  '-e -f -A -B -C -m -d -g -t -T -M -j -r -E --regexp --file --glob --iglob --type --type-not --max-depth --max-count --context --after-context --before-context --replace --sort --sortr --pre --pre-glob --ignore-file --colors --color --threads --encoding --max-columns --path-separator',
);

function grep(call: Call): string {
  const parsed = takeApart(call.args, /^(?:rg|ag|ack)$/.test(call.name) ? rgValues : grepValues);
  const named = valuesOf(parsed, '-e', '-f', '--regexp', '--file').length > 0 || has(parsed, '--files');
  for (const file of valuesOf(parsed, '-f', '--file')) readPath(file, call.frame, call.machine);
  for (const program of valuesOf(parsed, '--pre')) call.machine.run(program, fork(call.frame));
  const files = parsed.words.slice(named ? 0 : 1);
  each(files, readPath, call);
  const names = has(parsed, '-l', '--files-with-matches', '-L', '--files', '--files-without-match');
  return names ? SAFE : passOn(call, files);
}

/** Names, sizes and types only. */
function lister(values = ''): Handler {
  const options = setOf(values);
  return (call) => {
    const parsed = takeApart(call.args, options);
    for (const word of parsed.words.length === 0 ? ['.'] : parsed.words) listPath(word, call.frame, call.machine);
    for (const file of call.name === 'tree' ? valuesOf(parsed, '-o') : []) writePath(file, call.frame, call.machine);
    return SAFE;
  };
}

function tee(call: Call): string {
  const files = call.args.filter((arg) => !arg.startsWith('-'));
  each(files, writePath, call);
  const append = call.args.some((arg) => arg === '-a' || arg === '--append');
  const text = call.frame.stdin;
  for (const file of files) {
    for (const path of resolve(file, call.frame)) {
      call.machine.wrote(path, hasUnknown(text) || append ? undefined : text);
    }
  }
  return text;
}

export const files: Record<string, Handler> = {
  cp: transfer(false),
  mv: transfer(true),
  install: transfer(false),
  ln,
  link: transfer(false),
  rm,
  rmdir: rm,
  unlink: rm,
  shred: rm,
  rimraf: rm,
  'del-cli': rm,
  trash: rm,
  srm: rm,
  mkdir: simple(touchPath, '-m --mode -Z'),
  mktemp: () => `/tmp/tmp.${SAFE}\n`,
  touch: simple(touchPath, '-d -t -r --date --reference'),
  truncate: simple(writePath, '-s -r --size --reference'),
  fallocate: simple(writePath, '-l -o --length --offset'),
  mkfifo: simple(touchPath, '-m'),
  mknod: simple(touchPath, '-m'),
  chmod: simple(touchPath, '--reference', 1),
  chown: simple(touchPath, '--reference --from', 1),
  chgrp: simple(touchPath, '--reference', 1),
  chattr: simple(touchPath, '', 1),
  setfacl: simple(touchPath, '-m -x -M -X'),
  tee,
  sponge: simple(writePath),
  dd,
  rsync,
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
  bat: reader('-l -H -r --language --pager --theme --style --line-range'),
  batcat: reader('-l -H -r --language --pager --theme --style --line-range'),
  iconv: reader('-f -t -o --output --from-code --to-code'),
  shuf: reader('-n -i -o --output --head-count --input-range'),
  pr: reader('-l -w -h'),
  jq: reader('--indent --tab -L', 1),
  yq: reader('-o -p --output-format', 1),
  xmllint: reader('--xpath --schema --output'),
  realpath: () => SAFE,
  readlink: () => SAFE,
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
