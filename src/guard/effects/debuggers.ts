import type { Call, Handler } from '../machine.ts';
import { UNKNOWN } from '../marks.ts';
import { setOf, takeApart, valuesOf } from '../options.ts';
import { readPath, resolve } from '../paths.ts';
import { fork } from '../shell/frame.ts';
import { scanCode } from '../unwrap/code.ts';

/** A debugger's commands in a file: what its shell is told, and Python up to `end`. */
function debuggerFile(path: string, { frame, machine }: Call): void {
  let python: string[] | undefined;
  for (const line of (machine.file(path).text ?? '').split('\n')) {
    const text = line.trim();
    if (python !== undefined) {
      if (text !== 'end') python.push(line);
      else {
        scanCode(python.join('\n'), 'python', 'file', fork(frame), machine);
        python = undefined;
      }
      continue;
    }
    if (/^(?:python|py)$/.test(text)) python = [];
    const [, verb, run = ''] = /^(shell\b|!|python\b|py\b)(.+)/.exec(text) ?? [];
    if (verb?.startsWith('p') === true) scanCode(run, 'python', 'file', fork(frame), machine);
    else if (verb !== undefined) machine.run(run, fork(frame));
  }
}

/** A debugger; `attached` is for one on another process, whose memory it reads and writes. */
export const debuggers =
  (attached: Handler): Handler =>
  (call) => {
    const parsed = takeApart(call.args, setOf('-p --pid -ex -x --command --eval-command -o -s'), true);
    for (const text of valuesOf(parsed, '-ex', '--eval-command', '-o')) {
      const run = /^\s*(?:shell|!|platform shell|python)\s*(.+)/.exec(text)?.[1];
      if (run !== undefined) call.machine.run(run, fork(call.frame));
    }
    for (const file of valuesOf(parsed, '-x', '--command')) {
      readPath(file, call.frame, call.machine);
      for (const path of resolve(file, call.frame, call.machine.context)) debuggerFile(path, call);
    }
    if (valuesOf(parsed, '-p', '--pid').length > 0) return attached(call);
    const words = parsed.words[0] === '--args' ? parsed.words.slice(1) : parsed.words;
    if (words.length > 0) call.machine.invoke(words, fork(call.frame, { via: [...call.frame.via, call.name] }));
    return UNKNOWN;
  };
