import { UNKNOWN, isKnown } from '../marks.ts';
import type { Call, Handler } from '../machine.ts';
import { has, setOf, takeApart, valuesOf } from '../options.ts';
import { deletePath, readPath, resolve, touchPath, writePath } from '../paths.ts';
import { fork } from '../shell/frame.ts';
import { connect } from './host.ts';
import { pathWords } from './programs.ts';

const tarValues = setOf(
  '-f -C -T -X -b -I -K -N -V -g -H --file --directory --files-from --exclude --exclude-from --use-compress-program --to-command --checkpoint-action --checkpoint --transform --xform --strip-components --owner --group --mode --mtime --newer -F --info-script --new-volume-script --rsh-command --rmt-command',
);

/** `tar` in both spellings: `tar xzf a.tgz`, `tar -x -z -f a.tgz`. */
function tar(call: Call): string {
  const [first = '', ...rest] = call.args;
  // The old spelling: letters without a dash, their values follow in order.
  const args = /^[a-zA-Z]+$/.test(first) ? oldStyle(first, rest) : call.args;
  const parsed = takeApart(args, tarValues);
  const { machine } = call;
  const frame = fork(call.frame);
  for (const program of valuesOf(
    parsed,
    '--to-command',
    '-I',
    '--use-compress-program',
    '-F',
    '--info-script',
    '--new-volume-script',
    '--rsh-command',
    '--rmt-command',
  )) {
    machine.run(program, fork(frame, { via: [...frame.via, 'tar'], stdin: UNKNOWN }));
  }
  for (const action of valuesOf(parsed, '--checkpoint-action')) {
    if (action.startsWith('exec=')) machine.run(action.slice(5), fork(frame, { via: [...frame.via, 'tar'] }));
  }
  const archives = valuesOf(parsed, '-f', '--file');
  const creates = has(parsed, '-c', '--create', '-r', '--append', '-u', '--update', '-A', '--delete');
  for (const archive of archives) {
    const host = /^([^/]+):/.exec(archive)?.[1];
    if (host !== undefined && !has(parsed, '--force-local'))
      connect(host, call.shown, machine, { raw: true, sends: creates });
  }
  for (const archive of archives) (creates ? writePath : readPath)(archive, call.frame, machine);
  for (const folder of valuesOf(parsed, '-C', '--directory')) {
    frame.cwds = resolve(folder, frame, machine.context);
    if (!creates) touchPath('.', frame, machine);
  }
  for (const list of creates ? valuesOf(parsed, '-T', '--files-from') : [])
    readListed(list === '-' ? call.frame.stdin : list, list === '-', call);
  if (creates) {
    for (const word of parsed.words)
      (has(parsed, '--remove-files') ? deletePath : readPath)(word, frame, machine, true);
  } else if (has(parsed, '-x', '--extract', '--get')) {
    touchPath('.', frame, machine);
    for (const folder of valuesOf(parsed, '--one-top-level')) touchPath(folder, frame, machine);
    // Its members may get any name.
    if (has(parsed, '--transform', '--xform')) writePath(UNKNOWN, frame, machine);
    // Its members may lie anywhere.
    if (has(parsed, '-P', '--absolute-names')) machine.emit({ kind: 'write', path: '/', whole: true });
    for (const word of parsed.words) if (/(?:^|\/)\.git(?:\/|$)/.test(word)) writePath(word, frame, machine);
  }
  return UNKNOWN;
}

/** The files that a list names, one a line or parted by zeros: where it can be read. `given`: it is the text itself. */
export function readListed(list: string, given: boolean, { frame, machine }: Call): void {
  const texts = given ? [list] : resolve(list, frame, machine.context).map((path) => machine.file(path).text ?? '');
  for (const text of texts)
    if (isKnown(text))
      for (const name of text.split(/\n|\\0/).slice(0, 400))
        if (name.trim() !== '') readPath(name.trim(), frame, machine, true);
}

function oldStyle(letters: string, rest: readonly string[]): string[] {
  const args: string[] = [];
  let next = 0;
  for (const letter of letters) {
    args.push(`-${letter}`);
    if (tarValues.has(`-${letter}`)) args.push(rest[next++] ?? '');
  }
  return [...args, ...rest.slice(next)];
}

function unzip(call: Call): string {
  const parsed = takeApart(call.args, setOf('-d -x -P'));
  const [archive] = parsed.words;
  if (archive !== undefined) readPath(archive, call.frame, call.machine);
  const [folder = '.'] = valuesOf(parsed, '-d');
  if (!has(parsed, '-l', '-t', '-p', '-v', '-Z')) touchPath(folder, call.frame, call.machine);
  return UNKNOWN;
}

function zip(call: Call): string {
  const parsed = takeApart(call.args, setOf('-x -i -P -t -b -n -TT -O --out --unzip-command'));
  const attached = call.args.flatMap((arg) => /^-TT(.+)/s.exec(arg)?.[1] ?? []);
  for (const command of [...attached, ...valuesOf(parsed, '-TT', '--unzip-command')])
    call.machine.run(command, fork(call.frame));
  const [archive, ...sources] = parsed.words;
  if (has(parsed, '-@', '--names-stdin')) readListed(call.frame.stdin, true, call);
  if (archive !== undefined) writePath(archive, call.frame, call.machine);
  for (const source of sources) (has(parsed, '-m') ? deletePath : readPath)(source, call.frame, call.machine, true);
  return UNKNOWN;
}

