import { UNKNOWN } from '../marks.ts';
import { tooLong, type Call, type Handler } from '../machine.ts';
import { has, setOf, takeApart, valuesOf } from '../options.ts';
import { readPath, touchPath, writePath } from '../paths.ts';
import { fork } from '../shell/frame.ts';

/** `sed`: reads, or with `-i` changes, its files; some of its own commands write files or run programs. */
function sed(call: Call): string {
  const { frame, machine } = call;
  const parsed = takeApart(
    call.args.map((arg) => (/^-[nErsz]*i./.test(arg) ? '-i' : arg)),
    setOf('-e -f -l --expression --file --line-length'),
  );
  const scripts = valuesOf(parsed, '-e', '--expression');
  const named = scripts.length > 0 || valuesOf(parsed, '-f', '--file').length > 0;
  if (!named) scripts.push(parsed.words[0] ?? '');
  for (const file of valuesOf(parsed, '-f', '--file')) {
    readPath(file, frame, machine);
    scripts.push(frame.foreign ? '' : (machine.file(`${frame.cwds[0] ?? ''}/${file}`).text ?? ''));
  }
  for (const script of scripts) sedScript(script, call);
  // BSD's `-i ''` leaves an empty word.
  const files = parsed.words.slice(named ? 0 : 1).filter((word) => word !== '');
  for (const file of files) (has(parsed, '-i', '--in-place') ? writePath : readPath)(file, frame, machine);
  return UNKNOWN;
}

function sedScript(script: string, call: Call): void {
  const { frame, machine } = call;
  if (tooLong(script, call)) return;
  for (const line of script.split(/\n|;(?=\s*[\d$/a-z{}])/)) {
    const command = line
      .trim()
      .replace(
        /^(?:(?:\d+|\$|\/(?:\\.|[^/\\])*\/I?)(?:\s*,\s*(?:[+~]?\d+|\$|\/(?:\\.|[^/\\])*\/I?))?)?\s*!?\s*\{?\s*/,
        '',
      );
    const run = /^e(?:\s+(.+))?$/s.exec(command);
    if (run !== null) machine.run(run[1] ?? UNKNOWN, fork(frame, { via: [...frame.via, 'sed'] }));
    const write = /^[wW]\s+(\S+)/.exec(command);
    if (write !== null) writePath(write[1] ?? '', frame, machine);
    const read = /^[rR]\s+(\S+)/.exec(command);
    if (read !== null) readPath(read[1] ?? '', frame, machine);
    const parts = /^s([^\w\s\\])((?:\\.|(?!\1)[^\\])*)\1((?:\\.|(?!\1)[^\\])*)\1(.*)$/s.exec(command);
    if (parts === null) continue;
    const flags = parts[4] ?? '';
    // `s/…/…/e` runs what the line has become.
    if (/^[gpiImM0-9]*e/.test(flags))
      machine.run(/^\^?\.\*\$?$|^\$|^\^/.test(parts[2] ?? '') ? (parts[3] ?? '') : UNKNOWN, fork(frame));
    const target = /^[gpiImM0-9e]*w\s+(\S+)/.exec(flags);
    if (target !== null) writePath(target[1] ?? '', frame, machine);
  }
}

function patch(call: Call): string {
  const parsed = takeApart(
    call.args,
    setOf('-p -i -d -o -r -B -z -D -F -V --strip --input --directory --output --reject-file'),
  );
  const { frame, machine } = call;
  for (const file of valuesOf(parsed, '-i', '--input')) readPath(file, frame, machine);
  for (const folder of valuesOf(parsed, '-d', '--directory')) touchPath(folder, frame, machine);
  for (const file of valuesOf(parsed, '-o', '--output', '-r', '--reject-file')) writePath(file, frame, machine);
  if (parsed.words[0] !== undefined) writePath(parsed.words[0], frame, machine);
  if (parsed.words[1] !== undefined) readPath(parsed.words[1], frame, machine);
  return UNKNOWN;
}

/** vi, ex, ed, emacs: files are written; `:!cmd` and `-c` commands may run programs. */
function editor(call: Call): string {
  const parsed = takeApart(call.args, setOf('-c --cmd -S -u -U -i -w -W --eval -l --load'));
  const { frame, machine } = call;
  const commands = [
    ...valuesOf(parsed, '-c', '--cmd', '--eval'),
    ...call.args.filter((arg) => arg.startsWith('+')).map((arg) => arg.slice(1)),
    frame.stdin,
  ];
  for (const text of commands) {
    if (tooLong(text, call)) continue;
    for (const part of text.split(/\n|\|/)) {
      const line = part.trim().replace(/\s+/g, ' ');
      const run =
        /^\s*:?\s*(?:\d*,?\d*[rw]?\s*|%|silent\s+)?!+\s*(.+)/.exec(line) ??
        /(?:system|shell-command|call-process|termopen|jobstart)\s*\(?\s*["'](.+?)["']/.exec(line);
      if (run !== null) machine.run(run[1] ?? '', fork(frame, { via: [...frame.via, call.name] }));
      const write = /^\s*:?\s*(?:\d*,?\d*|%)?w(?:rite)?!?\s+(?!!)(\S+)/.exec(line);
      if (write !== null) writePath(write[1] ?? '', frame, machine);
    }
  }
  for (const file of valuesOf(parsed, '-S', '-u', '-l', '--load')) readPath(file, frame, machine);
  for (const word of parsed.words) {
    if (word.startsWith('+')) continue;
    readPath(word, frame, machine);
    writePath(word, frame, machine);
  }
  return UNKNOWN;
}

function split(call: Call): string {
  const parsed = takeApart(
    call.args,
    setOf('-a -b -C -l -n -t --filter --lines --bytes --number --suffix-length --additional-suffix -f --prefix'),
  );
  for (const filter of valuesOf(parsed, '--filter'))
    call.machine.run(filter, fork(call.frame, { via: [...call.frame.via, 'split'] }));
  const [source, prefix] = parsed.words;
  if (source !== undefined) readPath(source, call.frame, call.machine);
  const [named] = valuesOf(parsed, '-f', '--prefix');
  writePath(named ?? (call.name === 'split' ? prefix : undefined) ?? 'xaa', call.frame, call.machine);
  return UNKNOWN;
}

export const editors: Record<string, Handler> = {
  sed,
  gsed: sed,
  patch,
  split,
  csplit: split,
  ...Object.fromEntries(
    'vi vim nvim view ex ed red emacs nano pico micro joe kak hx vimdiff'.split(' ').map((name) => [name, editor]),
  ),
};
