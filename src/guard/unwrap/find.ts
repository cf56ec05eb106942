import { FILES, SAFE, UNKNOWN, hasUnknown } from '../marks.ts';
import { mayBe } from '../wildcards.ts';
import type { Call, Handler } from '../machine.ts';
import { has, setOf, takeApart, valuesOf } from '../options.ts';
import { deletePath, listPath, readPath, removePath, resolve, writePath } from '../paths.ts';
import { below } from '../places.ts';
import { isEnvFile, isSecret } from '../secrets.ts';
import { globOf } from '../effects/readers.ts';
import { fork } from '../shell/frame.ts';

const actions = new Set(['-exec', '-execdir', '-ok', '-okdir']);
const writers = new Set(['-fprint', '-fprint0', '-fprintf', '-fls']);
const nameTests = new Set(['-name', '-iname', '-path', '-ipath', '-wholename', '-iwholename', '-regex', '-iregex']);
/** What lies in a `.git`, by the names that a search for something else may hit. */
const inGit =
  'config HEAD index description packed-refs ORIG_HEAD FETCH_HEAD COMMIT_EDITMSG exclude hooks info logs objects refs heads tags branches pre-commit.sample pack-1.pack pack-1.idx pack-1.rev'.split(
    ' ',
  );

/** Which names a search keeps: patterns with marks, and whether files in `.git` may be among them. */
interface Search {
  names: string[];
  reachesGit: boolean;
}

/** Reads the tests of `find`, as far as they are about names. */
function searchOf(tests: readonly string[]): Search {
  const kept: string[] = [];
  let current: string[] = [];
  const seen = { filter: false, withoutGit: false };
  let negated = false;
  const flush = (): void => {
    seen.filter ||= current.length > 0;
    kept.push(...current);
    current = [];
  };
  for (let i = 0; i < tests.length; i += 1) {
    const test = tests[i] ?? '';
    if (nameTests.has(test)) {
      const pattern = tests[i + 1] ?? '';
      if (negated) seen.withoutGit ||= /\.git\b/.test(pattern) || pattern.startsWith('.*') || pattern === './.*';
      else current.push(test.endsWith('regex') ? pattern.replaceAll('.*', '*').replaceAll('\\', '') : pattern);
      i += 1;
    } else if (test === '-prune') {
      seen.withoutGit ||= current.some((pattern) => /\.git\b|\*\/\.\*|^\.\*$|^\.\?\*$/.test(pattern));
      // `-name x -prune -o …`: what is left out, not what is looked for.
      if (/^-or?$/.test(tests[i + 1] ?? '')) current = [];
    } else if (test === '-o' || test === '-or' || test === ',') flush();
    else if (actions.has(test)) i = endOf(tests, i + 1);
    // What one action takes says nothing of the next one's names; the strictest reading is the widest.
    negated = test === '!' || test === '-not' || (negated && test === '(');
  }
  flush();
  const depth = Number(tests[tests.indexOf('-maxdepth') + 1]);
  const shallow = tests.includes('-maxdepth') && depth <= 1 && tests[tests.indexOf('-type') + 1] === 'f';
  const names = kept.map((pattern) => globOf(pattern));
  const mayHit = !seen.filter || names.some((name) => inGit.some((file) => mayBe(lastOf(name), file)));
  return { names, reachesGit: mayHit && !seen.withoutGit && !shallow };
}

const lastOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function find(call: Call): string {
  const { args, frame, machine } = call;
  const start = args.findIndex((arg) => /^(?:-[^HLPOD]|[!(),])/.test(arg) || arg.startsWith('-newer'));
  const roots = (start < 0 ? args : args.slice(0, start)).filter((arg) => !/^-[HLPOD]/.test(arg));
  const tests = start < 0 ? [] : args.slice(start);
  const places = roots.length === 0 ? ['.'] : roots;
  const search = searchOf(tests);
  const near = tests.includes('-maxdepth') && /^[01]$/.test(tests[tests.indexOf('-maxdepth') + 1] ?? '');
  for (const root of places) listPath(root, frame, machine, !near);
  for (let i = 0; i < tests.length; i += 1) {
    const test = tests[i] ?? '';
    if (test === '-delete') {
      // Of folders it takes the empty ones only.
      const remove = tests[tests.indexOf('-type') + 1] === 'd' ? removePath : deletePath;
      for (const root of places) {
        if (search.names.length === 0) deletePath(root, frame, machine, search.reachesGit);
        for (const found of foundUnder(root, search, call, true)) remove(found, frame, machine, true);
      }
    } else if (writers.has(test)) writePath(tests[i + 1] ?? '', frame, machine);
    else if (test === '-files0-from') readPath(tests[i + 1] ?? '', frame, machine);
    else if (actions.has(test)) {
      const end = endOf(tests, i + 1);
      const words = tests.slice(i + 1, end);
      for (const root of places) {
        for (const found of foundUnder(root, search, call, true)) {
          const filled = words.map((word) => word.replaceAll('{}', () => found));
          machine.start(filled, fork(frame, { via: [...frame.via, 'find -exec'] }));
        }
      }
      i = end;
    }
  }
  return printed(places, search, call);
}

/**
 * What `{}` may stand for: a file of any name, and the names that are looked for where they are special. `named`: with
 * the end of the names, where one is looked for.
 */
function foundUnder(root: string, search: Search, { frame, machine }: Call, named = false): string[] {
  const folder = root.replace(/\/$/, '');
  const { workspace, home, policy } = machine.context;
  const holdsGit = resolve(root, frame).some((path) => below(workspace, path) !== undefined);
  const names = search.names.map(lastOf);
  const special = names.filter(
    (name) =>
      isSecret(name, home) ||
      isEnvFile(name) ||
      /^\.(?:git|claude|dayshift)$/.test(name) ||
      ['.git', '.claude', '.dayshift'].some((guarded) => mayBe(name, guarded)) ||
      policy.protect.some((pattern) => lastOf(name).endsWith(pattern.replace(/^.*\*/, ''))),
  );
  const plain = names.filter((name) => !special.includes(name));
  // `*.env`: find's `*` takes the dot at the beginning too.
  if (plain.some((name) => name.includes('env') && mayBe(name, '.env'))) special.push('.env');
  return [
    ...(named ? plain.map((name) => `${folder}/${SAFE}${name}`) : plain.length > 0 ? [`${folder}/${SAFE}`] : []),
    ...(names.length === 0 ? [`${folder}/${SAFE}`] : []),
    ...(search.reachesGit && holdsGit ? [`${folder}/${FILES}`] : []),
    ...special.map((name) => `${folder}/${name}`),
  ];
}

/** The names that are printed: the most delicate of them. */
function printed(places: readonly string[], search: Search, call: Call): string {
  const root = places.find((place) => /^[/~]|\.\./.test(place)) ?? places[0] ?? '.';
  if (hasUnknown(root)) return UNKNOWN;
  const found = foundUnder(root, search, call).at(-1) ?? SAFE;
  return found.startsWith('./') ? found.slice(2) : found;
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
    listPath(folder, frame, machine, true);
  const hidden = has(own, '-H', '--hidden', '-u', '--unrestricted');
  const name = !hidden ? SAFE : own.words[0]?.includes('env') === true ? '.env' : FILES;
  if (at >= 0) {
    const words = args.slice(at + 1).filter((word) => word !== ';');
    const filled = words.map((word) => word.replace(/\{[/.]*\}/g, () => name));
    const bare = filled.every((word, index) => word === words[index]);
    machine.start(bare ? [...filled, name] : filled, fork(frame, { via: [...frame.via, 'fd -x'] }));
    return UNKNOWN;
  }
  return name;
}

export const finders: Record<string, Handler> = { find, gfind: find, fd, fdfind: fd };
