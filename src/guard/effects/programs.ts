import { UNKNOWN, isKnown } from '../marks.ts';
import type { Call } from '../machine.ts';
import { readPath, resolve } from '../paths.ts';
import { fork } from '../shell/frame.ts';

const outputOption =
  /^(?:-o|--out|--output|--output-file|--outfile|--outFile|--out-dir|--outDir|--outdir|--output-dir|--output-path|--dest|--destination|--log-file|--target-dir)$/;
/** Words that are plainly paths of this machine, not routes of a web server or patterns. */
export const plainPath =
  /^(?:~|\.\.(?:\/|$)|\/(?:home|root|Users|mnt|media|srv|var|etc|proc|sys|dev|boot|run|opt|Volumes)(?:\/|$))/;
/** Options whose value is words for people or a pattern. */
const textOption =
  /^(?:-t|-m|-k|-g|--message|--title|--body|--description|--grep|--name|--testNamePattern|--test-name-pattern|--filter|--comment|--text|--reason|--label|--pattern)$/;
/** Programs that run their words, or the values of their options, as commands. */
const takesCommands =
  /^(?:concurrently|conc|nodemon|chokidar|onchange|tsc-watch|npm-watch|wireit|watchman|reflex|air|modd|turbo|exec-sh|sh-exec|wait-on|start-server-and-test|start-test|server-test|pm2|forever|foreman|honcho|overmind|hivemind|expect|lua|m4)$/;

/** A program of which nothing is known: it may be a wrapper, and its words may be paths. */
export function unknownProgram(call: Call): string {
  const { args, frame, machine } = call;
  machine.emit({ kind: 'process', command: call.shown });
  const scope = fork(frame, { via: [...frame.via, call.name] });
  args.forEach((arg, index) => {
    const equals = /^--?[\w-]+=/.exec(arg)?.[0];
    const value = equals === undefined ? arg : arg.slice(equals.length);
    const option = equals === undefined ? (args[index - 1] ?? '') : equals.slice(0, -1);
    if (!value.startsWith('-') && outputOption.test(option)) {
      // What a compiler writes is its own: it may be run afterwards.
      if (!frame.foreign)
        for (const path of resolve(value, frame, machine.context)) machine.emit({ kind: 'write', path, whole: false });
    } else if (plainPath.test(value)) readPath(value, frame, machine);
    if (equals !== undefined || !isKnown(arg) || textOption.test(option)) return;
    const word = /^\S+/.exec(arg.trim())?.[0] ?? '';
    const name = word.slice(word.lastIndexOf('/') + 1);
    if (arg.includes(' ')) {
      const dangerous = machine.knows(name) === 'dangerous' || takesCommands.test(call.name);
      if (dangerous && machine.knows(name) !== 'nothing') machine.run(arg, fork(scope));
    } else if (machine.knows(name) === 'dangerous' && index + 1 < args.length)
      machine.invoke(args.slice(index), fork(scope));
    else if (
      takesCommands.test(call.name) &&
      index > 0 &&
      (args[index - 1] ?? '').startsWith('-') &&
      machine.knows(name) !== 'nothing'
    ) {
      machine.invoke(args.slice(index), fork(scope));
    }
  });
  return UNKNOWN;
}
