import { tooLong, type Call } from '../machine.ts';
import { UNKNOWN, isNames } from '../marks.ts';
import { setOf, takeApart, valuesOf } from '../options.ts';
import { readPath, resolve, writePath } from '../paths.ts';
import { fork } from '../shell/frame.ts';
import { runFile, runText } from './files.ts';
import { loadedBy } from './loads.ts';

/** awk: its program starts commands, reads and writes files; gawk loads code and goes to the network too. */
export function awk(call: Call): string {
  const { frame, machine } = call;
  const parsed = takeApart(
    call.args,
    setOf('-F -v -f -e -E -i -l --file --source --field-separator --assign --include --exec --load'),
    true,
  );
  for (const arg of call.args) {
    if (arg === '--') break;
    // Gawk writes the program, its profile or its variables.
    const file = /^(?:-[opd]|--(?:pretty-print|profile|dump-variables)=)(.+)$/s.exec(arg)?.[1];
    if (file !== undefined) writePath(file, frame, machine);
  }
  const scope = fork(frame, { via: [...frame.via, call.name] });
  const files = valuesOf(parsed, '-f', '--file', '-E', '--exec', '-i', '--include');
  const programs = valuesOf(parsed, '-e', '--source');
  for (const file of files) {
    if (file === '-') runText(frame.stdin, [], scope, machine, 'awk', 'standard input');
    else for (const path of resolve(file, frame, machine.context)) runFile(path, [], scope, machine, 'awk');
  }
  const [first = '', ...rest] = parsed.words;
  const named = files.length > 0 || programs.length > 0;
  if (!named) programs.push(first);
  const variables = new Map(
    valuesOf(parsed, '-v', '--assign').map((text) => [text.split('=')[0] ?? '', text.slice(text.indexOf('=') + 1)]),
  );
  const { home } = machine.context;
  for (const program of programs)
    awkProgram(
      program.replace(/\bENVIRON\["HOME"\]\s{0,9}"/g, () => `"${home}`),
      variables,
      call,
    );
  const inPlaceEdit = valuesOf(parsed, '-i', '--include').includes('inplace');
  for (const word of named ? parsed.words : rest) {
    if (/^[A-Za-z_]\w*=/.test(word)) continue;
    (inPlaceEdit ? writePath : readPath)(word, frame, machine);
  }
  // One column of a list of names is a list of names.
  const column = /^\{\s*print \$(?:\d+|NF)\s*;?\s*\}$/.test(first);
  // `ps aux | awk '/claude/{print $2}' | xargs kill`: whose numbers these are is kept.
  if (frame.stdin === UNKNOWN && rest.length === 0 && /(?<!!\s*)\/[^/]*(?:claude|dayshift|bwrap)/i.test(first))
    return `${UNKNOWN}claude`;
  return column && (isNames(frame.stdin) || /^\u0000claude$/.test(frame.stdin)) ? frame.stdin : UNKNOWN;
}

function awkProgram(program: string, variables: ReadonlyMap<string, string>, call: Call): void {
  if (tooLong(program, call)) return;
  const { frame, machine } = call;
  const scope = fork(frame, { via: [...frame.via, call.name] });
  loadedBy(program, 'awk', scope, machine);
  if (/@load\s+"[^"]*\//.test(program))
    machine.emit({ kind: 'unknown', what: 'awk loads code that cannot be read', runs: false });
  if (/\/inet\d?\//.test(program)) machine.emit({ kind: 'network', host: UNKNOWN, command: call.shown, sends: true });
  const runs =
    /\bsystem\s*\(|\|\s*&?\s*(?:getline|")|"\s*\|&?\s*getline|\|\s*&?\s*[a-z_]\w*|[a-z_]\w*\s*\|\s*getline/.test(
      program.replace(/\|\|/g, ''),
    );
  if (runs) {
    const literals = [...program.matchAll(/"((?:\\.|[^"\\])*)"/gs)].map((match) => match[1] ?? '');
    let understood = false;
    for (const text of [...literals, literals.join(''), ...variables.values()]) {
      const word = /^[\w./-]+/.exec(text.trim())?.[0] ?? '';
      if (machine.knows(word.slice(word.lastIndexOf('/') + 1)) === 'nothing') continue;
      understood = true;
      // What awk prints into it is not known.
      machine.run(text, fork(scope, { stdin: UNKNOWN }));
    }
    if (!understood) machine.emit({ kind: 'unknown', what: 'awk runs a command that is not known', runs: false });
  }
  for (const match of program.matchAll(/(?:print|printf)\b[^;}|]*>>?\s*"([^"]+)"/g))
    writePath(match[1] ?? '', frame, machine);
  for (const match of program.matchAll(/getline(?:\s+\w+)?\s*<\s*"([^"]+)"/g)) readPath(match[1] ?? '', frame, machine);
}
