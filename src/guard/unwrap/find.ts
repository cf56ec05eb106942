import { SAFE, UNKNOWN } from '../marks.ts';
import type { Call, Handler } from '../machine.ts';
import { setOf, takeApart, valuesOf } from '../options.ts';
import { deletePath, listPath, readPath, resolve, writePath } from '../paths.ts';
import { below } from '../places.ts';
import { fork } from '../shell/frame.ts';

const actions = new Set(['-exec', '-execdir', '-ok', '-okdir']);
const writers = new Set(['-fprint', '-fprint0', '-fprintf', '-fls']);
const filters = new Set([
  '-name',
  '-iname',
  '-path',
  '-ipath',
  '-wholename',
  '-regex',
  '-iregex',
  '-newer',
  '-mtime',
  '-size',
  '-empty',
  '-mmin',
]);

function find(call: Call): string {
  const { args, frame, machine } = call;
  const start = args.findIndex((arg) => /^(?:-[^HLPOD]|[!(),])/.test(arg) || arg.startsWith('-newer'));
  const roots = (start < 0 ? args : args.slice(0, start)).filter((arg) => !/^-[HLPOD]/.test(arg));
  const tests = start < 0 ? [] : args.slice(start);
  const places = roots.length === 0 ? ['.'] : roots;
  for (const root of places) listPath(root, frame, machine);
  const filtered = tests.some((test) => filters.has(test));
  for (let i = 0; i < tests.length; i += 1) {
    const test = tests[i] ?? '';
    if (test === '-delete') {
      for (const root of places) deletePath(filtered ? `${root}/${SAFE}` : root, frame, machine, true);
    } else if (writers.has(test)) writePath(tests[i + 1] ?? '', frame, machine);
    else if (test === '-files0-from') readPath(tests[i + 1] ?? '', frame, machine);
    else if (actions.has(test)) {
      const end = endOf(tests, i + 1);
      for (const root of places) {
        const words = tests.slice(i + 1, end);
        for (const found of namesUnder(root, filtered, call)) {
          const filled = words.map((word) => word.replaceAll('{}', () => found));
          machine.start(filled, fork(frame, { via: [...frame.via, 'find -exec'] }));
        }
      }
      i = end;
    }
  }
  return places.every((root) => !root.startsWith('/') && !root.startsWith('~') && !root.includes('..'))
    ? SAFE
    : `${places[0] ?? ''}/${SAFE}`;
}

/** What `{}` may stand for: where nothing filters the names, the files in `.git` too. */
function namesUnder(root: string, filtered: boolean, { frame, machine }: Call): string[] {
  const folder = root.replace(/\/$/, '');
  const holdsGit = resolve(root, frame).some((path) => below(machine.context.workspace, path) !== undefined);
  return holdsGit && !filtered ? [`${folder}/${SAFE}`, `${folder}/.git/${SAFE}`] : [`${folder}/${SAFE}`];
}

function endOf(tests: readonly string[], from: number): number {
  for (let i = from; i < tests.length; i += 1) {
    if (tests[i] === ';' || (tests[i] === '+' && tests[i - 1] === '{}')) return i;
  }
  return tests.length;
}

function fd(call: Call): string {
  const { args, frame, machine } = call;
  const at = args.findIndex((arg) => /^(?:-x|-X|--exec|--exec-batch)$/.test(arg));
  const own = takeApart(
    at < 0 ? args : args.slice(0, at),
    setOf(
      '-e -t -d -E -g -c -j -S -C --extension --type --max-depth --min-depth --exclude --color --base-directory --search-path --changed-within',
    ),
  );
  for (const folder of [...own.words.slice(1), ...valuesOf(own, '-C', '--base-directory', '--search-path')])
    listPath(folder, frame, machine);
  if (at >= 0) {
    const words = args.slice(at + 1).filter((word) => word !== ';');
    const filled = words.map((word) => word.replace(/\{[/.]*\}/g, () => SAFE));
    const bare = filled.every((word, index) => word === words[index]);
    machine.start(bare ? [...filled, SAFE] : filled, fork(frame, { via: [...frame.via, 'fd -x'] }));
    return UNKNOWN;
  }
  return SAFE;
}

export const finders: Record<string, Handler> = { find, gfind: find, fd, fdfind: fd };
