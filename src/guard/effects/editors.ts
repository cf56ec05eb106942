import { UNKNOWN } from '../marks.ts';
import { tooLong, type Call, type Handler } from '../machine.ts';
import { has, setOf, takeApart, valuesOf } from '../options.ts';
import { readPath, resolve, touchPath, writePath } from '../paths.ts';
import { fork, type Frame } from '../shell/frame.ts';
import { scanCode } from '../unwrap/code.ts';
import type { Language } from '../unwrap/languages.ts';
import { runFile } from '../unwrap/files.ts';
import { reaches } from '../unwrap/reaches.ts';

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
    if (file === '-' || file === '/dev/stdin') scripts.push(frame.stdin);
    else if (!frame.foreign)
      scripts.push(...resolve(file, frame, machine.context).map((path) => machine.file(path).text ?? ''));
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
  // The text of `a`, `i` and `c` is no command.
  const commands = script.replace(/(^|[\n;{}])([^\n;{}]*?[aic])\\\n(?:[^\n]*\\\n)*[^\n]*/g, '$1$2');
  for (const line of commands.split(/\n|;(?=\s*[\d$/a-z{}\\])/)) {
    const command = line
      .trim()
      .replace(
        /^(?:(?:\d+(?:~\d+)?|\$|\/(?:\\.|[^/\\])*\/[IM]*|\\([^\w\s])(?:\\.|(?!\1).)*\1[IM]*)(?:\s*,\s*(?:[+~]?\d+|\$|\/(?:\\.|[^/\\])*\/[IM]*|\\([^\w\s])(?:\\.|(?!\2).)*\2[IM]*))?)?\s*!*\s*\{?\s*/,
        '',
      );
    const run = /^e\s*(.+)?$/s.exec(command);
    if (run !== null) machine.run(run[1] ?? UNKNOWN, fork(frame, { via: [...frame.via, 'sed'] }));
    const write = /^[wW]\s*(\S+)/.exec(command);
    if (write !== null) writePath(write[1] ?? '', frame, machine);
    const read = /^[rR]\s*(\S+)/.exec(command);
    if (read !== null) readPath(read[1] ?? '', frame, machine);
    const parts = /^s([^\w\s\\])((?:\\.|(?!\1)[^\\])*)\1((?:\\.|(?!\1)[^\\])*)\1(.*)$/s.exec(command);
    if (parts === null) continue;
    const flags = parts[4] ?? '';
    // `s/…/…/e` runs what the line has become.
    if (/^[gpiImM0-9]*e/.test(flags))
      machine.run(/^\^?\.\*\$?$|^\$|^\^/.test(parts[2] ?? '') ? (parts[3] ?? '') : UNKNOWN, fork(frame));
    const target = /^[gpiImM0-9e]*w\s*(\S+)/.exec(flags);
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

/** Options of which the value is commands, and those that name a file with some, by editor. */
const editorOptions = {
  vi: { values: '-c --cmd -S -u -U -i -w -W -l -T --startuptime', code: ['-c', '--cmd'], files: ['-S', '-u', '-l'] },
  emacs: {
    values: '-l --load --script --eval --execute -f --funcall -L --directory -e -t -d --chdir --init-directory',
    code: ['--eval', '--execute', '-e'],
    files: ['-l', '--load', '--script'],
  },
} as const;

/** vi, ex, ed, emacs: files are written; `:!cmd` and `-c` commands may run programs. */
function editor(call: Call): string {
  const { frame, machine } = call;
  const lisp = call.name.startsWith('emacs');
  const options = editorOptions[lisp ? 'emacs' : 'vi'];
  const parsed = takeApart(call.args, setOf(options.values));
  const commands = [
    ...valuesOf(parsed, ...options.code),
    ...(lisp && has(parsed, '-e') ? parsed.words : []),
    ...call.args.filter((arg) => arg.startsWith('+')).map((arg) => arg.slice(1)),
    frame.stdin,
  ];
  const sources = valuesOf(parsed, ...options.files);
  // `nvim -l x`: Lua, whatever it is called.
  const scripts = call.name === 'nvim' ? valuesOf(parsed, '-l') : [];
  const sourced = commands.flatMap((text) =>
    [...text.matchAll(/(?:^|[|\n])[ \t]*:?so(?:urce)?!?\s+(\S+)/g)].map((match) => match[1] ?? ''),
  );
  for (const file of [...sources, ...sourced]) {
    readPath(file, frame, machine);
    for (const path of resolve(file, frame, machine.context)) {
      if (file.endsWith('.lua') || scripts.includes(file)) runFile(path, [], fork(frame), machine, 'lua');
      else commands.push(machine.file(path).text ?? '');
    }
  }
  const writes = commands.some((text) =>
    /(?:^|[\n|])[ \t]*:?%?(?:w(?:rite)?|w[qa]|wqa?|xa?|x(?:it)?|up(?:date)?)!?[ \t]*(?:$|[\n|])/.test(text),
  );
  for (const text of commands) if (!tooLong(text, call)) editorCommands(text, lisp, writes, call);
  for (const word of parsed.words) {
    if (word.startsWith('+') || (lisp && has(parsed, '-e'))) continue;
    readPath(word, frame, machine);
    writePath(word, frame, machine);
  }
  return UNKNOWN;
}

/** Languages that vi's commands may be in. */
const embedded: Readonly<Record<string, Language>> = { lua: 'lua', py: 'python', ruby: 'ruby', perl: 'perl' };

/** `writes`: the file that is open then is written somewhere in all of the commands. */
function editorCommands(text: string, lisp: boolean, writes: boolean, { name, frame, machine }: Call): void {
  const scope = (): Frame => fork(frame, { via: [...frame.via, name] });
  const inHome = (path: string): string => path.replace(/^~(?=\/|$)/, machine.context.home);
  if (lisp) {
    scanCode(text, 'other', 'line', scope(), machine);
    reaches(text, 'other', scope(), machine);
    for (const [, command = ''] of text.matchAll(/\((?:async-)?shell-command[\w-]*\s+"([^"]+)"/g))
      machine.run(command, scope());
    return;
  }
  for (const part of text.split(/\n|\|/)) {
    const line = part
      .trim()
      .replace(/\s+/g, ' ')
      .replace(/^:?\s*(?:sil(?:ent)?!?|exe(?:cute)?|no(?:autocmd|a))\s+["']?/, '');
    const run =
      /^\s*:?\s*(?:\d*,?\d*[rw]?\s*|%)?!+\s*(.+)/.exec(line) ??
      /^:?\s*(?:te(?:rminal)?!?|set? (?:makeprg|grepprg|shell|equalprg|formatprg|keywordprg)=)\s*(.+)/.exec(line) ??
      /(?:system|systemlist|call-process|termopen|jobstart|job_start|term_start)\s*\(?\s*["'](.+?)["']/.exec(line);
    if (run !== null) machine.run((run[1] ?? '').replace(/["']$/, '').replace(/\\ /g, ' '), scope());
    const write =
      /^\s*:?\s*(?:\d*,?\d*|%)?(?:w(?:rite)?|wq|x|sav(?:eas)?|up(?:date)?|mks(?:ession)?|mkv(?:ie)?|redir?)!?\s+>*\s*(?!!)(\S+)/.exec(
        line,
      );
    if (write !== null) writePath(write[1] ?? '', frame, machine);
    const read = /^\s*:?\s*(?:\d*|%)?(?:e(?:dit)?|r(?:ead)?|sp(?:lit)?|vs(?:plit)?|tabe(?:dit)?)!?\s+(?!!)(\S+)/.exec(
      line,
    );
    if (read !== null)
      (writes && !/^\s*:?\s*(?:\d*|%)?r/.test(line) ? writePath : readPath)(inHome(read[1] ?? ''), frame, machine);
    const [, word = '', code = ''] = /^:?\s*(lua|py(?:thon)?3?|py3|ruby|perl)\s+(.+)/.exec(line) ?? [];
    const language = embedded[word.replace(/^py.*/, 'py')];
    if (language !== undefined) scanCode(code, language, 'line', scope(), machine);
    for (const [, verb = '', path = ''] of line.matchAll(
      /\b(writefile|delete|rename|readfile)\s*\([^)]*?["']([~/.][^"']*)["']/g,
    ))
      (verb === 'readfile' ? readPath : writePath)(path, frame, machine);
  }
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
    'vi vim nvim view rvim rview gvim ex ed red emacs emacsclient nano pico micro joe kak hx vimdiff'
      .split(' ')
      .map((name) => [name, editor]),
  ),
};