/** Packs or unpacks in place, unless it prints. */
function inPlace(call: Call): string {
  const parsed = takeApart(call.args, setOf('-S --suffix -T -o'));
  const prints = has(parsed, '-c', '--stdout', '-t', '-l', '--test', '--list');
  for (const word of parsed.words) (prints ? readPath : writePath)(word, call.frame, call.machine);
  for (const file of valuesOf(parsed, '-o')) writePath(file, call.frame, call.machine);
  return UNKNOWN;
}

function sevenZip(call: Call): string {
  const [command = '', archive, ...rest] = call.args.filter((arg) => !arg.startsWith('-'));
  if (archive === undefined) return UNKNOWN;
  (/^[adu]$/.test(command) ? writePath : readPath)(archive, call.frame, call.machine);
  for (const word of rest) readPath(word, call.frame, call.machine, true);
  const folder = call.args.find((arg) => arg.startsWith('-o'))?.slice(2);
  if (/^[ex]$/.test(command)) touchPath(folder ?? '.', call.frame, call.machine);
  return UNKNOWN;
}

function cpio(call: Call): string {
  const parsed = takeApart(call.args, setOf('-D -F -O -I -H -E'));
  for (const file of valuesOf(parsed, '-O', '-F')) {
    const host = /^([^/]+):/.exec(file)?.[1];
    if (host !== undefined) connect(host, call.shown, call.machine, { raw: true, sends: true });
    writePath(file, call.frame, call.machine);
  }
  for (const folder of valuesOf(parsed, '-D')) touchPath(folder, call.frame, call.machine);
  if (has(parsed, '-o', '-p', '--create')) readListed(call.frame.stdin, true, call);
  if (has(parsed, '-p')) for (const word of parsed.words) writePath(word, call.frame, call.machine);
  if (has(parsed, '-i')) touchPath('.', call.frame, call.machine);
  if (has(parsed, '-i') && has(parsed, '-P', '--absolute-filenames'))
    call.machine.emit({ kind: 'write', path: '/', whole: true });
  return UNKNOWN;
}

/** `unrar x a.rar folder/`, `unar -o folder a.zip`. */
function unpacker(call: Call): string {
  const parsed = takeApart(call.args, setOf('-o -d -output-directory -p -op'));
  for (const folder of valuesOf(parsed, '-o', '-d', '-output-directory', '-op'))
    touchPath(folder, call.frame, call.machine);
  const words = parsed.words.filter((word) => !/^[a-z]$/.test(word));
  for (const word of words) (word.endsWith('/') ? touchPath : readPath)(word, call.frame, call.machine);
  return UNKNOWN;
}

/** Tools on binaries: the last file is changed, or is where the result goes. */
function lastWritten(call: Call): string {
  const { words } = takeApart(
    call.args,
    setOf('-o -I -O -F -B -j --output --set-rpath --set-interpreter --add-needed'),
  );
  words.forEach((word, index) => {
    (index === words.length - 1 ? writePath : readPath)(word, call.frame, call.machine);
  });
  pathWords(call);
  return UNKNOWN;
}

export const archives: Record<string, Handler> = {
  tar,
  gtar: tar,
  bsdtar: tar,
  unzip,
  zip,
  '7z': sevenZip,
  '7za': sevenZip,
  cpio,
  pax: (call) => {
    const parsed = takeApart(call.args, setOf('-f -b -o -p -s -x -T -U -G -B'));
    const [reads, writes] = [has(parsed, '-r'), has(parsed, '-w')];
    for (const file of valuesOf(parsed, '-f')) (writes ? writePath : readPath)(file, call.frame, call.machine);
    const target = reads && writes ? parsed.words.at(-1) : undefined;
    if (target !== undefined) writePath(target, call.frame, call.machine);
    else if (reads) touchPath('.', call.frame, call.machine);
    for (const word of writes ? parsed.words : []) if (word !== target) readPath(word, call.frame, call.machine, true);
    return UNKNOWN;
  },
  unrar: unpacker,
  unar: unpacker,
  cabextract: unpacker,
  ar: (call) => {
    const [, archive, ...members] = call.args.filter((arg, index) => index === 0 || !arg.startsWith('-'));
    if (archive !== undefined) writePath(archive, call.frame, call.machine);
    for (const member of members) readPath(member, call.frame, call.machine);
    for (const folder of valuesOf(takeApart(call.args.slice(1), setOf('--output')), '--output'))
      touchPath(folder, call.frame, call.machine);
    return UNKNOWN;
  },
  ...Object.fromEntries(
    'objcopy ranlib patchelf chrpath install_name_tool lipo'.split(' ').map((name) => [name, lastWritten]),
  ),
  ...Object.fromEntries(
    'gzip gunzip bzip2 bunzip2 xz unxz zstd unzstd lz4 brotli compress uncompress'
      .split(' ')
      .map((name) => [name, inPlace]),
  ),
};
