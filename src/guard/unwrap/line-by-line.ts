import type { Call, Machine } from '../machine.ts';
import { valuesOf, type Options } from '../options.ts';
import { readPath, writePath } from '../paths.ts';
import { fork, type Frame } from '../shell/frame.ts';
import { scanCode } from './code.ts';
import { literalsIn } from './literals.ts';

/** The files of a one-liner: `perl -pi -e … FILE`, `ruby -i …` change them, `perl -ne …` reads them; what Perl starts by their names. */
export function lineByLine(call: Call, parsed: Options, codes: readonly string[]): void {
  if (!/^(?:perl|ruby)$/.test(call.name)) return;
  const changes = call.args.some((arg) => /^-[pnlaw0]*i/.test(arg));
  for (const word of parsed.words) (changes ? writePath : readPath)(word, call.frame, call.machine);
  if (call.name === 'ruby') return;
  const scope = fork(call.frame, { via: [...call.frame.via, call.name] });
  const code = codes.join('\n');
  for (const word of [...parsed.words, ...(code.includes('ARGV') ? literalsIn(code) : [])])
    runPipe(word, scope, call.machine);
  // Where lines are split is an expression, which may hold code.
  for (const pattern of valuesOf(parsed, '-F'))
    if (/[`{]/.test(pattern)) scanCode(pattern, 'perl', 'line', scope, call.machine);
}

/** Perl's `<>`, `-n` and `-p` start what is named like a pipe: `git push|`. */
function runPipe(word: string, frame: Frame, machine: Machine): void {
  const command = /^\s*\|([^|].*)$|^(.*[^|])\|\s*$/s.exec(word);
  if (command !== null) machine.run(command[1] ?? command[2] ?? '', fork(frame));
}
