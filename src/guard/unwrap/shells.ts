import { UNKNOWN } from '../marks.ts';
import type { Call, Handler } from '../machine.ts';
import { has, setOf, takeApart, valuesOf } from '../options.ts';
import { readPath, resolve } from '../paths.ts';
import { childOf, fork, type Frame } from '../shell/frame.ts';
import { forgetTraps, runTraps } from '../shell/traps.ts';
import { runFile } from './files.ts';

const values = setOf('-o +o -O +O --rcfile --init-file');

/** `bash -c TEXT`, `bash FILE`, `… | bash`, in every shell. */
export const shells: Record<string, Handler> = Object.fromEntries(
  'bash sh dash zsh ksh mksh ash rbash fish csh tcsh yash posh nu xonsh elvish'.split(' ').map((name) => [name, shell]),
);

/** What a shell reads first where this very input wrote it and says that its home is there: `HOME=. sh -lc x`, `ZDOTDIR=. zsh`. */
function startFiles({ name, frame, machine }: Call, scope: Frame): void {
  const folders = [...new Set([frame.vars.get('HOME'), name === 'zsh' ? frame.vars.get('ZDOTDIR') : undefined])].filter(
    (folder) => typeof folder === 'string' && folder !== machine.context.home,
  );
  for (const folder of folders)
    for (const file of name === 'zsh' ? ['.zshenv', '.zprofile', '.zshrc'] : ['.profile', '.bash_profile', '.bashrc'])
      for (const path of resolve(`${String(folder)}/${file}`, frame, machine.context))
        if (machine.file(path).changed) runFile(path, [], fork(scope), machine, 'shell');
}

function shell(call: Call): string {
  const { args, frame, machine } = call;
  // `+x` switches off what `-x` switches on.
  const parsed = takeApart(
    args.map((arg) => (/^\+[a-zA-Z]+$/.test(arg) && !/^\+[oO]$/.test(arg) ? '-x' : arg)),
    values,
    true,
  );
  machine.spend(frame.vars.size >> 4);
  const scope = childOf(frame, { via: [...frame.via, call.name], exits: undefined });
  // fish and nu take commands that run before the shell's own.
  if (/^(?:fish|nu)$/.test(call.name)) {
    const first = takeApart(args, setOf('-C --init-command -e --execute'), false);
    for (const text of valuesOf(first, '-C', '--init-command', '-e', '--execute')) machine.run(text, fork(scope));
  }
  for (const file of valuesOf(parsed, '--rcfile', '--init-file')) machine.invoke(['source', file], fork(scope));
  if (has(parsed, '--version', '--help')) return '';
  startFiles(call, scope);
  const [first, ...rest] = parsed.words;
  const parses = onlyParses(call, has(parsed, '-n'));
  if (has(parsed, '-c')) {
    // The first word after the text is `$0`.
    scope.positional = rest.slice(1);
    if (parses && /^(?:bash|zsh)$/.test(call.name)) return '';
    if (rest[0] !== undefined) scope.vars.set('0', rest[0]);
    forgetTraps(scope, machine);
    const output = machine.run(first ?? '', scope);
    runTraps(scope, machine);
    return output;
  }
  if (has(parsed, '-s') || first === undefined || first === '-') {
    scope.positional = has(parsed, '-s') ? [...parsed.words] : rest;
    const text = frame.stdin;
    if (parses) return '';
    scope.stdin = UNKNOWN;
    return text.trim() === '' ? '' : machine.run(text, scope);
  }
  readPath(first, frame, machine);
  if (parses) return UNKNOWN;
  for (const path of resolve(first, frame, machine.context)) runFile(path, rest, scope, machine, 'shell');
  return UNKNOWN;
}

/** `-n` reads a script and runs nothing; an interactive shell does not heed it, `+n` takes it back, and to Nu it means something else. */
const onlyParses = ({ name, args }: Call, told: boolean): boolean =>
  told &&
  /^(?:bash|sh|dash|zsh|ksh|mksh|ash|rbash|fish|yash|csh|tcsh)$/.test(name) &&
  !args.some((arg) => /^(?:\+\w*|-[a-zA-Z]*i[a-zA-Z]*|--interactive)$/.test(arg));
