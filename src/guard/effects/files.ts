import { SAFE, UNKNOWN, hasUnknown } from '../marks.ts';
import type { Call, Handler } from '../machine.ts';
import { has, setOf, takeApart, valuesOf, type Options } from '../options.ts';
import { deletePath, readPath, removePath, resolve, touchPath, writePath } from '../paths.ts';
import { below } from '../places.ts';
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
    // `chmod -w x`, `chattr -i x`: the mode looks like an option.
    const dashed =
      skip > 0 && call.args.some((arg) => /^-[rwxXstugoaiAcdDejmPSTFCu]+$/.test(arg) && !/^-[RcfvVh]+$/.test(arg));
    const reference = valuesOf(parsed, '--reference').length > 0;
    each(parsed.words.slice(reference || dashed ? 0 : skip), touch, call, recursive(parsed));
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
    // What is moved can be read under its new name.
    each(sources, readPath, call, moves || recursive(parsed));
    const stays = resolve(target, frame, machine.context).every(
      (path) => below(path, machine.context.workspace) !== undefined,
    );
    if (moves) each(sources, stays ? removePath : deletePath, call, true);
    // A hard link is the file: what is written to it later is written to the file.
    if (call.name === 'ln' || call.name === 'link') each(sources, touchPath, call);
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
    for (const path of resolve(target, frame, machine.context)) {
      const end = resolve(from, frame, machine.context)[0] ?? from;
      machine.linked(path, end);
      machine.linked(`${path}/${source.slice(source.lastIndexOf('/') + 1)}`, end);
    }
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
      '-e -f --rsh --exclude --include --exclude-from --include-from --files-from --filter --rsync-path --out-format --log-file --backup-dir --port --password-file --chmod --chown --info --write-batch --only-write-batch --read-batch --partial-dir --temp-dir -T --compare-dest --copy-dest --link-dest',
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
    } else if (word === target && parsed.words.length > 1)
      writePath(
        word,
        call.frame,
        call.machine,
        parsed.options.some(({ name }) => name.startsWith('--del')),
      );
    else (has(parsed, '--remove-source-files') ? deletePath : readPath)(word, call.frame, call.machine, true);
  }
  for (const file of valuesOf(parsed, '--files-from', '--read-batch', '--compare-dest', '--copy-dest', '--link-dest'))
    readPath(file, call.frame, call.machine);
  for (const file of valuesOf(
    parsed,
    '--log-file',
    '--backup-dir',
    '--write-batch',
    '--only-write-batch',
    '--partial-dir',
    '--temp-dir',
    '-T',
  ))
    writePath(file, call.frame, call.machine);
  return UNKNOWN;
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

/** A temporary file: below /tmp, or where it is told. */
function mktemp(call: Call): string {
  const parsed = takeApart(call.args, setOf('-p --suffix'));
  const [folder] = valuesOf(parsed, '-p', '--tmpdir');
  const [template] = parsed.words;
  const inTmp = has(parsed, '-t', '--tmpdir') || folder !== undefined || template === undefined;
  const base = folder ?? (inTmp ? '/tmp' : '.');
  const name = (template ?? 'tmp.XXX').replace(/X{3,}/, SAFE);
  const path = name.startsWith('/') || base === '.' ? name : `${base}/${name}`;
  touchPath(path, call.frame, call.machine);
  return `${path}\n`;
}

/** PowerShell writes to its first word, or to the value of `-Path`. */
function cmdlet(call: Call): string {
  const at = call.args.findIndex((arg) => /^-(?:literal|file)?path$/i.test(arg));
  const [path] = at < 0 ? call.args.filter((arg) => !arg.startsWith('-')) : call.args.slice(at + 1);
  if (path !== undefined) writePath(path, call.frame, call.machine);
  return UNKNOWN;
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
  mktemp,
  touch: simple(touchPath, '-d -t -r --date --reference'),
  truncate: simple(writePath, '-s -r --size --reference'),
  fallocate: simple(writePath, '-l -o --length --offset'),
  mkfifo: simple(touchPath, '-m'),
  mknod: (call) => {
    if (/^[bcu]$/.test(call.args.filter((arg) => !arg.startsWith('-'))[1] ?? ''))
      call.machine.emit({ kind: 'system', command: call.shown });
    return simple(touchPath, '-m')(call);
  },
  // PowerShell's names for the same.
  'remove-item': rm,
  'copy-item': transfer(false),
  'move-item': transfer(true),
  ...Object.fromEntries(
    'set-content add-content clear-content out-file new-item tee-object'.split(' ').map((name) => [name, cmdlet]),
  ),
  chmod: simple(touchPath, '--reference', 1),
  chown: simple(touchPath, '--reference --from', 1),
  chgrp: simple(touchPath, '--reference', 1),
  chattr: simple(touchPath, '', 1),
  setfacl: simple(touchPath, '-m -x -M -X'),
  tee,
  sponge: simple(writePath),
  dd,
  rsync,
};
